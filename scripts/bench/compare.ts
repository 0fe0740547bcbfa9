import { formatColumns, median, type Row } from '../../bench/lib/table.ts';

/** A smaller difference between medians is not worth a word, however steady the rounds are. */
const LEAST = 0.05;

/** The figure by which rows of different runs are compared. */
export interface Figure {
  value: number;
  isMoreBetter: boolean;
}

/**
 * Returns the figure of a row: its ratio where it has one, since that was measured beside something else in the same run; else the first number
 * of its value. Null: it has none. More is better where the aim says so, or the value is a rate (`/s`).
 */
export function figureOf(row: Row): Figure | null {
  const value = firstNumber(row.ratio ?? '') ?? firstNumber(row.value);
  if (value === null) return null;
  const isRate = /\/s\b/.test(row.value);
  return { value, isMoreBetter: row.aim ? row.aim.startsWith('≥') : isRate };
}

function firstNumber(text: string): number | null {
  const found = /\d[\d,]*(\.\d+)?/.exec(text)?.[0];
  return found === undefined ? null : Number(found.replaceAll(',', ''));
}

/** `none`: the spreads overlap, or the medians are nearly the same. `new` and `gone`: only one of both commits has the row. */
export type Verdict = 'slipped' | 'improved' | 'none' | 'new' | 'gone';

/** A row of the comparison; the figures of each round, of the earlier commit and of this one. */
export interface Change {
  measure: string;
  before: readonly number[];
  now: readonly number[];
  verdict: Verdict;
}

/**
 * Compares the rounds of both commits, row by row, in the order of this one. A change is called so only where every round of one commit is
 * better than every round of the other, and the medians differ by a twentieth: else it may be noise.
 */
export function compareRounds(
  before: readonly (readonly Row[])[],
  now: readonly (readonly Row[])[],
): Change[] {
  const earlier = figuresOf(before);
  const later = figuresOf(now);
  return [...new Set([...later.keys(), ...earlier.keys()])].map((measure) => {
    const first = earlier.get(measure) ?? [];
    const second = later.get(measure) ?? [];
    const values = { before: first.map(numberOf), now: second.map(numberOf) };
    const isMoreBetter = [...second, ...first][0]?.isMoreBetter ?? false;
    return { measure, ...values, verdict: verdictOf(values.before, values.now, isMoreBetter) };
  });
}

const numberOf = ({ value }: Figure): number => value;

function figuresOf(rounds: readonly (readonly Row[])[]): Map<string, Figure[]> {
  const found = new Map<string, Figure[]>();
  let head = '';
  for (const row of rounds.flat()) {
    // "… of the server" continues the row above it.
    if (!row.measure.startsWith('…')) head = row.measure;
    const measure = head === row.measure ? head : `${head} ${row.measure}`;
    const figure = figureOf(row);
    if (figure) found.set(measure, [...(found.get(measure) ?? []), figure]);
  }
  return found;
}

function verdictOf(
  before: readonly number[],
  now: readonly number[],
  isMoreBetter: boolean,
): Verdict {
  if (before.length === 0) return 'new';
  if (now.length === 0) return 'gone';
  const isApart = Math.min(...now) > Math.max(...before) || Math.max(...now) < Math.min(...before);
  const change = median(now) / median(before) - 1;
  if (!isApart || !(Math.abs(change) >= LEAST)) return 'none';
  return change > 0 === isMoreBetter ? 'improved' : 'slipped';
}

const WORDS: Record<Verdict, string> = {
  slipped: 'SLIPPED',
  improved: 'improved',
  none: '',
  new: 'not measured before',
  gone: 'not measured now',
};

/** Returns the comparison as a table, what slipped first. */
export function formatChanges(ref: string, changes: readonly Change[]): string {
  const order: readonly Verdict[] = ['slipped', 'improved', 'none', 'new', 'gone'];
  const sorted = order.flatMap((verdict) => changes.filter((each) => each.verdict === verdict));
  return formatColumns([
    ['measure', ref, 'this', 'change', ''],
    ...sorted.map(({ measure, before, now, verdict }) => [
      measure,
      spreadOf(before),
      spreadOf(now),
      changeOf(before, now),
      WORDS[verdict],
    ]),
  ]);
}

function changeOf(before: readonly number[], now: readonly number[]): string {
  if (before.length === 0 || now.length === 0) return '';
  const change = (median(now) / median(before) - 1) * 100;
  return Number.isFinite(change) ? `${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(0)} %` : '';
}

/** Median, with the least and the most in brackets where they differ. */
function spreadOf(values: readonly number[]): string {
  if (values.length === 0) return '';
  const least = Math.min(...values);
  const most = Math.max(...values);
  const show = (value: number) => Number(value.toPrecision(3)).toLocaleString('en');
  return least === most ? show(least) : `${show(median(values))} (${show(least)}–${show(most)})`;
}
