import { minutesTaken, type OccupancyPolicy } from '../../../domain/occupancy.ts';
import type { Office, OfficeDesk } from '../../../domain/office/types.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import type { WorkTime } from '../../booking/slots/rules.ts';
import {
  instantOf,
  mergeIntervals,
  minuteAtOrAfter,
  subtract,
  workTimes,
} from '../../booking/slots/rules.ts';
import { createThrottledAudit } from '../../foundation/audit/service.ts';
import { expectedStarts } from '../delays/rules.ts';
import type { Turn } from '../delays/types.ts';
import { readTurns } from '../delays/views.ts';
import { dayOf, isStillOpen, minutesBetween, situationOf } from '../encounter/rules.ts';
import type { DayEntry } from '../encounter/types.ts';
import { readDay } from '../encounter/views.ts';
import type { CoordinationDeps } from './deps.ts';
import { type DesksNow, readDesksNow } from './desks-now.ts';
import { freeOf, mayCoordinate, timeOf } from './rules.ts';
import type { Board, BoardDesk, BoardEntry, BoardFigures, Gap, Outlook } from './types.ts';
import { readDisplaced } from './views.ts';

export interface BoardReading {
  /** Everybody's day; null: not theirs to see. */
  board(viewer: StaffViewer, office: Office, day: Temporal.PlainDate): Promise<Board | null>;
}

/** On another day than today. */
const NOTHING: Pick<DesksNow, 'outlooks'> = { outlooks: new Map() };

/** Minutes; what is shorter is of no use to anybody. */
const LEAST_GAP = 10;
/** How far ahead “to come soon” reaches. */
const SOON_HOURS = 2;

export function createBoardReading(deps: CoordinationDeps): BoardReading {
  const { clock, unit } = deps;
  const throttledAudit = createThrottledAudit();

  return {
    async board(viewer, office, day) {
      if (!mayCoordinate(viewer) || viewer.office !== office.id) return null;
      const now = clock.now();
      const span = dayOf(day, office.timeZone);
      const isToday =
        Temporal.Instant.compare(now, span.from) >= 0 && Temporal.Instant.compare(now, span.to) < 0;
      const read = await throttledAudit.look(
        `${actorOf(viewer)} ${office.id} ${day}`,
        now,
        (isToRecord) =>
          unit(viewer, office.id, async ({ tx, record }) => {
            const entries = await readDay(tx, { ...span, desk: null }, office.settings.attempts);
            const turns = await readTurns(tx, office.id, { from: span.from, to: span.to });
            const displaced = await readDisplaced(tx, office.id);
            const { outlooks } = isToday ? await readDesksNow(tx, office, now) : NOTHING;
            const data = { day: day.toString(), count: entries.length };
            if (isToRecord) await record('board', { data });
            return { entries, turns, displaced, outlooks };
          }),
      );
      const entries = read.entries.map(
        (each): BoardEntry => ({ ...each, since: each.startedAt ?? each.arrivedAt }),
      );
      const times = workTimes(office.rota, day.toString(), day.toString());
      const late = isToday ? lateBy(read.turns, office, now) : new Map<number, number>();
      const desks = desksOf(office, entries).map((desk) =>
        deskDay(desk, {
          entries: entries.filter((each) => each.desk === desk.id),
          time: timeOf(times, desk.id),
          day: [minuteAtOrAfter(span.from), minuteAtOrAfter(span.to)],
          now: minuteAtOrAfter(now),
          policy: office.settings.slots,
          lateMinutes: late.get(desk.id) ?? 0,
          outlook: read.outlooks.get(desk.id) ?? null,
        }),
      );
      return {
        day,
        ...boundsOf(desks, span),
        desks,
        displaced: read.displaced,
        figures: figuresOf(entries, read.displaced.length, now),
      };
    },
  };
}

/** The office's desks, and those that have retired and still have somebody to attend. */
function desksOf(office: Office, entries: readonly DayEntry[]): OfficeDesk[] {
  const known = new Set(office.desks.map((each) => each.id));
  const others = new Set(entries.map((each) => each.desk).filter((id) => !known.has(id)));
  return [...office.desks, ...[...others].flatMap((id) => office.desk(id) ?? [])];
}

/** Returns by how many minutes the waiting appointments of each desk are likely to begin late. */
function lateBy(
  turns: readonly Turn[],
  office: Office,
  now: Temporal.Instant,
): Map<number, number> {
  const { attempts, notices } = office.settings;
  const late = new Map<number, number>();
  for (const [desk, its] of Map.groupBy(turns, (each) => each.desk)) {
    const expected = expectedStarts(its, attempts.windowMinutes, now);
    const minutes = its.map((each) => {
      const at = expected.get(each.id);
      return at ? minutesBetween(each.start, at) : 0;
    });
    const most = Math.max(0, ...minutes);
    if (most >= notices.lateMinutes) late.set(desk, most);
  }
  return late;
}

interface DeskDay {
  entries: BoardEntry[];
  time: WorkTime;
  /** Epoch minutes. */
  day: [number, number];
  now: number;
  policy: OccupancyPolicy;
  lateMinutes: number;
  outlook: Outlook | null;
}

function deskDay(
  desk: OfficeDesk,
  { entries, time, day, now, policy, lateMinutes, outlook }: DeskDay,
): BoardDesk {
  const taken = mergeIntervals(
    entries.filter((each) => each.status !== 'cancelled').flatMap((each) => takenBy(each, policy)),
  );
  const within = (set: readonly number[]) => subtract(mergeIntervals([...set]), outside(day));
  const pairs = (set: readonly number[], kind: Gap['kind'], after: number): Gap[] =>
    freeOf(within(set), taken, after)
      .filter(([from, to]) => to - from >= LEAST_GAP)
      .map(([from, to]) => ({ kind, from: instantOf(from), to: instantOf(to) }));
  // Only free time from now on can be used.
  const free = pairs(time.work, 'free', Math.max(day[0], now));
  const absent = subtract(time.away, time.elsewhere);
  const elsewhere = pairs(time.elsewhere, 'calendar', day[0]);
  const gaps = [...free, ...pairs(absent, 'away', day[0]), ...elsewhere];
  const left = freeOf(within(time.work), taken, now);
  return {
    desk,
    entries,
    gaps: gaps.toSorted((a, b) => Temporal.Instant.compare(a.from, b.from)),
    lateMinutes,
    outlook,
    freeMinutes: left.reduce((sum, [from, to]) => sum + to - from, 0),
  };
}

/** The stretch of its desk's time that an appointment takes, in epoch minutes. */
function takenBy(
  { start, end, channel }: Pick<DayEntry, 'start' | 'end' | 'channel'>,
  policy: OccupancyPolicy,
): [number, number] {
  const from = minuteAtOrAfter(start);
  const duration = minuteAtOrAfter(end) - from;
  return [from, from + minutesTaken(policy, { channel, duration })];
}

/** All but a day, as far as a set of it reaches. */
const outside = ([from, to]: [number, number]): number[] => [from - 2880, from, to, to + 2880];

/** Whole hours around everything that the board shows; from eight to three where it shows nothing. */
function boundsOf(
  desks: readonly BoardDesk[],
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): Pick<Board, 'from' | 'to'> {
  const all = desks.flatMap((each) => [...each.entries.map(spanOf), ...each.gaps.map(spanOf)]);
  if (all.length === 0) return { from: from.add({ hours: 8 }), to: from.add({ hours: 15 }) };
  const HOUR = 3_600_000;
  const first = Math.min(...all.map((each) => each[0]));
  const last = Math.max(...all.map((each) => each[1]));
  const low = Math.max(from.epochMilliseconds, Math.floor(first / HOUR) * HOUR);
  const high = Math.min(to.epochMilliseconds, Math.ceil(last / HOUR) * HOUR);
  return {
    from: Temporal.Instant.fromEpochMilliseconds(low),
    to: Temporal.Instant.fromEpochMilliseconds(high),
  };
}

const spanOf = (each: Gap | DayEntry): [number, number] =>
  'kind' in each
    ? [each.from.epochMilliseconds, each.to.epochMilliseconds]
    : [each.start.epochMilliseconds, each.end.epochMilliseconds];

function figuresOf(
  entries: readonly DayEntry[],
  displaced: number,
  now: Temporal.Instant,
): BoardFigures {
  const count = (is: (each: DayEntry) => boolean) => entries.filter(is).length;
  const isSoon = ({ status, start }: DayEntry) => {
    const minutes = minutesBetween(now, start);
    return status === 'booked' && minutes >= 0 && minutes < SOON_HOURS * 60;
  };
  return {
    inCall: count((each) => each.status === 'in_progress'),
    soon: count(isSoon),
    late: count((each) => situationOf(each, now) === 'late'),
    noshow: count((each) => each.status === 'noshow'),
    undelivered: count((each) => each.undelivered && isStillOpen(each.status)),
    stoppedResults: count((each) => each.hasStoppedResult),
    displaced,
  };
}
