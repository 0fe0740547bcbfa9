import type { Periods, Shorter } from '../../../domain/office/retention.ts';
import type { OfficeState } from '../../../domain/office/state.ts';
import type { Difference } from '../../../formats/town-file/changes/differences.ts';
import type { Finding } from '../../../formats/town-file/reading/check.ts';
import type { Replaced } from '../../../formats/town-file/versions/difference.ts';
import type { Leaves } from '../../../formats/town-file/versions/leaves.ts';
import type { OlderText, VersionChange } from '../../../formats/town-file/versions/older.ts';
import type { Writing } from '../../../formats/town-file/writing/written.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { DeletionPreview } from './views.ts';

/** An office's declaration: its part of the town file. */
export interface Declaration {
  /** The office as written, without defaults. */
  office: Writing;
  /** The same with defaults. */
  full: Writing;
  state: OfficeState;
  /** Messages, such as missing texts; paths begin in the office. */
  findings: Finding[];
  /** Desks that are assigned to staff. */
  held: ReadonlySet<string>;
  /** Translations whose original was changed after them. */
  older: OlderText[];
  /** What is not published yet; null: nothing. */
  draft: Draft | null;
}

/** A replacement that is not published yet. */
export interface DraftChange extends Replaced {
  /** Id of the member of staff who wrote it. */
  by: number;
  at: Temporal.Instant;
}

/** The draft of an office: it has one, which all of its administrators share. */
export interface Draft {
  changes: DraftChange[];
  /** A fingerprint of the changes and of the published declaration. */
  mark: string;
  /** The declaration with these changes; null: it would have mistakes, since something else was published meanwhile. */
  drafted: Pick<Declaration, 'office' | 'full' | 'state' | 'findings'> | null;
}

/** One version of an office's declaration. */
export interface Version extends VersionChange {
  at: Temporal.Instant;
  /** See `actorOf`. */
  actor: string;
  /** The version whose declaration was restored; null: none, or only parts of one. */
  backTo: number | null;
}

/** The versions of an office's declaration. */
export interface History {
  /** From the oldest to the newest. */
  versions: Version[];
  /** The present declaration. */
  leaves: Leaves;
}

/** What of a version is taken back: the values that it replaced at these paths, or everything since it. */
export type Reverting =
  | { version: number; paths: readonly string[] }
  | { version: number; paths: 'all_since' };

/** One change of a declaration. */
export interface Edit {
  /** The declaration that the form showed. */
  part: (office: Writing) => unknown;
  /** The `fingerprint` of the part as it was shown; null: any. */
  was: string | null;
  /** The new declaration. */
  change: (office: Writing, state: OfficeState) => Writing;
  /** The `fingerprint` of the periods that may become shorter, from an administrator who has seen the effect. */
  agreed?: string;
  /** Paths of translations that were found right for the present original. */
  stillRight?: readonly string[];
}

export type Edited =
  /** `confirmed`: how many translations were found still right. */
  | { ok: true; differences: Difference[]; confirmed?: number }
  | { ok: false; reason: 'not_found' }
  /** Another person has changed the part since. */
  | { ok: false; reason: 'changed' }
  /** Paths begin in the office. */
  | { ok: false; reason: 'mistakes'; findings: Finding[] }
  /** More data would be destroyed at once than was confirmed. */
  | { ok: false; reason: 'shorter'; shorter: Shorter[] }
  | { ok: false; reason: 'appointments_without_desk'; stranded: Stranded[] };

/** An office's declaration, read and changed by its administrator. Other viewers get the result of a missing one. */
export interface Administration {
  read(viewer: StaffViewer): Promise<Declaration | null>;
  /**
   * Changes the declaration with the same checks, plan and store as a town file; bookings wait
   * meanwhile. The audit trail records the actor, the values before and after, and the appointments that a refusal showed.
   */
  edit(viewer: StaffViewer, edit: Edit): Promise<Edited>;
  /** Returns the versions of the declaration; null for viewers who aren't its administrator. */
  history(viewer: StaffViewer): Promise<History | null>;
  /**
   * Takes back a part of a version, or everything since it, as a new version: with the same checks as any change. `was`: the number
   * of the newest version when it was shown.
   */
  revert(viewer: StaffViewer, what: Reverting & { was: number; agreed?: string }): Promise<Edited>;
  /**
   * Puts a change into the office's draft instead of publishing it. Its mistakes are refused; what it means for appointments and data
   * counts when the draft is published.
   */
  saveDraft(viewer: StaffViewer, edit: Edit): Promise<Edited>;
  /** Publishes the draft as a new version, with the same checks as any change. `was`: its mark as it was shown. */
  publishDraft(viewer: StaffViewer, what: { was: string; agreed?: string }): Promise<Edited>;
  /** Drops changes from the draft, by their paths, or all of it. */
  dropDraft(
    viewer: StaffViewer,
    what: { was: string; paths: readonly string[] | 'all' },
  ): Promise<Edited>;
  /** Returns how much data these periods would destroy; null for viewers who aren't its administrator. */
  previewDeletion(viewer: StaffViewer, settings: Periods): Promise<DeletionPreview | null>;
}

/** The console's decisions, which no file changes. */
export interface ConsoleDecisions {
  /** E-mail addresses of people whom an operator retired. */
  retired: ReadonlySet<string>;
  /** `anna@vilaclara.example in oac`: people whose roles in an office are managed by its administrator. */
  posts: ReadonlySet<string>;
  /** `taula-3 in oac`: desks whose shifts and absences were changed in the console. */
  rotas: ReadonlySet<string>;
}

/** A change by applying a file. */
export interface Change {
  about: 'town' | 'office' | 'staff' | 'form';
  /** The office's code; null for the town and its people. */
  office: string | null;
  /** A sentence for the operator. */
  words: string;
}

/** A future appointment, with the data for checking whether its desk can still serve it. */
export interface FutureAppointment {
  id: string;
  office: string;
  reference: string;
  desk: string;
  procedure: string;
  /** Codes of the further procedures. */
  further?: readonly string[];
  channel: string;
  language: string;
  site: string | null;
  starts: Temporal.Instant;
  ends: Temporal.Instant;
}

/** An appointment that a change would leave without a desk. */
export interface Stranded extends FutureAppointment {
  /** `2026-12-07 09:00`, in the office's zone. */
  at: string;
  /** The reason, as the end of a sentence: `taula-2 does not work then`. */
  why: string;
}

export type TownPlan = {
  changes: Change[];
  /** A fingerprint of all changes, including values that the sentences leave out. */
  mark: string;
} & ({ ok: true } | { ok: false; reason: 'appointments_without_desk'; stranded: Stranded[] });

export type TownApplied =
  | TownPlan
  /** The changes differ from the confirmed ones, since somebody has changed something. Nothing was applied. */
  | { ok: false; reason: 'changed'; changes: Change[]; mark: string };
