import type { Appointment } from '../../../domain/appointment.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { createLimiter } from '../../../lib/limiter.ts';
import type { Notifier } from '../../../lib/notifier.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import { changeStatus, insertEvent, lockAppointment } from '../../booking/appointments/service.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import { unitInside } from '../../foundation/audit/service.ts';
import { mayAttend } from '../encounter/rules.ts';
import { LIMITS, mayTalk, roomStands } from './rules.ts';
import { leaveSeat, takeSeat } from './store.ts';
import { putOnTrail } from './trail.ts';
import type { Party, Seat } from './types.ts';
import { isThere, readSeat } from './views.ts';

type Refused<R extends string> = { ok: false; reason: R };

/** Who is in a room, and in whose place. */
export interface Seating {
  /**
   * Enters. The citizen who waits makes the appointment `arrived`; staff enters once it is begun, which is what admits the
   * citizen: whoever has the encounter, and no colleague who looks. `again`: comes back by itself, and not where another page
   * of theirs is by now (`taken`). `too_often`: who goes in and out in a loop.
   */
  enter(
    who: Viewer,
    office: number,
    appointment: string,
    again?: boolean,
  ): Promise<{ ok: true; seat: Seat } | Refused<'not_found' | 'not_open' | 'taken' | 'too_often'>>;
  /** A seat of theirs that is still taken, or null. */
  seat(who: Viewer, office: number, appointment: string, id: string): Promise<Seat | null>;
  /** `lastSeen`: only who wasn't seen after that. */
  leave(seat: Seat, lastSeen?: Temporal.Instant): Promise<void>;
}

export function createSeating(deps: {
  db: Db;
  clock: Clock;
  notifier: Notifier;
  notify(office: number): void;
}): Seating {
  const { db, clock, notifier, notify } = deps;
  const limiter = createLimiter(clock, LIMITS.enter);

  /** Answers whether they weren't there yet. */
  const arrive = async (tx: Tx, appointment: Appointment): Promise<boolean> => {
    if (appointment.status !== 'booked') return false;
    const now = clock.now();
    await changeStatus(unitOfCitizen(tx, appointment, now), appointment, 'arrived');
    await insertEvent(tx, { appointment, kind: 'arrived', actor: 'citizen', at: now });
    return true;
  };

  /** Those in the room see who sits there; everybody else, what happens to the appointment. */
  const announce = (office: number, appointment: string, isNews: boolean) => {
    if (isNews) notify(office);
    else notifier.notifyTopic(office, appointment);
  };

  /** Who comes along is there, or is there no more: whoever attends hears of it. */
  const tell = async (
    tx: Tx,
    appointment: Appointment,
    companion: string,
    kind: 'companion_arrived' | 'companion_left',
  ): Promise<void> => {
    const actor = `companion:${companion}`;
    await insertEvent(tx, { appointment, kind, actor, at: clock.now() });
  };

  return {
    async enter(who, office, id, again = false) {
      const party = partyOf(who);
      const result = await within(db, office, async (tx) => {
        const appointment = isUuid(id) ? await lockAppointment(tx, id) : null;
        if (!isTheirs(who, appointment)) return { ok: false, reason: 'not_found' } as const;
        const isOpen = roomStands(appointment, clock.now()) === 'open';
        if (!isOpen || (who.kind === 'staff' && appointment.status !== 'in_progress'))
          return { ok: false, reason: 'not_open' } as const;
        if (who.kind === 'staff' && !mayTalk(await readEvents(tx, id), actorOf(who)))
          return { ok: false, reason: 'not_found' } as const;
        const isBack = await isThere(tx, id, party);
        if (again && isBack) return { ok: false, reason: 'taken' } as const;
        if (limiter.take(`${id} ${actorOf(who)}`) > 0)
          return { ok: false, reason: 'too_often' } as const;
        const seat = await takeSeat(tx, { office, appointment: id, ...party }, clock.now());
        await putOnTrail(tx, clock, who, appointment, 'entered');
        const isArrived = who.kind === 'citizen' && (await arrive(tx, appointment));
        const newcomer = isBack ? null : party.companion;
        if (newcomer) await tell(tx, appointment, newcomer, 'companion_arrived');
        return { ok: true, seat, isNews: isArrived || newcomer !== null } as const;
      });
      if (!result.ok) return result;
      announce(office, id, result.isNews);
      return { ok: true, seat: result.seat };
    },

    async seat(who, office, appointment, id) {
      if (!isUuid(id) || !isUuid(appointment)) return null;
      const seat = await within(db, office, (tx) => readSeat(tx, id));
      const { side, companion } = partyOf(who);
      const isThis =
        seat?.appointment === appointment && seat.side === side && seat.companion === companion;
      return isThis && (who.kind !== 'staff' || mayAttend(who, seat)) ? seat : null;
    },

    async leave(seat, lastSeen = clock.now()) {
      const left = await within(db, seat.office, async (tx) => {
        const appointment = await lockAppointment(tx, seat.appointment);
        const now = clock.now();
        if (!appointment || !(await leaveSeat(tx, seat.id, now, lastSeen))) return null;
        const isWaiting = seat.side === 'citizen' && appointment.status === 'arrived';
        if (isWaiting) {
          await changeStatus(unitOfCitizen(tx, appointment, now), appointment, 'booked');
          await insertEvent(tx, { appointment, kind: 'left', actor: 'citizen', at: now });
        }
        const goer = roomStands(appointment, now) === 'open' ? seat.companion : null;
        if (goer) await tell(tx, appointment, goer, 'companion_left');
        return { isNews: isWaiting || goer !== null };
      });
      if (left) announce(seat.office, seat.appointment, left.isNews);
    },
  };
}

const partyOf = (who: Viewer): Party => ({
  side: who.kind === 'staff' ? 'agent' : who.kind === 'companion' ? 'companion' : 'citizen',
  companion: who.kind === 'companion' ? who.companion : null,
});

/** Whose room it is: the citizen's, of who comes along by a link of their own, and of staff who may attend it. */
export function isTheirs(who: Viewer, found: Appointment | null): found is Appointment {
  if (!found) return false;
  if (who.kind === 'staff') return mayAttend(who, found);
  return (who.kind === 'citizen' || who.kind === 'companion') && who.appointment === found.id;
}

const unitOfCitizen = (tx: Tx, { id, office }: Appointment, now: Temporal.Instant) =>
  unitInside(tx, { viewer: { kind: 'citizen', appointment: id }, office, now });
