import { type Appointment, type AppointmentEvent, askOf } from '../../../domain/appointment.ts';
import { minutesTaken, type OccupancyPolicy } from '../../../domain/occupancy.ts';
import type { Office } from '../../../domain/office/types.ts';
import { can } from '../../../domain/roles.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import {
  instantOf,
  minuteAtOrAfter,
  subtract,
  type WorkTime,
  workTimes,
} from '../../booking/slots/rules.ts';
import type { Claim } from '../../booking/slots/service.ts';
import type { DeskState, Ineligibility, Stretch, ToPlace } from './types.ts';

export {
  compareOutlooks,
  fitsIn,
  hasCome,
  isPromiseBroken,
  type LateCall,
  lateCallFor,
  outlookOf,
  owedOf,
  type Uncalled,
  unfitFor,
} from './outlook.ts';
export { holds, ineligibilityFor, placeAll } from './placing.ts';

/** Whether somebody sees everybody's day and gives appointments to other desks. */
export const mayCoordinate = (viewer: StaffViewer): boolean => can(viewer, 'coordinate');

/** Returns whether a coordinator may overrule this reason. */
export const mayOverrule = (ineligibility: Ineligibility): boolean =>
  ineligibility === 'not_working' ||
  ineligibility === 'absent' ||
  ineligibility === 'skill' ||
  ineligibility === 'language' ||
  ineligibility === 'channel';

/** How long somebody is given at least to choose another hour, whenever their own would have been. */
export const CHOOSE_HOURS = 2;

const HOLDS: ReadonlySet<string> = new Set(['started', 'saved', 'taken_over', 'handed_over']);

/** Returns the event of the person who has an encounter: the last who began it, wrote in it, took it over or got it. */
export const holderOf = <E extends Pick<AppointmentEvent, 'kind' | 'actor'>>(
  events: readonly E[],
): E | null => events.findLast((each) => HOLDS.has(each.kind)) ?? null;

/**
 * The time that an appointment takes of a desk: its own, or, where its hour has come already, as much from now on: whoever
 * attends it then begins then.
 */
function stretchOf(
  { start, end, channel }: Pick<Appointment, 'start' | 'end' | 'channel'>,
  policy: OccupancyPolicy,
  now: Temporal.Instant,
): Stretch {
  const from = Math.max(minuteAtOrAfter(start), minuteAtOrAfter(now));
  const duration = Math.round(start.until(end).total('minutes'));
  return {
    from,
    to: from + duration,
    busyUntil: from + minutesTaken(policy, { channel, duration }),
  };
}

export function toPlace(appointment: Appointment, office: Office, now: Temporal.Instant): ToPlace {
  const { id, desk, displacedAt, start } = appointment;
  return {
    id,
    ...askOf(appointment),
    desk: displacedAt ? null : desk,
    day: start.toZonedDateTimeISO(office.timeZone).toPlainDate().toString(),
    ...stretchOf(appointment, office.settings.slots, now),
  };
}

/** A stretch of time as the database is asked for it. */
export function claimOf({ from, to, busyUntil }: Stretch, desks: number[], office: Office): Claim {
  const start = instantOf(from);
  const midnight = start.toZonedDateTimeISO(office.timeZone).startOfDay();
  return {
    desks,
    start,
    end: instantOf(to),
    busyUntil: instantOf(busyUntil),
    day: { start: midnight.toInstant(), end: midnight.add({ days: 1 }).toInstant() },
  };
}

const NOTHING = { busy: [], minutes: new Map<string, number>(), assignedAt: null };

/** The desks of an office as its rota has them on the day of a stretch; what they have booked is left to the database. */
export function rotaDesks(office: Office, day: string): DeskState[] {
  const times = workTimes(office.rota, day, day);
  return office.rota.desks.map((desk) => ({ ...desk, ...timeOf(times, desk.id), ...NOTHING }));
}

export const timeOf = (times: ReadonlyMap<number, WorkTime>, id: number): WorkTime =>
  times.get(id) ?? { work: [], away: [], elsewhere: [] };

/** When a desk's work ends that goes on now or begins next on that day; null: it has none left. Epoch minutes. */
export function endOfShift({ work }: WorkTime, now: number, dayEnd: number): number | null {
  let end: number | null = null;
  for (let i = 0; i < work.length; i += 2)
    if (work[i + 1]! > now && work[i]! < dayEnd) end = work[i + 1]!;
  return end;
}

/** The stretches of `work` that nothing takes, from `after` on, as pairs of epoch minutes. */
export function freeOf(
  work: readonly number[],
  taken: readonly number[],
  after: number,
): [number, number][] {
  const left = subtract(work, taken);
  const pairs: [number, number][] = [];
  for (let i = 0; i < left.length; i += 2) {
    const from = Math.max(left[i]!, after);
    if (from < left[i + 1]!) pairs.push([from, left[i + 1]!]);
  }
  return pairs;
}
