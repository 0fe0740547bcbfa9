import { isAtSite, isChannel } from '../../../../domain/channel.ts';
import { can, roleCan } from '../../../../domain/roles.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { type OpinionMonth, opinionOf, settledUntil } from '../opinions.ts';
import type { Counts, Group, RequestCounts } from '../types.ts';
import type { OfficeSheet, SheetCounts, SheetDays, SheetOpinion, SheetRequests } from './types.ts';

/** Returns whether the viewer may see the sums of their office's months. */
export const maySeeMonth = (viewer: StaffViewer): boolean => can(viewer, 'see_month');

/** Returns whether somebody with these roles sees a month of some office. */
export const seesMonthSomewhere = (posts: readonly { role: string }[]): boolean =>
  posts.some(({ role }) => roleCan(role, 'see_month'));

/**
 * How long a visit to an office takes whoever is served at a distance: going, waiting and coming back. It is an assumption, and the page says
 * so.
 */
export const VISIT_MINUTES = 60;

/** Returns the first day of the month that an address asks for (`2026-10`); else of the last whole month. A month to come is none. */
export function monthAsked(
  asked: string | undefined,
  today: Temporal.PlainDate,
): Temporal.PlainDate {
  const usual = today.with({ day: 1 }).subtract({ months: 1 });
  if (!asked || !/^2[01]\d\d-(0[1-9]|1[0-2])$/.test(asked)) return usual;
  const month = Temporal.PlainDate.from(`${asked}-01`);
  return Temporal.PlainDate.compare(month, today) > 0 ? usual : month;
}

/** Returns the days of a month that are over; null: it begins today. */
export function daysOfMonth(
  month: Temporal.PlainDate,
  today: Temporal.PlainDate,
): SheetDays | null {
  const last = month.with({ day: month.daysInMonth });
  const isOver = Temporal.PlainDate.compare(last, today) < 0;
  const to = isOver ? last : today.subtract({ days: 1 });
  return Temporal.PlainDate.compare(to, month) < 0 ? null : { from: month, to, isOver };
}

/** Returns the same days of the year before: of a whole month the whole one, also where a leap year gives it a day more or less. */
export function yearBefore({ from, to, isOver }: SheetDays): Omit<SheetDays, 'isOver'> {
  const first = from.subtract({ years: 1 });
  return {
    from: first,
    to: isOver ? first.with({ day: first.daysInMonth }) : to.subtract({ years: 1 }),
  };
}

/** Returns the month whose opinions a sheet shows, by its first day: the month itself, or the last one before it that nobody can answer about any more. */
export function opinionMonth(
  month: Temporal.PlainDate,
  today: Temporal.PlainDate,
): Temporal.PlainDate {
  const last = settledUntil(today).subtract({ months: 1 });
  return Temporal.PlainDate.compare(month, last) < 0 ? month : last;
}

/** Returns what a month's opinions say; null: too few. */
export function sheetOpinion(
  rows: readonly OpinionMonth[],
  month: Temporal.PlainDate,
): SheetOpinion | null {
  const { answered, scores, solved, months } = opinionOf(rows, 1);
  return months.length === 0 ? null : { month: month.toString(), answered, scores, solved };
}

const isRemote = (channel: string): boolean => !isChannel(channel) || !isAtSite(channel);

/** Returns the counts of a sheet. `byChannel`: the same counts by channel. */
export function sheetCounts(total: Counts, byChannel: readonly Group[]): SheetCounts {
  const { booked, cancelled, noshow, unkept, waitDays, contacted, punctual, unbooked } = total;
  const served = (counts: Counts) => counts.fulfilled + counts.unbooked;
  const remote = byChannel.filter(({ key }) => isRemote(key));
  return {
    ...{ booked, cancelled, noshow, unkept, waitDays, contacted, punctual, unbooked },
    served: served(total),
    remote: remote.reduce((sum, { counts }) => sum + served(counts), 0),
  };
}

/** Returns the sums of the counts of requests. */
export function sheetRequests(all: readonly RequestCounts[]): SheetRequests {
  return addUp(all, ['came', 'open', 'closed', 'withTerm', 'inTime']);
}

function addUp<Key extends string>(
  all: readonly Record<Key, number>[],
  keys: readonly Key[],
): Record<Key, number> {
  const sum = (key: Key) => all.reduce((total, each) => total + each[key], 0);
  return Object.fromEntries(keys.map((key) => [key, sum(key)])) as Record<Key, number>;
}

const COUNTS = [
  ...(['booked', 'cancelled', 'noshow', 'unkept', 'waitDays', 'contacted', 'punctual'] as const),
  ...(['served', 'unbooked', 'remote'] as const),
] satisfies (keyof SheetCounts)[];

/** Sums of several offices, or of one. */
export type SheetSums = Omit<OfficeSheet, 'office' | 'since'>;

/** Returns the sums of several offices. An office whose opinions are too few to show adds nothing to the others’. */
export function sumOfSheets(sheets: readonly SheetSums[]): SheetSums {
  const requests = sheets.flatMap((each) => (each.requests ? [each.requests] : []));
  return {
    now: addUp(
      sheets.map(({ now }) => now),
      COUNTS,
    ),
    before: addUp(
      sheets.map(({ before }) => before),
      COUNTS,
    ),
    opinion: sumOfOpinions(sheets.flatMap(({ opinion }) => (opinion ? [opinion] : []))),
    requests:
      requests.length === 0
        ? null
        : addUp(requests, ['came', 'open', 'closed', 'withTerm', 'inTime']),
  };
}

function sumOfOpinions(all: readonly SheetOpinion[]): SheetOpinion | null {
  const [first] = all;
  if (!first) return null;
  const sum = (which: 'scores' | 'solved') => {
    const given = all.flatMap((each) => (each[which] ? [each[which]] : []));
    const [longest] = given;
    if (!longest) return null;
    return longest.map((_, at) => given.reduce((total, each) => total + (each[at] ?? 0), 0));
  };
  return {
    month: first.month,
    answered: all.reduce((total, each) => total + each.answered, 0),
    scores: sum('scores'),
    solved: sum('solved'),
  };
}

/** With fewer people before, a share says nothing. */
const LEAST = 20;

/** Returns by which part a number has grown; null: there was too little before to compare. */
export const growthOf = (now: number, before: number): number | null =>
  before < LEAST ? null : (now - before) / before;
