import type { Body } from '../../features/bodies/types.ts';
import {
  LONGEST_SPAN,
  type SlotAsk,
  type SlotRefusal,
  type Slots,
} from '../../features/slots/service.ts';
import { daysOf } from '../../ui/slot-picker.tsx';

/** Days with free times that a page shows. */
const DAYS = 5;
/** Days that are looked at first: mostly enough, and cheaper than all. */
const SHORT_SPAN = 10;

/** A day as typed in three fields. */
export interface TypedDay {
  day: string;
  month: string;
  year: string;
}

/** The free starts of the next days that have some, and the day from which there are more. */
export interface FreeDays {
  starts: Temporal.Instant[];
  /** First local day, `YYYY-MM-DD`, of the following page; null when these are the last. */
  more: string | null;
}

export function today(body: Body, now: Temporal.Instant): Temporal.PlainDate {
  return now.toZonedDateTimeISO(body.timeZone).toPlainDate();
}

/** The last day that can be booked. */
export function lastDay(body: Body, now: Temporal.Instant): Temporal.PlainDate {
  return today(body, now).add({ days: body.settings.slots.horizonDays });
}

/** A day typed in three fields: null when none was, or what is wrong with it. */
export function readDay(typed: TypedDay): Temporal.PlainDate | null | 'bad' {
  if (!typed.day && !typed.month && !typed.year) return null;
  if (![typed.day, typed.month, typed.year].every((each) => /^\d{1,4}$/.test(each.trim())))
    return 'bad';
  const [day = 0, month = 0, year = 0] = [typed.day, typed.month, typed.year].map(Number);
  try {
    return Temporal.PlainDate.from(
      { year: year < 100 ? 2000 + year : year, month, day },
      { overflow: 'reject' },
    );
  } catch {
    return 'bad';
  }
}

/** A local day of an address; null when it is none. */
export function readIsoDay(text: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    return null;
  }
}

/** An instant as a form carries it; null when it is none, or so far away that reckoning with it overflows. */
export function readInstant(text: string): Temporal.Instant | null {
  try {
    return /^2[01]\d\d-/.test(text) ? Temporal.Instant.from(text) : null;
  } catch {
    return null;
  }
}

/** Looks for the next days that have free times, from `from` to the last day that can be booked. */
export async function findFreeDays(
  slots: Slots,
  body: Body,
  ask: SlotAsk,
  { from, until, except }: { from: Temporal.PlainDate; until: Temporal.PlainDate; except?: string },
): Promise<({ ok: true } & FreeDays) | { ok: false; reason: SlotRefusal }> {
  const starts: Temporal.Instant[] = [];
  for (
    let first = from, length = SHORT_SPAN;
    Temporal.PlainDate.compare(first, until) <= 0;
    length = Math.min(2 * length, LONGEST_SPAN)
  ) {
    const furthest = first.add({ days: length - 1 });
    const last = Temporal.PlainDate.compare(furthest, until) < 0 ? furthest : until;
    const span = { from: first.toString(), to: last.toString() };
    const found = await slots.search(body, ask, span, except);
    if (!found.ok) return found;
    starts.push(...found.slots.map((each) => each.start));
    const days = daysOf(starts, body.timeZone);
    if (days.length > DAYS) {
      const shown = days.slice(0, DAYS).flatMap((each) => each.starts);
      return { ok: true, starts: shown, more: days[DAYS]?.key ?? null };
    }
    first = last.add({ days: 1 });
  }
  return { ok: true, starts, more: null };
}
