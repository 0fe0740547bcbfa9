export const ROLES = ['sign_language', 'interpreter', 'relative', 'guardian', 'other'] as const;
/** As what somebody comes along. */
export type CompanionRole = (typeof ROLES)[number];

/** Somebody who joins a video appointment by a link of their own. */
export interface Companion {
  id: string;
  office: number;
  appointment: string;
  name: string;
  role: CompanionRole;
  /** As in events. */
  madeBy: string;
  /** Since when they may be in the call: whoever attends let them in. Null: not yet. */
  admittedAt: Temporal.Instant | null;
}

/** What is said of somebody who is invited. */
export interface Invitation {
  name: string;
  role: CompanionRole;
}

export type InvitationMistakes = Partial<
  Record<keyof Invitation, 'missing' | 'too_long' | 'not_known' | 'has_link'>
>;
