import type { GivenLevel, Level } from '../../../domain/identity.ts';
import type {
  NotificationReason,
  NotificationState,
  NotificationWay,
} from '../../../domain/notification.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { Applicant, CaseEvent } from '../cases/types.ts';

/** The notification of the decision of a case. */
export interface Notification {
  id: string;
  office: number;
  /** The id of its case. */
  case: string;
  way: NotificationWay;
  reason: NotificationReason;
  /** When the person chose that way; null: see `reason`. */
  chosenAt: Temporal.Instant | null;
  /** Whose folder it is in; null: nobody's. */
  person: string | null;
  /** The NIF of the organisation for which they acted; null: for themselves. */
  organisation: string | null;
  /** The level at which it opens. */
  level: Level;
  /** When it was made available. */
  madeAt: Temporal.Instant;
  /** SHA-256 of the document, in hexadecimal. */
  hash: string;
  /** The last local day that the office had; null: it had none. */
  decideBy: Temporal.PlainDate | null;
  /** When it counts as rejected; null: never, since it goes by paper. */
  expiresAt: Temporal.Instant | null;
  state: NotificationState;
  /** The local day of the first attempt on paper; null: there was none. */
  attemptedOn: Temporal.PlainDate | null;
  /** The local day of the second attempt. */
  attemptedAgainOn: Temporal.PlainDate | null;
  /** The local day on which the paper came, was refused, or was published; null: nothing of the kind is recorded. */
  recordedOn: Temporal.PlainDate | null;
  /** The local day on which it counts as notified: the first one on which it came (Ley 39/2015, art. 41.7); null: it does not yet. */
  notifiedOn: Temporal.PlainDate | null;
  settledAt: Temporal.Instant | null;
}

/** A notification in its person's folder, with the case that it is of. */
export interface OwnNotification extends Notification {
  reference: string;
  /** The id of the case's procedure. */
  procedure: number;
  /** Of the case. */
  language: Language;
}

/** Why somebody can't open a notification. `other`: it isn't theirs. `level`: they are identified at too low a level. */
export type OpenObstacle = 'other' | 'level';

/** A notification as its person has it before them. */
export interface OpenedNotification {
  notification: OwnNotification;
  obstacle: OpenObstacle | null;
  /** What was notified; null: it waits. */
  content: NotifiedContent | null;
}

/** Notifications of a list that has a limit. */
export interface Listed<N> {
  shown: N[];
  /** How many more there are. */
  more: number;
}

/** The notification of a case, for whoever opened the case. */
export interface CaseNotification {
  id: string;
  /** Whether the case may tell what was decided. */
  isTold: boolean;
  /** Whether they have it in their folder. */
  isTheirs: boolean;
  /** The NIF of the organisation that it is for; null: for a person. */
  organisation: string | null;
}

/** What was notified, once it was opened, rejected, or its days had passed. */
export interface NotifiedContent {
  /** The state to which the decision took the case. */
  outcome: string;
  /** The verification code of the document. */
  code: string;
  /** Which appeal there is, in the words of the decision. */
  appeal: string;
  /** Of the decision. */
  language: Language;
}

/** `settled`: it was opened or rejected before, or its days have passed. */
export type SettleResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'settled' | OpenObstacle };

/** How a person wants to be notified. */
export interface NotificationChoice {
  electronic: boolean;
  at: Temporal.Instant;
}

/** `level`: they are identified at too low a level. */
export type ChooseResult = { ok: true } | { ok: false; reason: 'level' };

/** What became of a notification on paper. Attempts have the hour at the door. */
export type PaperResult =
  | { result: 'delivered' | 'refused' | 'published'; on: Temporal.PlainDate }
  | { result: 'failed'; first: Temporal.PlainDateTime; second: Temporal.PlainDateTime };

/** `early`: before it was made available, or before the second attempt in vain. `future`: it has not come yet. `late`, `near`, `half`: see `paperMistake`. */
export type PaperMistake = 'early' | 'future' | 'late' | 'near' | 'half';

/** `not_allowed`: it is recorded already, or is of the other way, or nothing of the kind can follow. */
export type RecordResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'not_allowed' | PaperMistake };

/** What became of a notification. What is absent stays as it is. */
export interface Settled {
  state?: NotificationState;
  /** The day on which it counts. */
  notifiedOn?: Temporal.PlainDate;
  /** Of whoever opened or rejected it. */
  identification?: string;
  /** The day of the first attempt on paper. */
  attemptedOn?: Temporal.PlainDate;
  /** The day of the second one. */
  attemptedAgainOn?: Temporal.PlainDate;
  /** See `Notification`. */
  recordedOn?: Temporal.PlainDate;
}

/** A notification as the office sees it. */
export interface OfficeNotification {
  notification: Notification;
  /** What became of the notices of it, the oldest first. */
  notices: readonly NotificationNotice[];
}

/** A notice that something waits: it is no part of the notification (art. 41.6). */
export interface NotificationNotice {
  channel: 'email' | 'sms';
  /** See `maskAddress`. */
  masked: string;
  sentAt: Temporal.Instant | null;
  failedAt: Temporal.Instant | null;
}

/** A notification that does not count yet, in the office's list. */
export interface ToNotify extends Notification {
  reference: string;
  procedure: number;
}

/** Evidence of a notification as a file. */
export interface EvidenceFile {
  /** The reference of its case. */
  reference: string;
  bytes: Buffer;
}

/** What evidence is made of. */
export interface EvidenceOf {
  notification: Notification;
  reference: string;
  procedure: string;
  language: Language;
  applicant: Applicant | null;
  facts: readonly CaseEvent[];
  notices: readonly NotificationNotice[];
  /** Who opened or rejected it, as their provider says; null: nobody did. */
  by: {
    name: string;
    masked: string;
    provider: string;
    level: GivenLevel;
    at: Temporal.Instant;
  } | null;
}

/**
 * The port of a system to which a notification is handed over, such as e-NOTUM: docs/adr/0098. Its adapter is in `src/connectors/notification`.
 * The folder of Finestreta needs none.
 */
export interface NotificationPort {
  /** Hands a notification over, once for each `id`. Returns the number that the system gave it. @throws when it is away: it is tried again */
  hand(notification: ToHandOver): Promise<{ number: string }>;
  /** Returns what has become of notifications that were handed over, since a moment. @throws when it is away */
  news(since: Temporal.Instant): Promise<readonly HandedNews[]>;
}

/** A notification for another system. */
export interface ToHandOver {
  id: string;
  reference: string;
  /** DNI or NIE of a person, NIF of an organisation. */
  to: {
    identifier: string;
    name: string;
    /** Of a person: their name and surnames apart; null: nobody told them so. */
    parts: { given: string; first: string; second: string } | null;
  };
  title: string;
  language: Language;
  level: Level;
  /** Days after which it counts as rejected. */
  days: number;
  notice: { email: string | null; phone: string | null };
  document: Buffer;
}

/** A fact that another system tells of a notification. `evidence`: its own sealed evidence of it. */
export interface HandedNews {
  number: string;
  state: 'available' | 'accepted' | 'rejected' | 'expired';
  at: Temporal.Instant;
  /** Who it was, as the system says; null: nobody. */
  by: { identifier: string; name: string } | null;
  evidence: Buffer | null;
}
