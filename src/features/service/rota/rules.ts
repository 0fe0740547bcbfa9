import type { Appointment } from '../../../domain/appointment.ts';
import { can } from '../../../domain/roles.ts';
import { instantAt, type Rota } from '../../../domain/rota.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { mergeIntervals, minuteAtOrAfter, workTimes } from '../../booking/slots/rules.ts';
import type { RotaAbsence, RotaRows } from '../../foundation/offices/types.ts';
import { holds, timeOf } from '../coordination/rules.ts';
import { startsOn } from './shifts.ts';
import type {
  Affected,
  DayDifference,
  KeptResolution,
  Outcome,
  OutsideReason,
  Resolution,
  RotaChange,
  RotaDay,
} from './types.ts';

export { type CalendarRead, type LeftOut, readCalendar } from './calendar-file.ts';
export { applyEdit, type EditContext, isDay, isMoment, MOST_COPIES } from './edits.ts';
export { daysAfter } from './shifts.ts';
export { daysOf, mondayOf, readWeek, WEEKS_AHEAD, weekCode } from './weeks.ts';

/** Whether a viewer may see and change the rota of all desks. */
export const mayChangeRota = (viewer: StaffViewer): boolean => can(viewer, 'change_rota');

/** Returns the instant at which a day begins in a zone. */
export const midnightOf = (day: string, timeZone: string): Temporal.Instant =>
  Temporal.PlainDate.from(day).toZonedDateTime(timeZone).toInstant();

/** Returns the rota of a desk on a day, from the rows. Closures are not considered. */
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

/** Returns the rota of a desk on some days. The rows of the desk are searched once, not for each day. */
export function daysIn(rows: RotaRows, desk: number, days: readonly string[]): RotaDay[] {
  const own = ofDesk(rows, desk);
  return days.map((day) => dayIn(own, desk, day));
}

/** Returns the contents of a day without the ids of its rows, to compare two days. */
const contentOf = ({ shifts, absences }: RotaDay): string =>
  JSON.stringify([
    shifts.map(({ from, to }) => [from, to]),
    absences.map(({ from, to }) => [from, to]),
  ]);

/** Returns the rows of each desk as text without their ids, to compare two rotas. */
function byDesk({ shifts, absences }: RotaRows): Map<number, string> {
  const textOf = ({ id: _, ...row }: RotaRows['shifts' | 'absences'][number]) =>
    JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  const rows = Map.groupBy([...shifts, ...absences], (each) => each.desk);
  return new Map([...rows].map(([desk, own]) => [desk, own.map(textOf).sort().join()]));
}

/** Returns the desks whose rows differ. */
export function changedDesks(before: RotaRows, after: RotaRows): number[] {
  const [was, is] = [byDesk(before), byDesk(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter(
    (each) => was.get(each) !== is.get(each),
  );
}

/** Returns the rows of one desk. */
const ofDesk = ({ shifts, absences }: RotaRows, desk: number): RotaRows => ({
  shifts: shifts.filter((each) => each.desk === desk),
  absences: absences.filter((each) => each.desk === desk),
});

/** Returns the days on which the rota of some desks differs, desk by desk. */
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

/** Returns the rota of an office with other rows. */
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

/** Returns when an appointment is served, in epoch minutes: at its hour and, if that has begun, also from now on. */
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

/** Returns a rota with only the desks of the appointments, so that the times of other desks are not computed. */
function ofAppointments(rota: Rota, appointments: readonly Hour[]): Rota {
  const desks = new Set(appointments.map(({ desk }) => desk));
  return { ...rota, desks: rota.desks.filter(({ id }) => desks.has(id)) };
}

/** Returns the appointments whose desk works at their hour in the first rota and not in the second. */
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

/**
 * Returns the appointments whose desk is in one of these absences at their hour or, if that has begun, from now on. The desk's shifts do
 * not matter: a desk that is absent also attends nobody outside them.
 */
export function during<A extends Hour>(
  absences: readonly RotaAbsence[],
  appointments: readonly A[],
  now: Temporal.Instant,
  timeZone: string,
): A[] {
  const minute = (local: string) => minuteAtOrAfter(instantAt(local, timeZone));
  const spans = absences.map(({ desk, from, to }) => ({
    desk,
    from: minute(from),
    to: minute(to),
  }));
  return appointments.filter((each) =>
    stretchesOf(each, now).some(([from, to]) =>
      spans.some((span) => span.desk === each.desk && from < span.to && to > span.from),
    ),
  );
}

/** Returns the appointments whose desk does not work at their hour, and why. */
export function outside<A extends Hour>(
  rota: Rota,
  appointments: readonly A[],
): { appointment: A; why: OutsideReason }[] {
  if (appointments.length === 0) return [];
  const [first, last] = spanOf(appointments, appointments[0]!.start, rota.timeZone);
  const times = workTimes(ofAppointments(rota, appointments), first, last);
  return appointments.flatMap((appointment) => {
    const { desk, start, end } = appointment;
    const { work, elsewhere } = timeOf(times, desk);
    const isIn = (set: readonly number[]) =>
      holds(set, minuteAtOrAfter(start), minuteAtOrAfter(end));
    if (isIn(work)) return [];
    const why = isIn(mergeIntervals([...work, ...elsewhere])) ? 'calendar' : 'hours';
    return [{ appointment, why }];
  });
}

/** Whether these are the same appointments in the same order. */
export const areSame = (a: readonly Appointment[], b: readonly Appointment[]): boolean =>
  a.length === b.length && a.every((each, nth) => each.id === b[nth]?.id);

/** Returns the resolution that a change keeps for an appointment. Of other desks, only the shown one can be chosen. */
export function keptResolution(
  { appointment, to }: Affected,
  decided: ReadonlyMap<string, Resolution>,
): KeptResolution {
  const { id, desk, start } = appointment;
  const asked = decided.get(id);
  const resolution = asked === 'offer' || asked === 'leave' ? asked : to;
  return { id, desk, start: start.toString(), resolution };
}

/**
 * Whether a change does already what is asked: it has a resolution for every appointment that would lose its desk, and none differs
 * from what is decided.
 */
export function isMade(
  { resolutions }: RotaChange,
  lost: readonly Appointment[],
  decided: ReadonlyMap<string, Resolution>,
): boolean {
  const kept = new Map(resolutions.map((each) => [each.id, each]));
  const isSeenTo = ({ id, desk, start }: Appointment) => {
    const known = kept.get(id);
    if (known?.desk !== desk || known.start !== start.toString()) return false;
    return known.resolution !== 'leave' || decided.get(id) === 'leave';
  };
  const isSame = ([id, wanted]: [string, Resolution]) => kept.get(id)?.resolution === wanted;
  return lost.every(isSeenTo) && [...decided].every(isSame);
}

/** Returns the current state of an appointment that lost its desk. */
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
