import { hasRoom, isChannel } from '../../../domain/channel.ts';
import { can } from '../../../domain/roles.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { FEWEST } from './publishing.ts';
import type { ChannelYear, Counts, Group, Opinion, Span } from './types.ts';

export { type ImportMistake, type ReadImport, readImport } from './importing.ts';
export { INDICATORS, type Indicator, type MonthCounts, publishMonth } from './opening.ts';
export { FEWEST } from './publishing.ts';

/** Who sees what it all adds up to. */
export const maySeeFigures = (viewer: StaffViewer): boolean => can(viewer, 'see_figures');

/** A survey may be answered for thirty days after its appointment (`mayAnswer`): then a month has no more news. */
const SURVEY_DAYS = 31;

/** Until which day, exclusive, months are settled: they are over, and nothing about them is expected to change. A month's first day. */
export function settledUntil(today: Temporal.PlainDate): Temporal.PlainDate {
  return today.subtract({ days: SURVEY_DAYS }).with({ day: 1 });
}

/** Everything that happened in this year so far. */
export function defaultSpan(today: Temporal.PlainDate): Span {
  const from = today.subtract({ months: 11 }).with({ day: 1 });
  return { from, to: today, channel: null, procedure: null, language: null };
}

/** Whether a span is of all video calls of its days: how they went isn't told apart by procedure or language. */
export const hasAllCalls = ({ channel, procedure, language }: Span): boolean =>
  (!isChannel(channel) || hasRoom(channel)) && procedure === null && language === null;

/** A span without the days that are still to come. */
export function untilToday(span: Span, today: Temporal.PlainDate): Span {
  const latest = Temporal.PlainDate.compare(span.from, today) > 0 ? span.from : today;
  return Temporal.PlainDate.compare(span.to, latest) > 0 ? { ...span, to: latest } : span;
}

/** Whether a month, by its first day, is over and all of its days are in a span. */
export function isWholeMonth(
  month: string,
  { from, to }: Pick<Span, 'from' | 'to'>,
  today: Temporal.PlainDate,
): boolean {
  const first = Temporal.PlainDate.from(month);
  const next = first.add({ months: 1 });
  return (
    Temporal.PlainDate.compare(from, first) <= 0 &&
    Temporal.PlainDate.compare(next, to.add({ days: 1 })) <= 0 &&
    Temporal.PlainDate.compare(next, today) <= 0
  );
}

/** Months in order, and those between and after them, up to that of a day, in which nothing was. */
export function everyMonth(
  months: readonly Group[],
  last: Temporal.PlainDate,
  nothing: Counts,
): Group[] {
  const found: Group[] = [];
  const [first] = months;
  if (!first) return found;
  for (
    let month = Temporal.PlainDate.from(first.key);
    Temporal.PlainDate.compare(month, last) <= 0;
    month = month.add({ months: 1 })
  ) {
    const key = month.toString();
    found.push(months.find((each) => each.key === key) ?? { key, counts: nothing });
  }
  return found;
}

/** A part of a span: a whole number of months, or days of one or two. */
export interface SpanPart {
  from: Temporal.PlainDate;
  /** The last one included. */
  to: Temporal.PlainDate;
  isWhole: boolean;
}

/** A span in parts: its whole months, and the days before and after them. */
export function partsOf({ from, to }: Pick<Span, 'from' | 'to'>): SpanPart[] {
  const first = from.day === 1 ? from : from.add({ months: 1 }).with({ day: 1 });
  const last = to.add({ days: 1 }).with({ day: 1 }).subtract({ days: 1 });
  const parts = [
    { from, to: first.subtract({ days: 1 }), isWhole: false },
    { from: first, to: last, isWhole: true },
    { from: last.add({ days: 1 }), to, isWhole: false },
  ];
  if (Temporal.PlainDate.compare(last, first) < 0) return [{ from, to, isWhole: false }];
  return parts.filter((part) => Temporal.PlainDate.compare(part.from, part.to) <= 0);
}

/** What citizens said in a month. */
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
 * What was said in these months, each of which counts only where at least five surveys say it: of two spans the difference
 * then is never what fewer say. `inSpan`: how many months were asked for.
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

/** The mean of what was given, 0 to 10, and the share of 8 and more; null where nobody said a number. */
export function scoreOf(
  scores: readonly number[],
): { n: number; mean: number; high: number } | null {
  const n = sum(scores);
  if (n === 0) return null;
  return {
    n,
    mean: sum(scores.map((count, score) => count * score)) / n,
    high: sum(scores.slice(8)) / n,
  };
}

/** How much more than before, as a share; null: nothing to compare with. */
export const growth = (now: number, before: number): number | null =>
  before > 0 ? (now - before) / before : null;

/** Whether each channel has figures of the same months of both years: else what there are fewer of may be figures alone. */
export const isLikeForLike = (now: readonly ChannelYear[], before: readonly ChannelYear[]) => {
  const monthsOf = (all: readonly ChannelYear[], channel: string) =>
    String(all.find((each) => each.channel === channel)?.months);
  return [...now, ...before].every(
    ({ channel }) => monthsOf(now, channel) === monthsOf(before, channel),
  );
};

/** How many months of a year are over, to be compared with the same of the year before. */
export function comparedMonths(year: number, today: Temporal.PlainDate): number {
  if (year < today.year) return 12;
  return year === today.year ? today.month - 1 : 0;
}
