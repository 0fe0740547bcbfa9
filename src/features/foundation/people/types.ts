import type { StaffRole } from '../../../lib/viewer.ts';

/** What somebody does in an office: their role, and the desk they attend from, if any. */
export interface Post {
  role: StaffRole;
  /** Id of the desk. */
  desk: number | null;
}

/**
 * `ready`: they can sign in; `invited`: their link is open; `expired`: it isn't any more; `waiting`: nobody has invited them
 * yet; `retired`: they work here no longer.
 */
export type PersonState = 'ready' | 'invited' | 'expired' | 'waiting' | 'retired';

/** Whether the last mail about working here went out; `pending`: it is still owed. */
export type MailState = 'pending' | 'sent' | 'failed' | 'bounced';

interface Listed {
  staff: number;
  email: string;
  name: string;
  state: PersonState;
  /** Until when their link opens, for who is invited. */
  invitedUntil: Temporal.Instant | null;
  signedInAt: Temporal.Instant | null;
  /** Null: they were written to long ago, or never. */
  mail: MailState | null;
}

/** Somebody who works in an office, as its administrator sees them: nothing of elsewhere. */
export interface PersonHere extends Listed {
  post: Post;
}

/** Somebody who works anywhere, as an operator sees them. */
export interface PersonAnywhere extends Listed {
  operator: boolean;
  /** In the town's order: codes of the offices. */
  posts: { office: string; role: StaffRole; desk: number | null }[];
}

/** An invitation as it was typed. */
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
  /** They work in this office already. */
  | { ok: false; reason: 'already'; staff: number }
  | { ok: false; reason: 'not_found' };

/** What became of a change to somebody's post. */
export type Posted =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'last_administrator' | 'not_known' }
  /** Somebody else has changed it since it was shown. */
  | { ok: false; reason: 'changed' };

/** What became of ending somebody's sessions. */
export type SessionsEnded =
  | { ok: true /** How many there were. */; count: number }
  /** `stale`: whoever asks has shown no second factor lately. */
  | { ok: false; reason: 'not_found' | 'stale' };

/** What became of a change to somebody's e-mail address. */
export type EmailChanged =
  | { ok: true }
  | { ok: false; reason: 'not_found' }
  /** `taken`: somebody else has it, or had it; `not_yours`: an operator decides, since they can sign in, work elsewhere too, or stand in its register. */
  | { ok: false; reason: 'invalid'; mistake: EmailMistake | 'taken' | 'not_yours' };
