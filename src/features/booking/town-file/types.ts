import type {
  TownAbsence,
  TownClosure,
  TownDesk,
  TownProcedure,
  TownShift,
} from '../../../domain/office/schema.ts';
import type { OfficeSettings, Town } from '../../../domain/office/types.ts';

export type { Declaration, Edited } from './administration.ts';
export type { Finding, TownCheck } from './check.ts';
export type { Picture } from './logo.ts';
export type { Remark } from './source.ts';
export type { DeletionPreview } from './views.ts';
export type { Writing } from './written.ts';

/** What a town file declares, as the database keeps it or as a file wants it. Retired things are marked, not gone. */
export interface TownState {
  town: Town | null;
  offices: ReadonlyMap<string, OfficeState>;
  /** By e-mail address. */
  staff: ReadonlyMap<string, PersonState>;
}

/** What the console has decided, which no file undoes. */
export interface ConsoleDecisions {
  /** E-mail addresses of those whom an operator retired. */
  retired: ReadonlySet<string>;
  /** `anna@vilaclara.example in oac`: whose roles in an office are that office's administrator's business. */
  posts: ReadonlySet<string>;
  /** `taula-3 in oac`: desks whose shifts and absences were changed there. */
  rotas: ReadonlySet<string>;
}

export interface OfficeState {
  position: number;
  retired: boolean;
  settings: OfficeSettings;
  procedures: ReadonlyMap<string, { position: number; retired: boolean; settings: TownProcedure }>;
  desks: ReadonlyMap<string, TownDesk & { retired: boolean }>;
  shifts: readonly TownShift[];
  absences: readonly TownAbsence[];
  closures: readonly TownClosure[];
  /** Of desks that are retired: theirs again when they come back. No file says it. */
  retiredRotas: { shifts: readonly TownShift[]; absences: readonly TownAbsence[] };
}

export interface PersonState {
  name: string;
  operator: boolean;
  retired: boolean;
  roles: readonly { office: string; role: string; desk: string | null }[];
}

/** One thing that applying a file changes. */
export interface Change {
  about: 'town' | 'office' | 'staff';
  /** The office's code; null for the town and its people. */
  office: string | null;
  /** A sentence for the operator. */
  words: string;
}

/** A future appointment, as far as it matters whether its agent can still attend it. */
export interface FutureAppointment {
  id: string;
  office: string;
  reference: string;
  desk: string;
  procedure: string;
  channel: string;
  language: string;
  starts: Temporal.Instant;
  ends: Temporal.Instant;
}

/** An appointment that a change would leave without an agent. */
export interface Stranded extends FutureAppointment {
  /** `2026-12-07 09:00`, in the office's zone. */
  at: string;
  /** Why, as the end of a sentence: `taula-2 does not work then`. */
  why: string;
}

export type TownPlan = {
  changes: Change[];
  /** All that the changes are, values too, in few characters: words leave much out. */
  mark: string;
} & ({ ok: true } | { ok: false; reason: 'appointments_without_desk'; stranded: Stranded[] });

export type TownApplied =
  | TownPlan
  /** The changes aren't those that were agreed to: somebody has changed something since. Nothing was done. */
  | { ok: false; reason: 'changed'; changes: Change[]; mark: string };
