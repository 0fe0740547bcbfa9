import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { type Days, lockMark, moveMark, remakeCalls, remakeDays, remakeMonth } from './store.ts';
import { readFirstDay, readSettledEvent, readTouchedDays } from './views.ts';

/** An event's id is drawn before its transaction commits. Events of this age are committed; newer ones are read again. */
const UNSETTLED: Temporal.DurationLike = { minutes: 5 };
/** Maximum days per statement: a city has 2,000 appointments a day, and no statement may take long. */
const AT_ONCE = 7;

/**
 * Updates the figures since the last run: the days of appointments with events, and the days that have
 * passed since. An office's figures are locked, so that several processes may try. Returns the number of updated days.
 */
export async function rollUp(
  deps: { db: Db; clock: Clock; offices: Offices },
  id: number,
): Promise<number> {
  const { db, clock } = deps;
  const { timeZone } = await deps.offices.byId(id);
  let made = 0;
  for (let isThere = false; !isThere; ) {
    isThere = await within(db, id, async (tx) => {
      const now = clock.now();
      const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
      const mark = await lockMark(tx, id);
      const first = earlier(mark.day, today) ?? (await readFirstDay(tx, id, timeZone));
      if (first === null || first > today.toString()) return true;
      const due = daysFrom(first, today);
      const isLast = due.length <= AT_ONCE;
      const isFirst = mark.day === null;
      // Events during the first days are read after all days.
      const settled = () => readSettledEvent(tx, id, mark.event, now.subtract(UNSETTLED));
      const event = isFirst || isLast ? await settled() : mark.event;
      const on = { office: id, timeZone };
      const touched =
        isFirst || !isLast
          ? []
          : await readTouchedDays(tx, { ...on, after: mark.event, last: today.toString() });
      const days = [...new Set([...due.slice(0, AT_ONCE), ...touched])].sort();
      for (const run of runsOf(days)) await remakeDays(tx, spanned(on, run));
      for (const month of monthsOf(days)) await remakeMonth(tx, id, month);
      const dayBefore = Temporal.PlainDate.from(first).subtract({ days: 1 });
      const last = due.slice(0, AT_ONCE).at(-1) ?? first;
      await remakeCalls(tx, spanned(on, [dayBefore.toString(), last]));
      await moveMark(tx, id, { event, day: last });
      made += days.length;
      return isLast;
    });
  }
  return made;
}

/** When a clock was ahead, its mark is in the future: today is used. */
const earlier = (mark: string | null, today: Temporal.PlainDate): string | null =>
  mark !== null && mark > today.toString() ? today.toString() : mark;

function daysFrom(first: string, last: Temporal.PlainDate): string[] {
  const days: string[] = [];
  for (
    let day = Temporal.PlainDate.from(first);
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  )
    days.push(day.toString());
  return days;
}

/** Groups days, in order, into runs of consecutive days. */
function runsOf(days: readonly string[]): string[][] {
  const runs: string[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    const next =
      run &&
      Temporal.PlainDate.from(run.at(-1) ?? day)
        .add({ days: 1 })
        .toString();
    if (run && next === day && run.length < AT_ONCE) run.push(day);
    else runs.push([day]);
  }
  return runs;
}

/** Returns the first days of these days' months. */
const monthsOf = (days: readonly string[]): string[] => [
  ...new Set(days.map((day) => Temporal.PlainDate.from(day).with({ day: 1 }).toString())),
];

/** Returns a run of days with its start and end instants. */
function spanned(on: { office: number; timeZone: string }, days: readonly string[]): Days {
  const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(on.timeZone).toInstant();
  const [first, last] = [days[0], days.at(-1)].map((day) => Temporal.PlainDate.from(day ?? ''));
  return { ...on, days, from: startOf(first!), to: startOf(last!.add({ days: 1 })) };
}
