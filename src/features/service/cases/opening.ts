import type { Unit } from '../../foundation/audit/service.ts';
import type { Keyring } from '../documents/service.ts';
import { handedInLast } from './amendment/corrections.ts';
import { openAmendments } from './amendment/opened.ts';
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
  ...row
}: CaseRow): Case => row;

/** Opens a case with its answers. What is being corrected is for its applicant alone, until they hand it in. */
export async function openCase(
  keys: Pick<Keyring, 'make' | 'shelf'>,
  { tx, viewer }: Unit,
  row: CaseRow,
): Promise<OpenedCase> {
  const sealed = await openSealed(keys, tx, row);
  const events = row.handedInAt ? await readCaseEvents(tx, row.id) : [];
  const amendments = row.handedInAt ? await openAmendments(keys, tx, row) : [];
  const opened = openedOf(row, sealed, { entry: entryIn(events), amendments });
  const isCorrected = row.state === AMENDING && viewer.kind === 'applicant';
  return isCorrected ? { ...opened, corrections: sealed.draft ?? opened.draft } : opened;
}

/** Returns a case with what was opened of it, as the office sees it. `amendments`: the newest first. */
export function openedOf(
  row: CaseRow,
  { draft, record }: Opened,
  { entry, amendments }: { entry: CaseEntry | null; amendments: readonly Amendment[] },
): OpenedCase {
  const last = handedInLast(amendments, record, row.recordHash)?.record;
  const handedIn = last && { answers: last.answers, hands: last.hands };
  const now = row.state === DRAFT ? draft : handedIn;
  return { case: caseOf(row), draft: now ?? EMPTY, corrections: null, record, entry };
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
