import type { GivenLevel, Level } from '../../../domain/identity.ts';
import type {
  NotificationReason,
  NotificationState,
  NotificationVia,
  NotificationWay,
  StoppedState,
  WhyHere,
} from '../../../domain/notification.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { FailureReason } from '../../foundation/registry/types.ts';
import type { Applicant, CaseEvent } from '../cases/types.ts';

/** The notification of the decision of a case. */
export interface Notification {
  id: string;
  office: number;
  /** The id of its case. */
  case: string;
  way: NotificationWay;
  /** Where it goes electronically. */
  via: NotificationVia;
  /** Why it is in the folder although the town notifies at e-NOTUM; null: the town does not, or it goes by paper. */
  here: WhyHere | null;
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
  /** When e-NOTUM made it available; null: not yet, or it goes another way. */
  depositedAt: Temporal.Instant | null;
  /** What ended it at e-NOTUM before it counted; null: nothing, or it was notified again since. */
  stopped: { state: StoppedState; at: Temporal.Instant } | null;
  /** When e-NOTUM had made it available before that: what the office has met stays met. */
  metAt: Temporal.Instant | null;
  /** When it counts as rejected; null: never, since it goes by paper, or e-NOTUM tells it. */
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
  state: NotificationState;
  via: NotificationVia;
  /** See `Notification`. */
  depositedAt: Temporal.Instant | null;
  /** See `Notification`. */
  stopped: Notification['stopped'];
  /** The page of e-NOTUM; null: the town notifies in the folder. */
  page: string | null;
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

/** `settled`: it was opened or rejected before, or its days have passed. `elsewhere`: it is opened at e-NOTUM. */
export type SettleResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'settled' | 'elsewhere' | OpenObstacle };

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
  /** How it stands with e-NOTUM; null: it was never owed to it. */
  handover: Handover | null;
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
  /** Whether e-NOTUM refused it last. */
  isRefused: boolean;
}

/** Evidence of a notification as a file. */
export interface EvidenceFile {
  /** The reference of its case. */
  reference: string;
  bytes: Buffer;
}

/** The evidence of e-NOTUM of a notification: a file for each time that it was handed over, the oldest first. */
export interface TheirEvidence {
  /** The reference of its case. */
  reference: string;
  files: readonly Buffer[];
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
  /** Its number at e-NOTUM, and who opened or rejected it there; null: it did not go there. */
  there: Pick<Handover, 'number' | 'signer'> | null;
  /** Who opened or rejected it, as their provider says; null: nobody did, or they did so at e-NOTUM. */
  by: {
    name: string;
    masked: string;
    provider: string;
    level: GivenLevel;
    at: Temporal.Instant;
    /** For whom they did it; null: for themselves. */
    represents: { name: string; identifier: string } | null;
  } | null;
}

/**
 * The port of a system to which a notification is handed over, such as e-NOTUM: docs/adr/0105. Its adapter is in `src/connectors/notification`.
 * It throws nothing that the other side can cause: every failure is a value. The folder of Finestreta needs none.
 */
export interface NotificationPort {
  /** Returns the number of what was handed over with this id; null: nothing was. */
  find(id: string): Promise<PortAnswer<string | null>>;
  /**
   * Hands a notification over. Returns the number that the system gave it. It may be handed over although no answer comes: see `find`. `goAhead` is
   * asked when the message is signed and nothing is sent yet; null: it said no, and nothing was.
   */
  hand(
    notification: ToHandOver,
    goAhead: () => Promise<boolean>,
  ): Promise<PortAnswer<string> | null>;
  /** Returns what has become of notifications that were handed over, in a span. Others of the same department are told, too. */
  news(since: Temporal.Instant, until: Temporal.Instant): Promise<PortAnswer<HandedNews[]>>;
  /** Returns the evidence of a notification, as the system gives it. */
  evidence(number: string): Promise<PortAnswer<Buffer>>;
}

export type PortAnswer<T> = { ok: true; value: T } | ({ ok: false } & PortFailure);

/** Why there is no answer that counts. */
export interface PortFailure {
  reason: FailureReason;
  /** For logs: small letters and digits, without personal data. */
  code: string;
  /** The words of the other side for whoever mends it; they may name a person. Null: there are none. */
  words: string | null;
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

/** A fact that another system tells of a notification. */
export interface HandedNews {
  number: string;
  state: 'available' | 'accepted' | 'rejected' | 'expired' | StoppedState;
  at: Temporal.Instant;
  /** Who it was, as the system says; null: nobody. */
  by: HandedSigner | null;
}

/** Who opened or rejected a notification, as the other system says. */
export interface HandedSigner {
  identifier: string;
  name: string;
}

/** How a notification stands with the other system. */
export interface Handover {
  owedAt: Temporal.Instant;
  attempts: number;
  /** When it is tried again; null: nothing is left to do. */
  nextTryAt: Temporal.Instant | null;
  /** Why the last try had no end; null: there was none, or it had one. */
  failing: FailureReason | null;
  /** The words of the other side for it. */
  words: string | null;
  /** Its number there; null: not yet. */
  number: string | null;
  handedAt: Temporal.Instant | null;
  /** Who opened or rejected it there; null: nobody did, or nobody told who. */
  signer: HandedSigner | null;
  hasEvidence: boolean;
  /** Whether an official may notify it in the folder after all. */
  canTakeBack: boolean;
  /** Whether an official may hand it over once more. */
  canHandAgain: boolean;
}

/** `not_allowed`: nothing stopped it there, or it is being handed over now. */
export type TakeBackResult = { ok: true } | { ok: false; reason: 'not_found' | 'not_allowed' };
