/** The typed address, as stored with appointments. */
export type Contact = { email: string } | { phone: string };
