import { FEWEST } from './publishing.ts';
import type { Opinion } from './types.ts';

/** A survey may be answered for thirty days after its appointment (`mayAnswer`). After that, a month doesn't change. */
const SURVEY_DAYS = 31;

/** Returns the day, exclusive, until which months are settled: they are over, and no change is expected. A month's first day. */
export function settledUntil(today: Temporal.PlainDate): Temporal.PlainDate {
  return today.subtract({ days: SURVEY_DAYS }).with({ day: 1 });
}

/** The survey answers of a month. */
export interface OpinionMonth {
  /** First day. */
  month: string;
  answered: number;
  ended: number;
  scores: readonly number[];
  solved: readonly number[];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const addUp = (rows: readonly (readonly number[])[]): number[] | null =>
  rows.length === 0 ? null : rows[0]!.map((_, at) => sum(rows.map((row) => row[at] ?? 0)));

/**
 * Returns the sums of these months. A month counts only with at least five surveys: then the difference
 * of two spans never shows fewer. `inSpan`: the number of requested months.
 */
export function opinionOf(months: readonly OpinionMonth[], inSpan: number): Opinion {
  const enough = months.filter((each) => each.answered >= FEWEST);
  const of = (which: 'scores' | 'solved') =>
    addUp(enough.map((each) => each[which]).filter((counts) => sum(counts) >= FEWEST));
  return {
    answered: sum(enough.map((each) => each.answered)),
    ended: sum(enough.map((each) => each.ended)),
    scores: of('scores'),
    solved: of('solved'),
    months: enough.map((each) => each.month),
    leftOut: inSpan - enough.length,
  };
}
