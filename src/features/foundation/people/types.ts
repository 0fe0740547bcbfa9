import type { StaffRole } from '../../../lib/viewer.ts';

/** A person's work in an office: their role, and their desk, if any. */
export interface Post {
  role: StaffRole;
  /** Id of the desk. */
  desk: number | null;
}

/**
 * `ready`: the person can sign in; `invited`: their link is valid; `expired`: it isn't any more; `waiting`: they have no invitation
 * yet; `retired`: they no longer work here.
 */
export type PersonState = 'ready' | 'invited' | 'expired' | 'waiting' | 'retired';

/** State of the last mail about their work; `pending`: it is not sent yet. */
export type MailState = 'pending' | 'sent' | 'failed' | 'bounced';

interface Listed {
  staff: number;
  email: string;
  name: string;
  state: PersonState;
  /** When the link of an invited person ends. */
  invitedUntil: Temporal.Instant | null;
  signedInAt: Temporal.Instant | null;
  /** Null: the last mail was long ago, or there was none. */
  mail: MailState | null;
}

/** A person who works in an office, as its administrator sees them, without other offices. */
export interface PersonHere extends Listed {
  post: Post;
}

/** A person who works anywhere, as an operator sees them. */
export interface PersonAnywhere extends Listed {
  operator: boolean;
  /** Codes of the offices, in the town's order. */
  posts: { office: string; role: StaffRole; desk: number | null }[];
}

/** A typed invitation. */
export interface InvitationDraft {
  email: string;
  name: string;
  role: string;
  /** Id of the desk; '' for none. */
  desk: string;
}

export type EmailMistake = 'missing' | 'not_email' | 'too_long';

export type InvitationMistakes = Partial<{
  email: EmailMistake;
  name: 'missing' | 'too_long' | 'has_link';
  role: 'missing';
  desk: 'not_known';
}>;

export type Invited =
  | { ok: true; staff: number }
  | { ok: false; reason: 'invalid'; mistakes: InvitationMistakes }
  /** The person works in this office already. */
  | { ok: false; reason: 'already'; staff: number }
  | { ok: false; reason: 'not_found' };

/** The result of a change to a post. */
export type Posted =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'last_administrator' | 'not_known' }
  /** Another person has changed it since it was shown. */
  | { ok: false; reason: 'changed' };

/** The result of ending a person's sessions. */
export type SessionsEnded =
  | { ok: true /** How many there were. */; count: number }
  /** `stale`: the viewer's second factor is too old. */
  | { ok: false; reason: 'not_found' | 'stale' };

/** The result of a change to an e-mail address. */
export type EmailChanged =
  | { ok: true }
  | { ok: false; reason: 'not_found' }
  /**
   * `taken`: another person has or had it; `not_yours`: only an operator may, since the person can sign in, works elsewhere too, or is in
   * its register.
   */
  | { ok: false; reason: 'invalid'; mistake: EmailMistake | 'taken' | 'not_yours' };
