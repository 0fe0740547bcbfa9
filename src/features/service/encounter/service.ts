import type { Channel } from '../../../domain/channel.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { StaffNames } from '../../../domain/staff.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import type { EncounterLanguage } from '../../../lib/i18n/languages.ts';
import type { CitizenViewer, StaffViewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { createBeginning } from './beginning.ts';
import { createCalling } from './calling.ts';
import type { StaffUnit } from './locking.ts';
import { createLooking } from './looking.ts';
import { createSaving } from './saving.ts';
import type {
  ActResult,
  BeginResult,
  DayEntry,
  DayTurn,
  DoneItem,
  Dossier,
  EncounterDraft,
  EncounterRef,
  FrequentItem,
  LogResult,
  NewAttempt,
  SaveHow,
  SaveResult,
  StartResult,
  UndoResult,
  UndoStep,
} from './types.ts';
import { createUndoing } from './undoing.ts';

/** Writes a draft over a version of an encounter. */
export type WriteEncounter = (
  viewer: StaffViewer,
  office: Office,
  of: EncounterRef,
  version: number,
  draft: EncounterDraft,
  how?: SaveHow,
) => Promise<SaveResult>;

/** The agent's work: who is next, calling them, and what was done. Everything it shows or changes is in the audit trail. */
export interface EncounterService {
  /** The appointments of a local day, of one desk or of the whole office. Agents see only their own desk. */
  day(
    viewer: StaffViewer,
    office: Office,
    day: Temporal.PlainDate,
    desk: number | null,
  ): Promise<DayEntry[]>;
  /** The same in a unit of work. */
  dayIn(
    unit: StaffUnit,
    office: Office,
    day: Temporal.PlainDate,
    desk: number | null,
  ): Promise<DayEntry[]>;
  /**
   * Whose turn is next today at the viewer's desk; null: nobody's, or they have no desk. It names nobody, so it is no look that the
   * audit trail has: that is the page to which it leads.
   */
  next(viewer: StaffViewer, office: Office): Promise<DayTurn | null>;
  /** Everything about one appointment, or null when it is not theirs to see. */
  open(viewer: StaffViewer, office: Office, id: string): Promise<Dossier | null>;
  /** The same in a unit of work, and without the names of who did what: see `withNames`. */
  openIn(unit: StaffUnit, office: Office, id: string): Promise<Dossier | null>;
  /** What was done in an appointment's encounter, for its citizen, once it has ended. Empty for everybody else. */
  done(viewer: CitizenViewer, office: number, appointment: string): Promise<DoneItem[]>;
  /** What is noted down most in the office lately, the most frequent first. No personal data. */
  frequent(viewer: StaffViewer, office: Office): Promise<FrequentItem[]>;
  /**
   * How the `number`-th call ended. An answer opens the encounter; after the last failure the appointment ends as missed by
   * itself, once the promised window is over.
   */
  logAttempt(
    viewer: StaffViewer,
    office: Office,
    id: string,
    attempt: NewAttempt,
  ): Promise<LogResult>;
  /** Takes back the last step, if it is this one, while that is possible. */
  undo(viewer: StaffViewer, office: Office, id: string, step: UndoStep): Promise<UndoResult>;
  /** Ends as a no-show what can't be called, since the number is another person's. */
  giveUp(viewer: StaffViewer, office: Office, id: string): Promise<ActResult>;
  /** The `number`-th call, logged as answered, was answered by a machine. Only before anything is written. */
  wasVoicemail(viewer: StaffViewer, office: Office, id: string, number: number): Promise<LogResult>;
  /**
   * Attends without a logged call: by video, or because the citizen rang back. `anyway`: beside another encounter of this desk
   * that has not ended.
   */
  start(
    viewer: StaffViewer,
    office: Office,
    id: string,
    how?: { anyway?: boolean },
  ): Promise<StartResult>;
  /**
   * Begins an encounter with a person who has no appointment. `name`: what they are called; null: they didn't say.
   */
  begin(
    viewer: StaffViewer,
    office: Office,
    person: { channel: Channel; language: EncounterLanguage; name: string | null },
  ): Promise<BeginResult>;
  /** Keeps what was written from `version` on. Somebody else's saves since then are merged or told, never overwritten. */
  save: WriteEncounter;
  /** Saves and ends it; a citizen who had an appointment is then asked how it went. */
  close: WriteEncounter;
  /**
   * Corrects the record of an encounter that has ended, for as long as it is kept: the desk that attended, or whoever coordinates.
   * The history has who corrected which parts.
   */
  correct: WriteEncounter;
  /** Cancels for the office; the citizen is told why. */
  cancel(viewer: StaffViewer, office: Office, id: string, reason: string): Promise<ActResult>;
}

export interface EncounterDeps {
  db: Db;
  clock: Clock;
  staff: StaffNames;
  unit: RunUnit;
}

export function createEncounter({ db, clock, staff, unit }: EncounterDeps): EncounterService {
  return {
    ...createLooking({ db, clock, staff, unit }),
    ...createCalling(unit),
    ...createBeginning(unit),
    ...createUndoing(unit),
    ...createSaving(unit, staff),
  };
}

export { attend } from './beginning.ts';
export { withNames } from './looking.ts';
export { missed } from './reaching.ts';
export { noteElectronic } from './saving.ts';
export { changeAttendant } from './store.ts';
export { createUnreached, type Unreached } from './unreached.ts';
