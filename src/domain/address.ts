/** The two addresses of a citizen that notices and one-time codes go to. */
export const ADDRESS_KINDS = ['email', 'phone'] as const;
export type AddressKind = (typeof ADDRESS_KINDS)[number];
