import type { Unit } from '../../foundation/audit/service.ts';
import type { PublishedForm } from '../../foundation/forms/types.ts';
import { handedInLast } from './amendment/corrections.ts';
import { openAmendments } from './amendment/opened.ts';
import type { CasesDeps } from './keeping.ts';
import { papersSeen } from './papers/handed-in.ts';
import { AMENDING } from './rules.ts';
import { type Opened, openSealed } from './sealing.ts';
import {
  type Amendment,
  type Case,
  type CaseEntry,
  type CaseEvent,
  type CaseRow,
  DRAFT,
  type Draft,
  type OpenedCase,
} from './types.ts';
import { readCaseEvents } from './views.ts';

/** The answers of a case without any. */
export const EMPTY: Draft = { answers: {}, hands: {} };

/** Returns a case without what is sealed of it. */
export const caseOf = ({
  sealedDraft: _,
  sealedRecord: __,
  sealedApplicant: ___,
  sealedObstacle: ____,
  ...row
}: CaseRow): Case => row;

/** Opens a case with its answers. What is being corrected is for its applicant alone, until they hand it in. */
export async function openCase(
  deps: Pick<CasesDeps, 'keyring' | 'papers'>,
  unit: Unit,
  row: CaseRow,
  form: PublishedForm,
): Promise<OpenedCase> {
  const { keyring } = deps;
  const { tx, viewer } = unit;
  const sealed = await openSealed(keyring, tx, row);
  const events = row.handedInAt ? await readCaseEvents(tx, row.id) : [];
  const amendments = row.handedInAt ? await openAmendments(keyring, tx, row) : [];
  const papers = await papersSeen(deps.papers, unit, row, { form, sealed, amendments });
  const opened = openedOf(row, sealed, { entry: entryIn(events), amendments, papers });
  const isCorrected = row.state === AMENDING && viewer.kind === 'applicant';
  return isCorrected ? { ...opened, corrections: sealed.draft ?? opened.draft } : opened;
}

/** Returns a case with what was opened of it, as the office sees it. `amendments`: the newest first. */
export function openedOf(
  row: CaseRow,
  { draft, record, obstacle }: Opened,
  rest: Pick<OpenedCase, 'entry' | 'papers'> & { amendments: readonly Amendment[] },
): OpenedCase {
  const { entry, papers, amendments } = rest;
  const last = handedInLast(amendments, record, row.recordHash)?.record;
  const handedIn = last && { answers: last.answers, hands: last.hands };
  const now = row.state === DRAFT ? draft : handedIn;
  return {
    case: caseOf(row),
    draft: now ?? EMPTY,
    corrections: null,
    record,
    entry,
    papers,
    obstacle,
  };
}

/** Returns the entry of a case in the registry, as its events have it. */
export function entryIn(events: readonly CaseEvent[]): CaseEntry | null {
  const data = events.find(({ kind }) => kind === 'handed_in')?.data;
  if (!data) return null;
  return {
    number: String(data.number),
    countsFrom: Temporal.PlainDate.from(String(data.from)),
  };
}
