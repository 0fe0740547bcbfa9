/**
 * The subject that a secret opens: the appointment, the wait list entry, the companion's invitation, the document with a verification
 * code, the calendar feed of a desk, the case, what somebody else must sign of it, the decision with a verification code, the evidence of a notification with one, the
 * conversation in writing, the request, or what somebody follows.
 */
export const OPENED = [
  'appointment',
  'wait_list',
  'companion',
  'document',
  'calendar_feed',
  'case',
  'cosigner',
  'decision',
  'receipt',
  'notification',
  'chat',
  'request',
  'follower',
] as const;
export type Opened = (typeof OPENED)[number];

/** A secret that gives its holder access to a subject without another proof. The database has only the secret's hash. */
export interface Opening {
  opens: Opened;
  /** Id of the subject. */
  subject: string;
}
