import { hasRoom, isChannel } from '../../../domain/channel.ts';
import { can } from '../../../domain/roles.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { ChannelYear, Counts, Group, HandedIn, Span } from './types.ts';

export { type ImportMistake, type ReadImport, readImport } from './importing.ts';
export { INDICATORS, type Indicator, type MonthCounts, publishMonth } from './opening.ts';
export { type OpinionMonth, opinionOf, settledUntil } from './opinions.ts';
export { FEWEST } from './publishing.ts';
export { NO_AREA } from './requests/rules.ts';
export {
  daysOfMonth,
  growthOf,
  maySeeMonth,
  monthAsked,
  type SheetSums,
  seesMonthSomewhere,
  sumOfSheets,
  VISIT_MINUTES,
} from './sheet/rules.ts';

/** Returns whether the viewer may see the statistics. */
export const maySeeFigures = (viewer: StaffViewer): boolean => can(viewer, 'see_figures');

/** Returns the span of this year so far. */
export function defaultSpan(today: Temporal.PlainDate): Span {
  const from = today.subtract({ months: 11 }).with({ day: 1 });
  return { from, to: today, channel: null, procedure: null, language: null };
}

/** Returns whether a span has all video calls of its days: call quality isn't stored by procedure or language. */
export const hasAllCalls = ({ channel, procedure, language }: Span): boolean =>
  (!isChannel(channel) || hasRoom(channel)) && procedure === null && language === null;

/** Returns a span without future days. */
export function untilToday(span: Span, today: Temporal.PlainDate): Span {
  const latest = Temporal.PlainDate.compare(span.from, today) > 0 ? span.from : today;
  return Temporal.PlainDate.compare(span.to, latest) > 0 ? { ...span, to: latest } : span;
}

/** Years whose figures are counted at once: five take the database a fifth of a second (docs/performance.md). */
const MOST_YEARS = 10;

/** Returns a span of ten years at most: of a longer one the last ten, up to today. */
export function withinReach(span: Span, today: Temporal.PlainDate): Span {
  const isLong = Temporal.PlainDate.compare(span.from.add({ years: MOST_YEARS }), span.to) <= 0;
  if (!isLong) return span;
  const { from, to } = untilToday(span, today);
  const earliest = to.add({ days: 1 }).subtract({ years: MOST_YEARS });
  return { ...span, from: Temporal.PlainDate.compare(from, earliest) < 0 ? earliest : from, to };
}

/** Returns whether a month, by its first day, is over and all of its days are in a span. */
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

/** Returns months in order, including empty ones between them and up to that of a day. */
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

/** A part of a span: whole months, or days of one or two months. */
export interface SpanPart {
  from: Temporal.PlainDate;
  /** The last one included. */
  to: Temporal.PlainDate;
  isWhole: boolean;
}

/** Divides a span: its whole months, and the days before and after them. */
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

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Returns the mean of the given numbers, 0 to 10, and the share of 8 and more; null without numbers. */
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

/** Returns the relative increase; null: nothing to compare with. */
export const growth = (now: number, before: number): number | null =>
  before > 0 ? (now - before) / before : null;

/** Returns whether each channel has figures of the same months in both years; otherwise the difference may only be missing figures. */
export const isLikeForLike = (now: readonly ChannelYear[], before: readonly ChannelYear[]) => {
  const monthsOf = (all: readonly ChannelYear[], channel: string) =>
    String(all.find((each) => each.channel === channel)?.months);
  return [...now, ...before].every(
    ({ channel }) => monthsOf(now, channel) === monthsOf(before, channel),
  );
};

/** Returns which of a year's first months have figures, if they began on this day. */
export function monthsSince(
  first: Temporal.PlainDate,
  { year, months }: { year: number; months: number },
): number[] {
  const all = Array.from({ length: months }, (_, at) => at + 1);
  return all.filter((month) => year * 12 + month >= first.year * 12 + first.month);
}

/**
 * Returns the on-line cases of a year's first months as a channel of its own, from the month of the office's first case on; null: it had none by
 * then.
 */
export function onlineYear(
  handedIn: readonly HandedIn[],
  first: Temporal.PlainDate | null,
  { year, months }: { year: number; months: number },
): ChannelYear | null {
  const counted = first ? monthsSince(first, { year, months }) : [];
  if (counted.length === 0) return null;
  const cases = handedIn.filter(({ door }) => door === 'online').map((each) => each.cases);
  return {
    channel: 'online',
    encounters: cases.reduce((all, each) => all + each, 0),
    months: counted,
  };
}

/** Returns how many months of a year are over, for comparison with the year before. */
export function comparedMonths(year: number, today: Temporal.PlainDate): number {
  if (year < today.year) return 12;
  return year === today.year ? today.month - 1 : 0;
}
