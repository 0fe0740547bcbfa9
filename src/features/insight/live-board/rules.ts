import { byChannel, type Channel, isCalled } from '../../../domain/channel.ts';
import { codesOf } from '../../../domain/office/bundle.ts';
import { instantOf } from '../../booking/slots/rules.ts';
import { inOrder, isStillOpen, minutesBetween } from '../../service/encounter/rules.ts';
import type { DayPlace } from '../../service/encounter/types.ts';
import type {
  DeskAhead,
  DeskNow,
  Filter,
  HalfHour,
  LiveFigures,
  Wait,
  WithoutDesk,
} from './types.ts';

const { compare } = Temporal.Instant;
const later = (a: Temporal.Instant, b: Temporal.Instant) => (compare(a, b) >= 0 ? a : b);
const minuteOf = (at: Temporal.Instant) => Math.floor(at.epochMilliseconds / 60_000);

export const matches = (
  { procedure, channel }: Filter,
  what: Pick<DayPlace, 'procedure' | 'further' | 'channel'>,
): boolean =>
  (procedure === null || codesOf(what).includes(procedure)) &&
  (channel === null || what.channel === channel);

/**
 * Returns the people who wait, the longest first: people in the room or at the site, and people whose call is due. A wrong number
 * isn't called, so nobody waits there. A video call or a visit whose citizen hasn't come is included and marked.
 */
export function waitsOf(
  entries: readonly DayPlace[],
  lateMinutes: number,
  now: Temporal.Instant,
): Wait[] {
  return entries
    .flatMap((entry): Wait[] => {
      const { status, dueAt, arrivedAt, channel, lacksNumber, endsAt } = entry;
      const isIn = status === 'arrived';
      const isDue = status === 'booked' && !lacksNumber && !endsAt && compare(dueAt, now) <= 0;
      if (!isIn && !isDue) return [];
      const since = isIn ? (arrivedAt ?? dueAt) : dueAt;
      return [
        {
          entry,
          since,
          owedSince: later(since, dueAt),
          isLate: minutesBetween(dueAt, now) >= lateMinutes,
          isAbsent: !isIn && !isCalled(channel),
        },
      ];
    })
    .sort(
      (a, b) =>
        Number(a.isAbsent) - Number(b.isAbsent) ||
        compare(a.since, b.since) ||
        (a.entry.id < b.entry.id ? -1 : 1),
    );
}

/** Returns since when a person has waited for one desk; null: nobody waits. */
export const owedSince = (waits: readonly Wait[]): Temporal.Instant | null =>
  waits
    .filter((each) => !each.isAbsent)
    .map((each) => each.owedSince)
    .toSorted(compare)[0] ?? null;

/** Returns a desk's next appointment that hasn't begun. `entries`: the desk's own. */
export const nextAt = (entries: readonly DayPlace[], now: Temporal.Instant): DayPlace | null =>
  inOrder(
    entries.filter((each) => each.status !== 'in_progress' && !each.endsAt),
    now,
  )[0] ?? null;

/** Returns the numbers at the top. `today`: the counts of the day, such as citizens who could not be reached. */
export function figuresOf(
  seen: {
    waits: readonly Wait[];
    desks: readonly DeskNow[];
    withoutDesk: readonly WithoutDesk[];
    today: readonly DayPlace[];
    uncalled: readonly Pick<DayPlace, 'procedure' | 'further' | 'channel'>[];
  },
  filter: Filter,
  isQualified: (desk: number) => boolean,
  now: Temporal.Instant,
): LiveFigures {
  const waits = seen.waits.filter(({ entry }) => matches(filter, entry));
  const waiting = waits.filter((each) => !each.isAbsent);
  const inState = (state: string) => seen.desks.filter((each) => each.standing?.state === state);
  const inCall = [...seen.desks, ...seen.withoutDesk].filter(
    ({ standing }) => standing?.state === 'in_call' && matches(filter, standing.work!),
  );
  return {
    waiting: waiting.length,
    longest: waiting.length === 0 ? null : minutesBetween(waiting[0]!.since, now),
    inCall: inCall.length,
    late: waits.filter((each) => each.isLate).length,
    noshow: seen.today.filter((each) => each.status === 'noshow' && matches(filter, each)).length,
    uncalled: seen.uncalled.filter((each) => matches(filter, each)).length,
    unresponsive: seen.desks.filter((each) => each.isUnresponsive).length,
    free: inState('available').filter((each) => !each.isUnresponsive && isQualified(each.desk.id))
      .length,
  };
}

const HALF_HOUR = 30;
/** The present half hour and those that follow, so that two hours are covered at any minute. */
const HALF_HOURS = 5;

/** Returns the start and end of the forecast. */
export function spanAhead(now: Temporal.Instant): { from: Temporal.Instant; to: Temporal.Instant } {
  const from = Math.floor(minuteOf(now) / HALF_HOUR) * HALF_HOUR;
  return { from: instantOf(from), to: instantOf(from + HALF_HOUR * HALF_HOURS) };
}

/**
 * Returns the bookings of the next two hours and the available desks, by half hours. A desk counts at each minute at which it
 * works and has one of these bookings, or works, may serve them and is free. The past doesn't count.
 */
export function aheadOf(
  entries: readonly DayPlace[],
  desks: readonly DeskAhead[],
  filter: Filter,
  now: Temporal.Instant,
): HalfHour[] {
  const first = minuteOf(spanAhead(now).from);
  const last = first + HALF_HOUR * HALF_HOURS;
  const booked = entries
    .filter((each) => isStillOpen(each.status))
    .map((entry) => ({
      entry,
      from: minuteOf(entry.start),
      to: minuteOf(entry.end),
      isWanted: matches(filter, entry),
    }))
    .filter((each) => each.to > first && each.from < last);
  return Array.from({ length: HALF_HOURS }, (_, nth) => {
    const from = first + nth * HALF_HOUR;
    const to = from + HALF_HOUR;
    const begin = booked.filter((each) => each.isWanted && each.from >= from && each.from < to);
    const edges = [
      ...booked.flatMap((each) => [each.from, each.to]),
      ...desks.flatMap((each) => each.work),
    ];
    const low = Math.max(from, minuteOf(now));
    const moments = new Set([low, ...edges.filter((each) => each > low && each < to)]);
    const at = [...moments].map((minute) => {
      const goesOn = booked.filter((each) => each.from <= minute && minute < each.to);
      const need = goesOn.filter((each) => each.isWanted).length;
      const wanted = new Set(
        goesOn.flatMap(({ entry, isWanted }) => (isWanted ? [entry.desk] : [])),
      );
      const taken = new Set(goesOn.map(({ entry }) => entry.desk));
      const have = desks.filter(
        ({ id, work, isQualified }) =>
          isIn(work, minute) && (wanted.has(id) || (isQualified && !taken.has(id))),
      ).length;
      return { need, have };
    });
    const count = (channel: Channel) =>
      begin.filter(({ entry }) => entry.channel === channel).length;
    return {
      from: instantOf(from),
      to: instantOf(to),
      appointments: begin.length,
      byChannel: byChannel(count),
      atOnce: Math.max(...at.map(({ need }) => need)),
      desks: Math.max(...at.map(({ have }) => have)),
      missing: Math.max(...at.map(({ need, have }) => need - have), 0),
    };
  });
}

/** Returns whether a desk works now. `work`: pairs of epoch minutes, flat. */
export const isAtWork = (work: readonly number[], now: Temporal.Instant): boolean =>
  isIn(work, minuteOf(now));

/** Returns whether a minute is in a set of them. */
function isIn(set: readonly number[], minute: number): boolean {
  for (let i = 0; i < set.length; i += 2)
    if (set[i]! <= minute && minute < set[i + 1]!) return true;
  return false;
}

/** Returns a desk's remaining work when it is absent now: its present shift doesn't count. */
export function workLeft(
  work: readonly number[],
  isGone: boolean,
  now: Temporal.Instant,
): number[] {
  const minute = minuteOf(now);
  const left: number[] = [];
  for (let i = 0; i < work.length; i += 2) {
    const [from, to] = [work[i]!, work[i + 1]!];
    if (!isGone || minute < from || minute >= to) left.push(from, to);
  }
  return left;
}

/** Returns whether a desk is on the board: it works now, a person waits for it, or an agent is there outside the shift. */
export const isShown = ({ isOnShift, waiting, standing }: DeskNow): boolean =>
  isOnShift || waiting > 0 || (standing !== null && standing.state !== 'away');

const ORDER = ['in_call', 'wrap_up', 'available', 'break', 'away'] as const;

/** Sorts desks: those without a connection first, then by state, then in the order of the town file. */
export const inBoardOrder = (desks: readonly DeskNow[]): DeskNow[] =>
  desks.toSorted(
    (a, b) =>
      Number(b.isUnresponsive) - Number(a.isUnresponsive) ||
      ORDER.indexOf(a.standing?.state ?? 'away') - ORDER.indexOf(b.standing?.state ?? 'away'),
  );

/** Returns a person's initials, which distinguish people on a board without their names. Small words within a name are left out. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s-]+/).filter(Boolean);
  const large = words.filter((each) => /^\p{Lu}/u.test(each));
  return (large.length > 0 ? large : words)
    .map((each) => `${[...each][0]?.toUpperCase()}.`)
    .join(' ');
}
