import type {
  Appointment,
  AppointmentEvent,
  Channel,
  Need,
  Status,
} from '../appointments/types.ts';
import type { NoticeChannel, NoticeKind, Obstacle } from '../notices/types.ts';

export const ATTEMPT_OUTCOMES = [
  'answered',
  'no_answer',
  'busy',
  'voicemail',
  'wrong_number',
  'rejected',
] as const;
/** How a call ended. */
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** One try to reach the citizen by telephone. */
export interface Attempt {
  number: number;
  outcome: AttemptOutcome;
  at: Temporal.Instant;
  note: string;
}

/** How often and when somebody who doesn't answer is called again; the body's settings. */
export interface AttemptPolicy {
  max: number;
  windowMinutes: number;
  spacingMinutes: number;
}

export const IDENTITY_CHECKS = ['none', 'shown', 'electronic', 'questions'] as const;
/** How the citizen's identity was checked. */
export type IdentityCheck = (typeof IDENTITY_CHECKS)[number];

export const ITEM_KINDS = ['procedure', 'query'] as const;

/** A procedure carried out or a query answered. */
export interface AttentionItem {
  kind: (typeof ITEM_KINDS)[number];
  /** Code of the procedure that was carried out or asked about. */
  procedure: string | null;
  /** A code of the body's frequent queries. */
  query: string | null;
  /** In words, when neither says it. */
  label: string;
  /** A code of the body's outcomes. */
  outcome: string;
}

/** What the agent writes down while they attend. */
export interface AttentionDraft {
  items: AttentionItem[];
  identity: IdentityCheck | null;
  identityNote: string;
  notes: string;
  /** A code of the body's wrap-up codes. */
  wrapUp: string | null;
}

export interface Attention extends AttentionDraft {
  startedAt: Temporal.Instant;
  endedAt: Temporal.Instant | null;
  /** Raised by every save. */
  version: number;
}

/** Where an appointment stands in the day, as the agent needs to see it. */
export type Situation =
  | 'upcoming'
  | 'due'
  | 'late'
  | 'retry'
  | 'waiting'
  | 'in_progress'
  | 'fulfilled'
  | 'noshow'
  | 'cancelled';

/** An appointment in the list of a day. */
export interface DayEntry {
  id: string;
  reference: string;
  start: Temporal.Instant;
  end: Temporal.Instant;
  status: Status;
  channel: Channel;
  /** Id of the desk. */
  agent: number;
  name: string;
  /** Code. */
  procedure: string;
  needs: Need[];
  /** Calls that were not answered. */
  failedAttempts: number;
  lastAttemptAt: Temporal.Instant | null;
  /** When to call: the start, or the next attempt's time. */
  dueAt: Temporal.Instant;
  /** A notice to this citizen could not be delivered. */
  undelivered: boolean;
}

/**
 * `scheduled`: its time hasn't come. `bounced`: a server took it and it came back. `dropped`: what it told no longer held;
 * with an obstacle, it is named.
 */
export type NoticeState =
  | 'scheduled'
  | 'waiting'
  | 'retrying'
  | 'sent'
  | 'bounced'
  | 'failed'
  | 'dropped'
  | Obstacle;

export interface NoticeSeen {
  kind: NoticeKind;
  channel: NoticeChannel;
  recipient: string;
  state: NoticeState;
  /** When it reached that state; when it is due, while it waits. */
  at: Temporal.Instant;
}

/** Everything about one appointment that who attends it may see. */
export interface Dossier {
  appointment: Appointment;
  attempts: Attempt[];
  attention: Attention | null;
  events: (AppointmentEvent & {
    /** Of the staff member, when it was one. */ who: string | null;
  })[];
  notices: NoticeSeen[];
}

export type LogResult =
  | { ok: true; next: 'attend' }
  | { ok: true; next: 'retry'; at: Temporal.Instant }
  | { ok: true; next: 'noshow' }
  /** `stale`: somebody logged a call that the agent had not seen. */
  | { ok: false; reason: 'not_found' | 'not_open' | 'stale' };

export type DraftField =
  | `item-${number}-${'label' | 'outcome'}`
  | 'item'
  | 'identity'
  | 'identityNote'
  | 'notes'
  | 'wrapUp';
export type DraftMistake = 'missing' | 'too_long' | 'not_known';
export type DraftMistakes = Partial<Record<DraftField, DraftMistake>>;

export type SaveResult =
  | { ok: true; version: number }
  | { ok: false; reason: 'not_found' | 'not_open' }
  /** Somebody saved meanwhile: what stands now. */
  | { ok: false; reason: 'stale'; current: Attention }
  | { ok: false; reason: 'invalid'; mistakes: DraftMistakes };

export type ActResult = { ok: true } | { ok: false; reason: 'not_found' | 'not_open' };
