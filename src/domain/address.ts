/** The two addresses of a citizen that notices and one-time codes go to. */
export const ADDRESS_KINDS = ['email', 'phone'] as const;
export type AddressKind = (typeof ADDRESS_KINDS)[number];

/** The ways by which notices reach a citizen. */
export const NOTICE_WAYS = ['email', 'sms'] as const;
export type NoticeWay = (typeof NOTICE_WAYS)[number];
