import type { Appointment } from '../../../domain/appointment.ts';
import { can } from '../../../domain/roles.ts';
import type { Rota } from '../../../domain/rota.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { minuteAtOrAfter, workTimes } from '../../booking/slots/rules.ts';
import type { RotaRows } from '../../foundation/offices/types.ts';
import { holds, timeOf } from '../coordination/rules.ts';
import { startsOn } from './shifts.ts';
import type {
  Affected,
  DayDifference,
  KeptResolution,
  Outcome,
  Resolution,
  RotaDay,
} from './types.ts';

export { type CalendarRead, type LeftOut, readCalendar } from './calendar-file.ts';
export { applyEdit, type EditContext, isDay, isMoment, MOST_COPIES } from './edits.ts';
export { daysAfter } from './shifts.ts';
export { daysOf, mondayOf, readWeek, WEEKS_AHEAD, weekCode } from './weeks.ts';

/** Who sees and changes everybody's rota. */
export const mayChangeRota = (viewer: StaffViewer): boolean => can(viewer, 'change_rota');

/** A desk's day as the rows have it, closed or not. */
export function dayIn({ shifts, absences }: RotaRows, desk: number, day: string): RotaDay {
  const next = Temporal.PlainDate.from(day).add({ days: 1 }).toString();
  const isIn = (each: { desk: number; from: string; to: string }) =>
    each.desk === desk && each.from < `${next}T00:00` && each.to > `${day}T00:00`;
  return {
    day,
    shifts: shifts
      .filter((each) => each.desk === desk && startsOn(each, day))
      .map(({ id, from, to, since, until }) => ({ id, from, to, once: since === until }))
      .sort((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1)),
    absences: absences
      .filter(isIn)
      .map(({ id, from, to, why }) => ({
        id,
        from: from < `${day}T00:00` ? '00:00' : from.slice(11),
        to: to >= `${next}T00:00` ? '24:00' : to.slice(11),
        why,
      }))
      .sort((a, b) => (a.from < b.from ? -1 : 1)),
  };
}

/** A desk's days: its rows are sought once, not for each day. */
export function daysIn(rows: RotaRows, desk: number, days: readonly string[]): RotaDay[] {
  const own = ofDesk(rows, desk);
  return days.map((day) => dayIn(own, desk, day));
}

/** What two days have in common or not, whichever rows it comes from. */
const contentOf = ({ shifts, absences }: RotaDay): string =>
  JSON.stringify([
    shifts.map(({ from, to }) => [from, to]),
    absences.map(({ from, to }) => [from, to]),
  ]);

/** The rows of each desk that has any, as text: what they say, whichever rows they are. */
function byDesk({ shifts, absences }: RotaRows): Map<number, string> {
  const textOf = ({ id: _, ...row }: RotaRows['shifts' | 'absences'][number]) =>
    JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  const rows = Map.groupBy([...shifts, ...absences], (each) => each.desk);
  return new Map([...rows].map(([desk, own]) => [desk, own.map(textOf).sort().join()]));
}

/** The desks of which a change makes anything another. */
export function changedDesks(before: RotaRows, after: RotaRows): number[] {
  const [was, is] = [byDesk(before), byDesk(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter(
    (each) => was.get(each) !== is.get(each),
  );
}

/** The rows of one desk. */
const ofDesk = ({ shifts, absences }: RotaRows, desk: number): RotaRows => ({
  shifts: shifts.filter((each) => each.desk === desk),
  absences: absences.filter((each) => each.desk === desk),
});

/** The days among these that a change of some desks makes others, desk by desk. */
export function differences(
  before: RotaRows,
  after: RotaRows,
  desks: readonly number[],
  days: readonly string[],
): DayDifference[] {
  return desks.flatMap((desk) => {
    const [was, is] = [ofDesk(before, desk), ofDesk(after, desk)];
    return days
      .map((day) => ({ desk, before: dayIn(was, desk, day), after: dayIn(is, desk, day) }))
      .filter((each) => contentOf(each.before) !== contentOf(each.after));
  });
}

/** An office's rota with other rows. */
export function rotaWith(rota: Rota, { shifts, absences }: RotaRows): Rota {
  const [byShift, byAbsence] = [
    Map.groupBy(shifts, (each) => each.desk),
    Map.groupBy(absences, (each) => each.desk),
  ];
  const desks = rota.desks.map((desk) => ({
    ...desk,
    shifts: byShift.get(desk.id) ?? [],
    absences: byAbsence.get(desk.id) ?? [],
  }));
  return { ...rota, desks };
}

type Hour = Pick<Appointment, 'desk' | 'start' | 'end'>;

/** When an appointment is attended: at its hour, or, where that has come already, from now on. Epoch minutes. */
function stretchesOf({ start, end }: Hour, now: Temporal.Instant): [number, number][] {
  const [from, to] = [minuteAtOrAfter(start), minuteAtOrAfter(end)];
  const late = minuteAtOrAfter(now);
  return from < late
    ? [
        [from, to],
        [late, late + to - from],
      ]
    : [[from, to]];
}

const spanOf = (appointments: readonly Hour[], now: Temporal.Instant, timeZone: string) => {
  const days = appointments
    .flatMap((each) => [each.start, each.end, now])
    .map((each) => each.toZonedDateTimeISO(timeZone).toPlainDate().toString())
    .sort();
  return [days[0] ?? '', days.at(-1) ?? ''] as const;
};

/** A rota with no desks but those of the appointments: the times of the others needn't be worked out. */
function ofAppointments(rota: Rota, appointments: readonly Hour[]): Rota {
  const desks = new Set(appointments.map(({ desk }) => desk));
  return { ...rota, desks: rota.desks.filter(({ id }) => desks.has(id)) };
}

/** The appointments whose desk works at their hour by one rota and doesn't by the other. */
export function affected<A extends Hour>(
  before: Rota,
  after: Rota,
  appointments: readonly A[],
  now: Temporal.Instant,
): A[] {
  if (appointments.length === 0) return [];
  const [first, last] = spanOf(appointments, now, before.timeZone);
  const times = (rota: Rota) => workTimes(ofAppointments(rota, appointments), first, last);
  const [was, is] = [times(before), times(after)];
  return appointments.filter((each) =>
    stretchesOf(each, now).some(
      ([from, to]) =>
        holds(timeOf(was, each.desk).work, from, to) &&
        !holds(timeOf(is, each.desk).work, from, to),
    ),
  );
}

/** The appointments at whose hour their desk doesn't work. */
export function outside<A extends Hour>(rota: Rota, appointments: readonly A[]): A[] {
  if (appointments.length === 0) return [];
  const [first, last] = spanOf(appointments, appointments[0]!.start, rota.timeZone);
  const times = workTimes(ofAppointments(rota, appointments), first, last);
  return appointments.filter(({ desk, start, end }) => {
    return !holds(timeOf(times, desk).work, minuteAtOrAfter(start), minuteAtOrAfter(end));
  });
}

/** What is done with an appointment when nobody says otherwise: another desk, else other hours. */
export const proposed = ({ to }: Affected): Resolution => to ?? 'offer';

/** What came of an appointment that lost its desk, as it stands now. */
export function outcomeOf(
  { desk, start, resolution }: KeptResolution,
  now: Appointment,
): Outcome['now'] {
  if (now.displacedAt && now.status === 'booked') return 'waits';
  if (now.status !== 'booked' && now.status !== 'arrived') return 'over';
  if (now.start.toString() !== start) return 'moved';
  if (now.desk !== desk) return 'reassigned';
  return resolution === 'leave' ? 'left' : 'moved';
}
