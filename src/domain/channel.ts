/** How a citizen is served when an appointment is booked for it. */
export const CHANNELS = ['phone', 'video'] as const;
export type Channel = (typeof CHANNELS)[number];
