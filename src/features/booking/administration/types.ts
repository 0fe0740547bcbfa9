import type { Periods, Shorter } from '../../../domain/office/retention.ts';
import type { OfficeState } from '../../../domain/office/state.ts';
import type { Difference } from '../../../formats/town-file/changes/differences.ts';
import type { Finding } from '../../../formats/town-file/reading/check.ts';
import type { Writing } from '../../../formats/town-file/writing/written.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { DeletionPreview } from './views.ts';

/** What an office declares, as its part of the town file has it. */
export interface Declaration {
  /** The office as it is written, without defaults. */
  office: Writing;
  /** The same with defaults. */
  full: Writing;
  state: OfficeState;
  /** What there is to say about it, such as texts that are missing; paths begin in the office. */
  findings: Finding[];
  /** Desks that somebody who works here has. */
  held: ReadonlySet<string>;
}

/** One change of a declaration. */
export interface Edit {
  /** What the form showed. */
  part: (office: Writing) => unknown;
  /** The `fingerprint` of the part as it was shown; null: whatever it is by now. */
  was: string | null;
  /** The declaration as it should be. */
  change: (office: Writing, state: OfficeState) => Writing;
  /** The `fingerprint` of the periods that may become shorter, from who has been shown what that destroys. */
  agreed?: string;
}

export type Edited =
  | { ok: true; differences: Difference[] }
  | { ok: false; reason: 'not_found' }
  /** Somebody else has changed the part since. */
  | { ok: false; reason: 'changed' }
  /** Paths begin in the office. */
  | { ok: false; reason: 'mistakes'; findings: Finding[] }
  /** More would be destroyed at once, and nobody has agreed to that. */
  | { ok: false; reason: 'shorter'; shorter: Shorter[] }
  | { ok: false; reason: 'appointments_without_desk'; stranded: Stranded[] };

/** An office's declaration, read and changed by its administrator. For anybody else it isn't there. */
export interface Administration {
  read(viewer: StaffViewer): Promise<Declaration | null>;
  /**
   * Changes the declaration as a town file would: the same checks, the same plan, the same store, and nobody can book
   * meanwhile. Who changed what, before and after, is on the audit trail, and so is whose appointments a refusal showed.
   */
  edit(viewer: StaffViewer, edit: Edit): Promise<Edited>;
  /** How much the office would keep no longer with these periods; null for who isn't its administrator. */
  previewDeletion(viewer: StaffViewer, settings: Periods): Promise<DeletionPreview | null>;
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
  site: string | null;
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
