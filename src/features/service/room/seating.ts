import type { Appointment } from '../../../domain/appointment.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { createLimiter } from '../../../lib/limiter.ts';
import { isUuid } from '../../../lib/uuid.ts';
import {
  actorOf,
  type ColleagueViewer,
  type StaffViewer,
  type Viewer,
} from '../../../lib/viewer.ts';
import { appendEvent, changeStatus, lockAppointment } from '../../booking/appointments/service.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import { aboutAppointment, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import { isTheirs, mayAttend } from '../encounter/rules.ts';
import { isSameParty, LIMITS, mayTalk, roomStands } from './rules.ts';
import { leaveSeat, takeSeat } from './store.ts';
import type { Party, Seat, Side } from './types.ts';
import { hasPlace, isThere, readSeat } from './views.ts';

type Refused<R extends string> = { ok: false; reason: R };

/** The seats of a room, and the people who take them. */
export interface Seating {
  /**
   * Enters a room. A citizen who enters makes the appointment `arrived`. Staff enter after the encounter has begun, and only the
   * agent who has it, or a colleague who was asked in; the beginning also admits the citizen. `again`: the page comes back by itself, and is refused when the same
   * person has another page there (`taken`). `too_often`: a page that enters in a loop.
   */
  enter(
    who: Viewer,
    office: number,
    appointment: string,
    again?: boolean,
  ): Promise<{ ok: true; seat: Seat } | Refused<'not_found' | 'not_open' | 'taken' | 'too_often'>>;
  /** A seat of theirs that is still taken, or null. */
  seat(who: Viewer, office: number, appointment: string, id: string): Promise<Seat | null>;
  /** Leaves a seat, unless its page was seen after `lastSeen`. */
  leave(seat: Seat, lastSeen?: Temporal.Instant): Promise<void>;
}

export interface SeatingDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
}

export function createSeating({ db, clock, unit }: SeatingDeps): Seating {
  const limiter = createLimiter(clock, LIMITS.enter);
  const isAllowed = (who: Viewer, id: string) => limiter.take(`${id} ${actorOf(who)}`) === 0;
  return {
    enter: (who, office, id, isAgain = false) =>
      unit(who, office, (each) => enter(each, { id, isAgain, isAllowed })),

    async seat(who, office, appointment, id) {
      if (!isUuid(id) || !isUuid(appointment)) return null;
      const seat = await within(db, office, (tx) => readSeat(tx, id));
      const isThis = seat?.appointment === appointment && isSameParty(seat, partyOf(who));
      return isThis && isOwn(who, seat) ? seat : null;
    },

    leave: (seat, lastSeen = clock.now()) =>
      unit(sitterIn(seat), seat.office, (each) => leave(each, seat, lastSeen)),
  };
}

interface Entry {
  /** Of the appointment. */
  id: string;
  isAgain: boolean;
  isAllowed(who: Viewer, id: string): boolean;
}

async function enter(unit: Unit, { id, isAgain, isAllowed }: Entry): ReturnType<Seating['enter']> {
  const { tx, viewer, office, now } = unit;
  const appointment = isUuid(id) ? await lockAppointment(tx, id) : null;
  if (!appointment || !isTheirRoom(viewer, appointment)) return { ok: false, reason: 'not_found' };
  const isOpen = roomStands(appointment, now) === 'open';
  if (!isOpen || (isOfStaff(viewer) && appointment.status !== 'in_progress'))
    return { ok: false, reason: 'not_open' };
  if (viewer.kind === 'staff' && !mayTalk(await readEvents(tx, id), actorOf(viewer)))
    return { ok: false, reason: 'not_found' };
  if (viewer.kind === 'colleague' && !(await hasPlace(tx, viewer)))
    return { ok: false, reason: 'not_found' };
  const party = partyOf(viewer);
  const isBack = await isThere(tx, id, party);
  if (isAgain && isBack) return { ok: false, reason: 'taken' };
  if (!isAllowed(viewer, id)) return { ok: false, reason: 'too_often' };
  const staff = isOfStaff(viewer) ? viewer.staff : null;
  const seat = await takeSeat(tx, { office, appointment: id, staff, ...party }, now);
  await unit.record('entered', { ...aboutAppointment(appointment), topic: id });
  if (viewer.kind === 'citizen' && appointment.status === 'booked') {
    await changeStatus(unit, appointment, 'arrived');
    await appendEvent(unit, { appointment, kind: 'arrived' });
  }
  // The agent is told that a companion is there.
  if (!isBack && party.companion)
    await appendEvent(unit, { appointment, kind: 'companion_arrived' });
  return { ok: true, seat };
}

async function leave(unit: Unit, seat: Seat, lastSeen: Temporal.Instant): Promise<void> {
  const { tx, now } = unit;
  const appointment = await lockAppointment(tx, seat.appointment);
  if (!appointment || !(await leaveSeat(tx, seat.id, now, lastSeen))) return;
  if (seat.side === 'citizen' && appointment.status === 'arrived') {
    await changeStatus(unit, appointment, 'booked');
    await appendEvent(unit, { appointment, kind: 'left' });
  }
  if (seat.companion && roomStands(appointment, now) === 'open')
    await appendEvent(unit, { appointment, kind: 'companion_left' });
  unit.tell(seat.appointment);
}

/** Returns the viewer in a seat. Staff who leave are not named, since nothing is recorded of it. */
export function sitterIn({ office, appointment, side, companion, ...seat }: Seat): Viewer {
  const { colleague: request, staff } = seat;
  if (request && staff) return { kind: 'colleague', staff, office, appointment, request };
  if (companion) return { kind: 'companion', companion, appointment };
  if (side === 'citizen') return { kind: 'citizen', appointment };
  return { kind: 'system', why: 'a seat was left' };
}

const partyOf = (who: Viewer): Party => ({
  side: sideOf(who),
  companion: who.kind === 'companion' ? who.companion : null,
  colleague: who.kind === 'colleague' ? who.request : null,
});

function sideOf({ kind }: Viewer): Side {
  if (kind === 'staff') return 'agent';
  return kind === 'companion' || kind === 'colleague' ? kind : 'citizen';
}

/** Returns whether a seat is not that of another member of staff. */
const isOwn = (who: Viewer, seat: Seat): boolean =>
  !isOfStaff(who) ||
  (seat.staff === who.staff && (who.kind === 'colleague' || mayAttend(who, seat)));

const isOfStaff = (who: Viewer): who is StaffViewer | ColleagueViewer =>
  who.kind === 'staff' || who.kind === 'colleague';

/**
 * Returns whether a person may be in the room of an appointment: also a companion, by a link of their own, and a colleague of the
 * agent, whose place is looked up when they enter.
 */
export function isTheirRoom(who: Viewer, appointment: Appointment): boolean {
  if (who.kind === 'companion') return who.appointment === appointment.id;
  if (who.kind === 'colleague')
    return who.appointment === appointment.id && who.office === appointment.office;
  return isTheirs(who, appointment);
}
