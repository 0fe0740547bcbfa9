import type { Rota, RotaDesk, Shift } from '../../../domain/rota.ts';
import { isStillOpen, minutesBetween } from '../encounter/rules.ts';
import type { Booked, Hour, Piece, Placed, Presence, Stretch } from './types.ts';

/** A shorter time without anybody is the pause after a call. */
const LEAST_FREE_MINUTES = 10;
const HOUR_MINUTES = 60;

const { compare } = Temporal.Instant;
const later = (a: Temporal.Instant, b: Temporal.Instant) => (compare(a, b) > 0 ? a : b);
const earlier = (a: Temporal.Instant, b: Temporal.Instant) => (compare(a, b) < 0 ? a : b);

/** When a desk works in a local day, as the slots are counted: none in a day that is closed. */
export function presenceOf(
  desk: Pick<RotaDesk, 'shifts' | 'absences' | 'elsewhere'>,
  { timeZone, isClosed }: Pick<Rota, 'timeZone' | 'isClosed'>,
  day: Temporal.PlainDate,
): Presence {
  const whole = {
    from: day.toZonedDateTime(timeZone).toInstant(),
    to: day.add({ days: 1 }).toZonedDateTime(timeZone).toInstant(),
  };
  const instant = (local: string) =>
    Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).toInstant();
  const shifts = [day.subtract({ days: 1 }), day].flatMap((each) =>
    desk.shifts.filter((shift) => startsOn(shift, each)).map((shift) => spanOf(shift, each)),
  );
  const clip = (some: readonly Stretch[]): Stretch[] =>
    some
      .map(({ from, to }) => ({ from: later(from, whole.from), to: earlier(to, whole.to) }))
      .filter(({ from, to }) => compare(from, to) < 0)
      .sort((a, b) => compare(a.from, b.from));
  const at = (some: readonly { from: string; to: string }[]): Stretch[] =>
    clip(some.map(({ from, to }) => ({ from: instant(from), to: instant(to) })));
  if (isClosed(day.toString())) return { shifts: [], absences: [], elsewhere: [] };
  const [working, absences] = [at(shifts), at(desk.absences)];
  const busy = without(working, without(working, clip(desk.elsewhere ?? [])));
  return { shifts: working, absences, elsewhere: without(busy, absences) };
}

function startsOn(shift: Shift, day: Temporal.PlainDate): boolean {
  const text = day.toString();
  return (
    shift.weekdays.includes(day.dayOfWeek) &&
    shift.since <= text &&
    (shift.until === undefined || text <= shift.until)
  );
}

/** Over midnight where it ends at or before its start. */
function spanOf({ from, to }: Shift, day: Temporal.PlainDate): { from: string; to: string } {
  const next = to <= from || to === '24:00';
  const last = next ? day.add({ days: 1 }) : day;
  return { from: `${day}T${from}`, to: `${last}T${to === '24:00' ? '00:00' : to}` };
}

/** What stands in `some` and in none of `taken`. */
export function without(some: readonly Stretch[], taken: readonly Stretch[]): Stretch[] {
  let left = [...some];
  for (const { from, to } of taken)
    left = left.flatMap((each) =>
      [
        { from: each.from, to: earlier(each.to, from) },
        { from: later(each.from, to), to: each.to },
      ].filter((part) => compare(part.from, part.to) < 0),
    );
  return left;
}

const RANKS: Record<Piece['kind'], number> = {
  end: 0,
  now: 1,
  again: 2,
  absence: 3,
  elsewhere: 4,
  appointment: 5,
  free: 6,
};

/**
 * A desk's day in order. Who was cancelled isn't in it; who didn't answer is there twice, at their hour and where they went.
 * Of the free time only what is still to come.
 * @param now null for another day than today.
 */
export function piecesOf<E extends Booked>(
  entries: readonly E[],
  { shifts, absences, elsewhere }: Presence,
  now: Temporal.Instant | null,
): Piece<E>[] {
  const booked = entries.filter(({ status }) => status !== 'cancelled');
  const again = booked.filter(
    (each) => isStillOpen(each.status) && compare(each.dueAt, each.start) > 0,
  );
  const taken = [
    ...booked.map(({ start, end }) => ({ from: start, to: end })),
    ...again.map(({ dueAt }) => ({ from: dueAt, to: dueAt })),
  ];
  const free = without(shifts, [...taken, ...absences, ...elsewhere])
    .map(({ from, to }) => ({ from: now ? later(from, now) : from, to }))
    .filter(({ from, to }) => minutesBetween(from, to) >= LEAST_FREE_MINUTES);
  const moment = (at: Temporal.Instant) => ({ at, until: at });
  const long = ({ from, to }: Stretch) => ({ at: from, until: to });
  const pieces: Piece<E>[] = [
    ...booked.map(
      (entry): Piece<E> => ({
        kind: 'appointment',
        at: entry.start,
        until: entry.end,
        entry,
      }),
    ),
    ...again.map((entry): Piece<E> => ({ kind: 'again', ...moment(entry.dueAt), entry })),
    ...free.map((each): Piece<E> => ({ kind: 'free', ...long(each) })),
    ...absences.map((each): Piece<E> => ({ kind: 'absence', ...long(each) })),
    ...without(elsewhere, taken).map((each): Piece<E> => ({ kind: 'elsewhere', ...long(each) })),
    ...shifts.map((each): Piece<E> => ({ kind: 'end', ...moment(each.to) })),
  ];
  if (now && isNear(pieces, now)) pieces.push({ kind: 'now', ...moment(now) });
  return pieces.sort((a, b) => compare(a.at, b.at) || RANKS[a.kind] - RANKS[b.kind]);
}

/** Whether now is during the day's work, or not much before or after it. */
const isNear = (pieces: readonly Piece[], now: Temporal.Instant): boolean =>
  pieces.some(({ at }) => minutesBetween(now, at) <= HOUR_MINUTES) &&
  pieces.some(({ until }) => minutesBetween(until, now) <= HOUR_MINUTES);

/** The pieces hour by hour, from the first to the last, so that they can be drawn to scale. */
export function hoursOf<E extends Booked>(
  pieces: readonly Piece<E>[],
  timeZone: string,
): Hour<E>[] {
  const [first] = pieces;
  if (!first) return [];
  const end = pieces.map(({ until }) => until).reduce(later);
  const hours: Hour<E>[] = [];
  let from = first.at
    .toZonedDateTimeISO(timeZone)
    .round({ smallestUnit: 'hour', roundingMode: 'floor' })
    .toInstant();
  while (hours.length === 0 || compare(from, end) < 0 || pieces.some(({ at }) => at.equals(from))) {
    const to = from.add({ minutes: HOUR_MINUTES });
    hours.push(hourOf(pieces, from, to));
    from = to;
  }
  return hours;
}

function hourOf<E extends Booked>(
  pieces: readonly Piece<E>[],
  from: Temporal.Instant,
  to: Temporal.Instant,
): Hour<E> {
  const goesOn = pieces.filter(
    ({ at, until }) => compare(at, from) < 0 && compare(until, from) > 0,
  );
  const [longest] = goesOn.sort((a, b) => compare(b.until, a.until));
  let filled = longest ? earlier(longest.until, to) : from;
  const rest = longest && { kind: longest.kind, minutes: minutesBetween(from, filled) };
  const placed = pieces
    .filter(({ at }) => compare(at, from) >= 0 && compare(at, to) < 0)
    .map((piece): Placed<E> => {
      const until = earlier(piece.until, to);
      const before = Math.max(0, minutesBetween(filled, piece.at));
      filled = later(filled, until);
      return { ...piece, before, minutes: minutesBetween(piece.at, until) };
    });
  return { at: from, rest: rest ?? null, pieces: placed };
}
