import type { Bell } from '../../lib/bell.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Db, type Tx, within } from '../../lib/db/database.ts';
import type { EventStream } from '../../lib/http/streams.ts';
import { isUuid } from '../../lib/uuid.ts';
import { actorOf, type StaffViewer, type Viewer } from '../../lib/viewer.ts';
import { appendEvent, changeStatus, lockAppointment } from '../appointments/service.ts';
import type { Appointment } from '../appointments/types.ts';
import { readById, readEvents } from '../appointments/views.ts';
import { mayAttend } from '../attention/rules.ts';
import { record } from '../audit/service.ts';
import {
  BACK_SECONDS,
  FORGET_MINUTES,
  GONE_SECONDS,
  mayTalk,
  roomStands,
  TOUCH_SECONDS,
} from './rules.ts';
import { readSignals } from './signals.ts';
import { forgetSignals, insertSignals, leaveSeat, takeSeat, touchSeats } from './store.ts';
import type { Seat, Side } from './types.ts';
import { isThere, readAsked, readGone, readOther, readSeat } from './views.ts';
import { createWatching } from './watching.ts';

type Refused<R extends string> = { ok: false; reason: R };

/** The room of a video appointment: who is there, and what their browsers tell each other so as to meet. */
export interface Room {
  /**
   * Enters. Who waits makes the appointment `arrived`; staff enters once it is begun, which is what admits the citizen: whoever
   * has the attention, and no colleague who looks.
   * `again`: comes back by itself, and not where another page of theirs is by now (`taken`).
   */
  enter(
    who: Viewer,
    body: number,
    appointment: string,
    again?: boolean,
  ): Promise<{ ok: true; seat: Seat } | Refused<'not_found' | 'not_open' | 'taken'>>;
  /** A seat of theirs that is still taken, or null. */
  seat(who: Viewer, body: number, appointment: string, id: string): Promise<Seat | null>;
  leave(seat: Seat): Promise<void>;
  /** Passes on to the other side what a page sent. `alone`: nobody is there. */
  signal(
    seat: Seat,
    text: string,
  ): Promise<{ ok: true } | Refused<'invalid' | 'alone' | 'not_open'>>;
  /** Goes on by telephone. Asked twice it is said once. */
  byPhone(
    who: Viewer,
    body: number,
    appointment: string,
  ): Promise<{ ok: true } | Refused<'not_found' | 'not_open'>>;
  /** Who asked to go on by telephone; null: nobody. */
  askedBy(appointment: Appointment): Promise<Side | null>;
  /**
   * Tells a page how its room stands, and what the other side sends after the signal `after`, which it was told last.
   * Answers how to stop.
   */
  follow(seat: Seat, stream: EventStream, after: number): Promise<() => void>;
  /** How the room stands, for who may be there at all; null: it is none of theirs. */
  stands(
    who: Viewer,
    body: number,
    appointment: string,
  ): Promise<ReturnType<typeof roomStands> | null>;
  close(): void;
}

export function createRoom(deps: {
  db: Db;
  bell: Bell;
  clock: Clock;
  wake(body: number): void;
}): Room {
  const { db, clock, wake } = deps;
  const watching = createWatching(deps);
  /** Pages whose stream has ended, until they are back or have left. */
  const away = new Map<string, NodeJS.Timeout>();

  /** Locked, where this viewer may be there. */
  const find = async (tx: Tx, who: Viewer, id: string): Promise<Appointment | null> => {
    const found = isUuid(id) ? await lockAppointment(tx, id) : null;
    return isTheirs(who, found) ? found : null;
  };

  const audit = (tx: Tx, viewer: StaffViewer, appointment: Appointment, action: string) =>
    record(tx, {
      viewer,
      body: appointment.body,
      appointment: appointment.id,
      action,
      now: clock.now(),
      data: { desk: appointment.agent },
    });

  const arrive = async (tx: Tx, appointment: Appointment): Promise<void> => {
    if (appointment.status !== 'booked') return;
    const now = clock.now();
    await changeStatus(tx, appointment, 'arrived', { actor: 'citizen', now });
    await appendEvent(tx, { appointment, kind: 'arrived', actor: 'citizen', at: now });
  };

  const leave = async (seat: Seat, lastSeen = clock.now()): Promise<void> => {
    const hasLeft = await within(db, seat.body, async (tx) => {
      const appointment = await lockAppointment(tx, seat.appointment);
      const now = clock.now();
      if (!appointment || !(await leaveSeat(tx, seat.id, now, lastSeen))) return false;
      if (seat.side === 'citizen' && appointment.status === 'arrived') {
        await changeStatus(tx, appointment, 'booked', { actor: 'citizen', now });
        await appendEvent(tx, { appointment, kind: 'left', actor: 'citizen', at: now });
      }
      return true;
    });
    if (hasLeft) wake(seat.body);
  };

  const stayAway = (seat: Seat) => {
    const ended = clock.now();
    const timer = setTimeout(() => {
      away.delete(seat.id);
      leave(seat, ended).catch(() => {}); // found gone later
    }, BACK_SECONDS * 1000);
    away.set(seat.id, timer.unref());
  };

  const tidy = async (): Promise<void> => {
    const now = clock.now();
    await touchSeats(db, watching.seats(), now);
    for (const seat of await readGone(db, now.subtract({ seconds: GONE_SECONDS })))
      await leave(seat, now.subtract({ seconds: GONE_SECONDS }));
    await forgetSignals(db, now.subtract({ minutes: FORGET_MINUTES }));
  };
  const timer = setInterval(() => {
    tidy().catch(() => {}); // the database is away; the next time will do
  }, TOUCH_SECONDS * 1000).unref();

  return {
    async enter(who, body, id, again = false) {
      const side = who.kind === 'staff' ? 'agent' : 'citizen';
      const result = await within(db, body, async (tx) => {
        const appointment = await find(tx, who, id);
        if (!appointment) return { ok: false, reason: 'not_found' } as const;
        const isOpen = roomStands(appointment, clock.now()) === 'open';
        if (!isOpen || (side === 'agent' && appointment.status !== 'in_progress'))
          return { ok: false, reason: 'not_open' } as const;
        if (who.kind === 'staff' && !mayTalk(await readEvents(tx, id), actorOf(who)))
          return { ok: false, reason: 'not_found' } as const;
        if (again && (await isThere(tx, id, side))) return { ok: false, reason: 'taken' } as const;
        const seat = await takeSeat(tx, { body, appointment: id, side }, clock.now());
        if (who.kind === 'staff') await audit(tx, who, appointment, 'entered');
        else await arrive(tx, appointment);
        return { ok: true, seat } as const;
      });
      if (result.ok) wake(body);
      return result;
    },

    seat: async (who, body, appointment, id) => {
      if (!isUuid(id) || !isUuid(appointment)) return null;
      const side = who.kind === 'staff' ? 'agent' : 'citizen';
      const seat = await within(db, body, (tx) => readSeat(tx, id));
      const isThis = seat?.appointment === appointment && seat.side === side;
      return isThis && (who.kind !== 'staff' || mayAttend(who, seat)) ? seat : null;
    },

    leave: (seat) => leave(seat),

    async signal(seat, text) {
      const signals = readSignals(text, seat.side);
      if (!signals) return { ok: false, reason: 'invalid' };
      const result = await within(db, seat.body, async (tx) => {
        const to = await readOther(tx, seat);
        if (!to) return { ok: false, reason: 'alone' } as const;
        if (!(await isIn(tx, seat))) return { ok: false, reason: 'not_open' } as const;
        await insertSignals(tx, { body: seat.body, seat: to }, signals, clock.now());
        return { ok: true } as const;
      });
      if (result.ok) wake(seat.body);
      return result;
    },

    async byPhone(who, body, id) {
      const result = await within(db, body, async (tx) => {
        const appointment = await find(tx, who, id);
        if (!appointment) return { ok: false, reason: 'not_found' } as const;
        const now = clock.now();
        if (roomStands(appointment, now) !== 'open' || !appointment.citizen.phone)
          return { ok: false, reason: 'not_open' } as const;
        if (await readAsked(tx, id)) return { ok: true } as const;
        await appendEvent(tx, { appointment, kind: 'by_phone', actor: actorOf(who), at: now });
        if (who.kind === 'staff') await audit(tx, who, appointment, 'by_phone');
        return { ok: true } as const;
      });
      if (result.ok) wake(body);
      return result;
    },

    askedBy: ({ body, id }) => within(db, body, (tx) => readAsked(tx, id)),

    async follow(seat, stream, after) {
      clearTimeout(away.get(seat.id));
      away.delete(seat.id);
      await touchSeats(db, [seat.id], clock.now());
      const stop = await watching.begin(seat, stream, after);
      return () => {
        stop();
        if (!watching.seats().includes(seat.id)) stayAway(seat);
      };
    },

    stands: (who, body, id) =>
      within(db, body, async (tx) => {
        const appointment = isUuid(id) ? await readById(tx, id) : null;
        return isTheirs(who, appointment) ? roomStands(appointment, clock.now()) : null;
      }),

    close() {
      clearInterval(timer);
      for (const each of away.values()) clearTimeout(each);
      watching.close();
    },
  };
}

/** Whose room it is: the citizen's, and of staff who may attend it. */
function isTheirs(who: Viewer, found: Appointment | null): found is Appointment {
  if (!found) return false;
  return who.kind === 'staff'
    ? mayAttend(who, found)
    : who.kind === 'citizen' && who.appointment === found.id;
}

/** Nobody is told anything before they are admitted. */
async function isIn(tx: Tx, seat: Seat): Promise<boolean> {
  return (await lockAppointment(tx, seat.appointment))?.status === 'in_progress';
}
