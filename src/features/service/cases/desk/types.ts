import type { Office } from '../../../../domain/office/types.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import type { IdentificationOf } from '../../../foundation/identification/types.ts';
import type { Report } from '../reports/types.ts';
import type { Amendment, Applicant, Case, CaseEvent, CaseRow, OpenedCase, Seen } from '../types.ts';

/**
 * The parts of the inbox. `open`: all that are not closed; `take`: nobody handles them; `mine`: the viewer does; `waiting`: for whoever handed
 * them in; `soon`: due within some working days; `overdue`: they should have been done; `closed`: nothing can follow.
 */
export const GROUPS = ['open', 'take', 'mine', 'waiting', 'soon', 'overdue', 'closed'] as const;
export type Group = (typeof GROUPS)[number];

/** Which cases somebody wants to see. */
export interface InboxFilter {
  group: Group;
  /** The id of a procedure. */
  procedure?: number;
  /** The member of staff who handles them; null: nobody does. */
  assignee?: number | null;
  /** The code of the team to which they came. */
  team?: string;
  /** The local day on which they were handed in. */
  day?: Temporal.PlainDate;
  /** A reference, whole. */
  reference?: string;
}

/** A case in the inbox. */
export interface InboxRow
  extends Pick<
    Case,
    | 'id'
    | 'reference'
    | 'procedure'
    | 'form'
    | 'state'
    | 'stateDue'
    | 'decideBy'
    | 'assignee'
    | 'team'
    | 'closedAt'
  > {
  handedInAt: Temporal.Instant;
  /** The first of its terms; null: it has none. */
  due: Temporal.PlainDate | null;
  /** What whoever handed it in is called; empty: nobody asked. */
  name: string;
  /** Whether the check has refused a file of it since its last step. */
  hasRefusedPaper: boolean;
  /** Whether its person wrote something that whoever handles it has not seen. */
  hasMessage: boolean;
}

/** An open case by its number, without whose it is. */
export interface NumberedCase extends Pick<Case, 'id' | 'reference' | 'procedure'> {
  /** Of its entry in the registry, as people read it. */
  number: string;
}

/** A page of the inbox. */
export interface InboxPage {
  rows: readonly InboxRow[];
  /** How many cases each part has, with the other filters. */
  counts: Readonly<Record<Group, number>>;
  /** What the next page begins after; null: this is the last one. */
  next: string | null;
}

/** A step that an official can take. `amend`, `decide` and `end` have a page of their own, since they can't be undone. */
export interface DeskStep {
  to: string;
  how: 'step' | 'amend' | 'decide' | 'end';
}

/** A note of an official for others. */
export interface CaseNote {
  id: string;
  at: Temporal.Instant;
  /** See `actorOf`. */
  by: string;
  text: string;
}

/** The words of a decision. */
export interface DecisionText {
  text: string;
  /** Why (Ley 39/2015, art. 35); empty: none are needed. */
  reasons: string;
  /** Which appeal there is, before whom and within which time (art. 88.3). */
  appeal: string;
}

/** A decision: what is being written, or what was issued. */
export interface Decision {
  id: string;
  /** The state to which it takes the case. */
  outcome: string;
  content: DecisionText;
  writtenAt: Temporal.Instant;
  writtenBy: string;
  /** Null: it was not issued. */
  issued: { at: Temporal.Instant; by: string; code: string; sha256: string } | null;
}

/** The last step, which its official can still take back. */
export interface UndoableStep {
  from: string;
  to: string;
  at: Temporal.Instant;
}

/** What keeps somebody from writing a decision. `untaken`: they haven't taken the case. `silence`: it is to refuse what silence has granted. */
export type WriteObstacle = 'untaken' | 'silence';
/** What keeps somebody from issuing a decision. `role`: their role can't. `own`: they wrote it. `silence`: see above. */
export type IssueObstacle = 'role' | 'own' | 'silence';

/** A case with all that an official works with. */
export interface CaseWork {
  opened: OpenedCase;
  form: PublishedForm;
  applicant: Applicant | null;
  events: readonly CaseEvent[];
  notes: readonly CaseNote[];
  amendments: readonly Amendment[];
  /** The reports that were asked for, the newest first. */
  reports: readonly Report[];
  /** Whether the viewer may ask for reports now. */
  mayAskReports: boolean;
  decision: Decision | null;
  /** Whether silence has granted it: its term has passed. */
  isGranted: boolean;
  /** Ids of those who can issue the decision that is written; nobody where none is. */
  deciders: readonly number[];
  steps: readonly DeskStep[];
  undo: UndoableStep | null;
  /** The most working days by which the open request to amend can be extended; 0: it can't. */
  mostMore: number;
  seen: Seen;
}

/** The decision of a case as a file. */
export interface DecisionFile {
  /** The reference of its case. */
  reference: string;
  language: Language;
  code: string;
  bytes: Buffer;
}

/** How decisions are notified: docs/adr/0098. */
export interface Notifying {
  /**
   * Makes the notification of a decision in the unit of work that issues it. Returns the last local day to open it; null: it counts by no day,
   * since it goes by paper, or none yet, since it is handed over to e-NOTUM. `row`: the case as it was before. `hash`, `bytes`: of the document, and
   * how many it has. `known`: who handed the case in, as their provider says; null: nobody was identified.
   */
  decided(
    unit: Unit,
    office: Office,
    of: {
      row: CaseRow;
      hash: string;
      bytes: number;
      applicant: Applicant | null;
      known: IdentificationOf | null;
    },
  ): Promise<{ until: Temporal.PlainDate | null }>;
  /** Returns whether whoever may open a case may read its decision there: not before their notification was opened. */
  isOpen(unit: Unit, id: string): Promise<boolean>;
}

type Refused<R extends string> = { ok: false; reason: R };
export type DeskResult =
  | { ok: true }
  | Refused<'not_found' | 'not_allowed' | 'changed' | 'invalid'>;
