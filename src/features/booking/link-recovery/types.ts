/** Where somebody says that we write to them: as it stands at their appointments. */
export type Contact = { email: string } | { phone: string };
