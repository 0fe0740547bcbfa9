import type { Office } from '../../../domain/office/types.ts';
import {
  LONGEST_SPAN,
  type SlotAsk,
  type SlotRefusal,
  type Slots,
} from '../../../features/booking/slots/service.ts';
import { readMonth } from '../../../lib/i18n/months.ts';
import { LONGEST_MONTH } from '../../../ui/forms.tsx';
import {
  type DayPart,
  daysOf,
  instantOf,
  onlyIn,
  type SlotDay,
  type Start,
  startOf,
} from '../../../ui/slot-days.ts';

/** The number of days with free times on a page. */
const DAYS = 5;
/** Days of the first search: usually enough, and cheaper than all. */
const SHORT_SPAN = 10;

type Day = Temporal.PlainDate;

/** A day as typed in three fields. */
export interface TypedDay {
  day: string;
  month: string;
  year: string;
}

/** The range of a search for free times. */
export interface Search {
  slots: Slots;
  office: Office;
  ask: SlotAsk;
  /** Only in this part of the days; null: in all of them. */
  part: DayPart | null;
  /** The first and the last bookable day. */
  first: Day;
  last: Day;
  /** An appointment whose own time counts as free. */
  except?: string | undefined;
  /** A time that isn't offered: the appointment has it already. */
  own?: Temporal.Instant | undefined;
}

/** The next days with free times, and the day of the next page. */
export interface FreeDays {
  days: SlotDay[];
  /** First local day, `YYYY-MM-DD`, of the following page; null when these are the last. */
  more: string | null;
}

export type Found = ({ ok: true } & FreeDays) | { ok: false; reason: SlotRefusal };

export function today({ timeZone }: Pick<Office, 'timeZone'>, now: Temporal.Instant): Day {
  const at = now.epochMilliseconds;
  const known = days.get(timeZone);
  if (known && at >= known.from && at < known.to) return known.day;
  const day = now.toZonedDateTimeISO(timeZone).toPlainDate();
  // Of the next day, since a day of a change of clocks may begin at 1:00.
  const [from, to] = [day, day.add({ days: 1 })].map(
    (each) => each.toZonedDateTime(timeZone).epochMilliseconds,
  ) as [number, number];
  days.set(timeZone, { day, from, to });
  return day;
}

/** The last day that was asked for in each time zone, in milliseconds: each page asks several times, nearly always for the same. */
const days = new Map<string, { day: Day; from: number; to: number }>();

/** Returns the last bookable day. */
export function lastDay(office: Office, now: Temporal.Instant): Day {
  const day = today(office, now);
  const { horizonDays } = office.settings.slots;
  const known = lastDays.get(day);
  if (known?.horizonDays === horizonDays) return known.last;
  const last = day.add({ days: horizonDays });
  lastDays.set(day, { horizonDays, last });
  return last;
}

/** The last bookable day that was asked for on each day. */
const lastDays = new WeakMap<Day, { horizonDays: number; last: Day }>();

/** Reads the three fields of a typed day, named `<name>-day` and so on. Longer texts are no part of a date. */
export function readTypedDay(name: string, ask: (field: string) => string | undefined): TypedDay {
  const field = (part: keyof TypedDay) =>
    (ask(`${name}-${part}`) ?? '').trim().slice(0, LONGEST_MONTH);
  return { day: field('day'), month: field('month'), year: field('year') };
}

/** Returns a day typed in three fields: null when all are empty, `bad` when it isn't valid. The month may be a word. */
export function readDay(typed: TypedDay): Day | null | 'bad' {
  if (!typed.day && !typed.month && !typed.year) return null;
  if (![typed.day, typed.year].every((each) => /^\d{1,4}$/.test(each.trim()))) return 'bad';
  const day = Number(typed.day);
  const year = Number(typed.year);
  const month = readMonth(typed.month) ?? 0;
  try {
    return Temporal.PlainDate.from(
      { year: year < 100 ? 2000 + year : year, month, day },
      { overflow: 'reject' },
    );
  } catch {
    return 'bad';
  }
}

/** Returns the next `count` days with free times, from `from` on. */
export async function findFreeDays(search: Search, from: Day, count = DAYS): Promise<Found> {
  const days: SlotDay[] = [];
  for (let first = from, length = SHORT_SPAN; !isAfter(first, search.last); length *= 2) {
    const last = earlier(first.add({ days: Math.min(length, LONGEST_SPAN) - 1 }), search.last);
    const found = await daysWithin(search, first, last);
    if (!found.ok) return found;
    days.push(...found.days);
    if (days.length > count)
      return { ok: true, days: days.slice(0, count), more: days[count]?.key ?? null };
    first = last.add({ days: 1 });
  }
  return { ok: true, days, more: null };
}

/** Returns the first free time from a day on; null without any. */
export async function firstFree(search: Search, from: Day): Promise<Temporal.Instant | null> {
  const found = await findFreeDays(search, from, 1);
  const start = found.ok ? found.days[0]?.starts[0] : undefined;
  return start === undefined ? null : instantOf(start);
}

/** Returns the last five days before `before` with free times; if there are fewer, the first of all. */
export async function findEarlierDays(search: Search, before: Day): Promise<Found> {
  const days: SlotDay[] = [];
  let last = before.subtract({ days: 1 });
  for (let length = SHORT_SPAN; !isAfter(search.first, last); length *= 2) {
    const first = later(last.subtract({ days: Math.min(length, LONGEST_SPAN) - 1 }), search.first);
    const found = await daysWithin(search, first, last);
    if (!found.ok) return found;
    days.unshift(...found.days);
    if (days.length >= DAYS) return { ok: true, days: days.slice(-DAYS), more: before.toString() };
    last = first.subtract({ days: 1 });
  }
  return findFreeDays(search, search.first);
}

async function daysWithin(
  { slots, office, ask, part, except, own }: Search,
  first: Day,
  last: Day,
): Promise<{ ok: true; days: SlotDay[] } | { ok: false; reason: SlotRefusal }> {
  const span = { from: first.toString(), to: last.toString() };
  const found = await slots.starts(office, ask, span, except);
  if (!found.ok) return found;
  const days = own
    ? daysOf(
        found.starts.filter((each) => each !== startOf(own)),
        office.timeZone,
      )
    : keptDaysOf(found.starts, office.timeZone);
  return { ok: true, days: part ? onlyIn(days, part) : days };
}

/** Days of starts that several pages share. */
const kept = new WeakMap<readonly Start[], SlotDay[]>();

/** Returns the days of starts that nobody changes, and which are always of the same time zone: while they are the same array, the same objects. */
function keptDaysOf(starts: readonly Start[], timeZone: string): SlotDay[] {
  const known = kept.get(starts) ?? daysOf(starts, timeZone);
  kept.set(starts, known);
  return known;
}

const isAfter = (a: Day, b: Day): boolean => Temporal.PlainDate.compare(a, b) > 0;
const earlier = (a: Day, b: Day): Day => (isAfter(a, b) ? b : a);
const later = (a: Day, b: Day): Day => (isAfter(a, b) ? a : b);
