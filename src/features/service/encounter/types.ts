import type { Appointment, AppointmentEvent, Status } from '../../../domain/appointment.ts';
import type { Channel, EncounterChannel } from '../../../domain/channel.ts';
import type { EncounterLanguage, Texts } from '../../../lib/i18n/languages.ts';
import type { NoticeChannel, NoticeKind, Obstacle } from '../../foundation/notices/types.ts';
import type { DeviceTest } from '../device/types.ts';
import type { Trace } from '../traces/types.ts';

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
  /** Who noted it; see `actorOf`. */
  actor: string;
  note: string;
  /** How long it rang, where it was called from the console; null: by another telephone, or it isn't over. */
  rangSeconds: number | null;
}

/** A call to note. */
export interface NewAttempt {
  number: number;
  outcome: AttemptOutcome;
  note: string;
  /** The agent was asked, and notes it all the same: before its time, or beside another encounter. */
  anyway?: boolean | undefined;
}

/** How often and when somebody who doesn't answer is called again; the office's settings. */
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
export interface EncounterItem {
  kind: (typeof ITEM_KINDS)[number];
  /** Code of the procedure that was carried out or asked about. */
  procedure: string | null;
  /** A code of the office's frequent queries. */
  query: string | null;
  /** In words, when neither says it. */
  label: string;
  /** A code of the office's outcomes. */
  outcome: string;
}

/** A procedure or query, as the citizen may read it afterwards: what was noted in free words is the office's own. */
export type DoneItem = Pick<EncounterItem, 'kind' | 'procedure' | 'query' | 'outcome'>;

/** A procedure or query that is noted down often: one press adds it. */
export type FrequentItem = Pick<EncounterItem, 'kind' | 'procedure' | 'query'>;

/** What the agent writes down while they attend. */
export interface EncounterDraft {
  items: EncounterItem[];
  identity: IdentityCheck | null;
  identityNote: string;
  notes: string;
  /** A code of the office's wrap-up codes. */
  wrapUp: string | null;
  /** What is ticked of the check-lists: `CheckPoint.point`. */
  points: string[];
}

/** The parts of a draft that two people may both have changed. Ticks are not among them: the ticks of both are kept. */
export const DRAFT_PARTS = ['items', 'identity', 'identityNote', 'notes', 'wrapUp'] as const;
export type DraftPart = (typeof DRAFT_PARTS)[number];

/** Something to look at before a procedure is done with. */
export interface CheckPoint {
  /** Procedure, kind and code: `volant-padro/step/adreca`. */
  point: string;
  kind: 'document' | 'step';
  name: Texts;
  note: Texts | undefined;
  isOptional: boolean;
  /** A document that only somebody who acts for another person needs. */
  isOnlyOnBehalf: boolean;
}

/** A point that somebody ticked. */
export interface Tick {
  point: string;
  at: Temporal.Instant;
  /** See `actorOf`. */
  actor: string;
  /** Of the staff member. */
  who: string | null;
}

/** Names an encounter: by its id, or by the appointment that it belongs to. */
export type EncounterRef = { encounter: string } | { appointment: string };

/** What happens when an agent deals with a person, with or without an appointment. */
export interface Encounter extends EncounterDraft {
  id: string;
  office: number;
  /** Id; null: the person had none. */
  appointment: string | null;
  /** Id of the desk that serves; null: somebody without a desk. */
  desk: number | null;
  startedAt: Temporal.Instant;
  endedAt: Temporal.Instant | null;
  /** The retention period has ended: what was written was destroyed. */
  isForgotten: boolean;
  /** Raised by every save. */
  version: number;
  /** Who saved it last; see `actorOf`. */
  actor: string;
  ticks: Tick[];
}

/** An encounter that begins. */
export interface NewEncounter extends Pick<Encounter, 'id' | 'office' | 'appointment' | 'desk'> {
  channel: EncounterChannel;
  language: EncounterLanguage;
  /** What the person is called, where no appointment says it. */
  name: string | null;
}

export type BeginResult = { ok: true; id: string } | { ok: false; reason: 'not_allowed' };

/** An appointment that the same person may have had, or has, with this office. */
export interface EarlierAppointment {
  id: string;
  reference: string;
  start: Temporal.Instant;
  status: Status;
  channel: Channel;
  /** Code. */
  procedure: string;
  /** Codes of the further procedures. */
  further?: readonly string[];
  name: string;
  /** Why it is here: the same address. None: one of the two follows the other. */
  sameEmail: boolean;
  samePhone: boolean;
  link: 'follows_this' | 'followed_by_this' | null;
  /** Who attended; the desk's name is known by `desk`. */
  who: string | null;
  actor: string | null;
  desk: number;
  items: Pick<EncounterItem, 'kind' | 'procedure' | 'query' | 'outcome'>[];
  wrapUp: string | null;
  /** Documents and consents, for viewers who may see the documents of this appointment. */
  traces: Trace[];
}

/** A moment of a citizen's time line. */
export type Moment = { at: Temporal.Instant; of: EarlierAppointment } & (
  | { kind: 'appointment' }
  | { kind: 'trace'; trace: Trace }
);

/** Where an appointment stands in the day, as the agent needs to see it. */
export type Situation =
  | 'upcoming'
  | 'due'
  | 'late'
  | 'retry'
  /** The telephone is another person's: the citizen was asked for theirs. */
  | 'number'
  /** The last call failed too: it ends as missed at `endsAt`, unless that is taken back or the citizen rings back. */
  | 'unreached'
  | 'waiting'
  | 'in_progress'
  | 'fulfilled'
  | 'noshow'
  | 'cancelled';

export type { DayEntry, DayPlace, DayTurn } from './dossier/day.ts';

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
  /** The telephone on file is another person's, as a call has shown. */
  lacksNumber: boolean;
  /** When it ends as missed, since the last call failed too; null: calls are left. */
  endsAt: Temporal.Instant | null;
  /** The last step, while it can be taken back. */
  undo: Undo | null;
  encounter: Encounter | null;
  events: (AppointmentEvent & {
    /** Of the staff member, when it was one. */ who: string | null;
  })[];
  notices: NoticeSeen[];
  /** What the citizen's last test of their device found; null: there was none. */
  deviceTest: DeviceTest | null;
  /** With this office, newest first. */
  earlier: EarlierAppointment[];
}

export const UNDO_STEPS = ['attempt', 'begin', 'given_up', 'cancelled'] as const;
/**
 * A step of the staff that can be taken back: the last call, the beginning of the encounter, that nobody was reached, or the
 * cancellation.
 */
export type UndoStep = (typeof UNDO_STEPS)[number];

export interface Undo {
  step: UndoStep;
  until: Temporal.Instant;
}

/** What follows a call: the encounter; another call; a new number, before which nobody is called; or the end as missed. */
export type AfterAttempt =
  | { next: 'attend' | 'number' }
  | { next: 'retry' | 'ending'; at: Temporal.Instant };

/** Another encounter of the same desk is under way. */
export interface Underway {
  /** Of the appointment. */
  id: string;
  name: string;
}

/** What the agent is asked before a step that is probably a mistake. */
export type Doubt =
  /** The next call is promised for later. */
  { reason: 'early'; at: Temporal.Instant } | { reason: 'busy'; other: Underway };

export type LogResult =
  | ({ ok: true } & AfterAttempt)
  /** `stale`: somebody logged a call that the agent had not seen. */
  | { ok: false; reason: 'not_found' | 'not_open' | 'stale' }
  | ({ ok: false } & Doubt);

export type DraftField =
  | `item-${number}-${'label' | 'outcome'}`
  | 'item'
  | 'identity'
  | 'identityNote'
  | 'notes'
  | 'wrapUp';
export type DraftMistake = 'missing' | 'too_long' | 'not_known';
export type DraftMistakes = Partial<Record<DraftField, DraftMistake>>;

export interface SaveHow {
  /** What stood in the form when the writing began: what somebody else wrote since is then merged, where it can be. */
  base?: EncounterDraft | undefined;
  /** The page saves by itself, without a press. Such saves are told and recorded at intervals. */
  isAutomatic?: boolean;
  /** Closes although a required step isn't ticked. */
  anyway?: boolean;
}

/** Somebody saved meanwhile. */
export interface Conflict {
  current: Encounter;
  /** Who it was, when it was a member of staff. */
  who: string | null;
  /** The parts that both changed; may be empty when closing, since an agent must see the changes before. */
  collisions: DraftPart[];
  /** The agent's own draft with the parts that only the other person changed. */
  merged: EncounterDraft;
}

export type SaveResult =
  /** `merged`: what somebody else wrote is in it, too. */
  | { ok: true; version: number; draft: EncounterDraft; merged: boolean }
  | { ok: false; reason: 'not_found' | 'not_open' }
  | ({ ok: false; reason: 'stale' } & Conflict)
  | { ok: false; reason: 'invalid'; mistakes: DraftMistakes }
  /** Steps that are required and aren't ticked. */
  | { ok: false; reason: 'unticked'; points: CheckPoint[] };

export type ActResult = { ok: true } | { ok: false; reason: 'not_found' | 'not_open' };
/** `slot_taken`: the time of a cancelled appointment is somebody else's. */
export type UndoResult = ActResult | { ok: false; reason: 'slot_taken' };

export type StartResult = ActResult | ({ ok: false } & Extract<Doubt, { reason: 'busy' }>);

/** What of the form the island puts anew: HTML, and the fields' values. */
export interface Shown {
  version: number;
  /** What stands there in that version, as the form carries it. */
  base: string;
  fields: Record<'identity' | 'identityNote' | 'notes' | 'wrapUp', string>;
  items: string;
  checks: string;
}

/** What became of a save, as the `encounter` island is told. */
export type Kept =
  | {
      state: 'saved';
      version: number;
      base: string;
      /** Local time. */
      at: string;
      /** Where rows changed, or somebody else's writing was merged. */
      shown: Shown | null;
      /** To be read out; may be empty. */
      said: string;
    }
  /** `panel`: HTML. */
  | ({ state: 'conflict'; panel: string } & Shown)
  | { state: 'invalid'; text: string }
  /** It is attended no more. */
  | { state: 'over' };

/** What the picker may add. */
export interface Picked {
  /** As the button that adds it says it, after `pick-`. */
  value: string;
  name: string;
  /** What kind of thing it is, in a word. */
  kind: string;
}

export interface Pickings {
  picks: Picked[];
  /** They have only some of the words that were typed: one's own words come first. */
  isPartial: boolean;
}
