import type {
  Case,
  CaseEntry,
  CaseEvent,
  CaseRecord,
  CaseRow,
  Draft,
  OpenedCase,
} from './types.ts';

/** The answers of a case without any. */
export const EMPTY: Draft = { answers: {}, hands: {} };

/** Returns a case without what is sealed of it. */
export const caseOf = ({
  sealedDraft: _,
  sealedRecord: __,
  sealedApplicant: ___,
  ...row
}: CaseRow): Case => row;

/** Returns a case with what was opened of it. */
export function openedOf(
  row: CaseRow,
  { draft, record }: { draft: Draft | null; record: CaseRecord | null },
  entry: CaseEntry | null,
): OpenedCase {
  const handedIn = record && { answers: record.answers, hands: record.hands };
  return { case: caseOf(row), draft: draft ?? handedIn ?? EMPTY, record, entry };
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
