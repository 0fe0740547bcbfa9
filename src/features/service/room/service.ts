import type { Appointment } from '../../../domain/appointment.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import type { EventStream } from '../../../lib/http/streams.ts';
import { createLimiter } from '../../../lib/limiter.ts';
import type { Notifier } from '../../../lib/notifier.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import { insertEvent, lockAppointment } from '../../booking/appointments/service.ts';
import { readById } from '../../booking/appointments/views.ts';
import {
  BACK_SECONDS,
  BEAT_SECONDS,
  FORGET_MINUTES,
  GONE_SECONDS,
  isIn,
  LIMITS,
  offersTo,
  roomStands,
  TOUCH_SECONDS,
} from './rules.ts';
import { createSeating, isTheirs, type Seating } from './seating.ts';
import { readMessage, readSignals } from './signals.ts';
import { forgetSignals, insertMessage, insertSignals, touchSeats } from './store.ts';
import { putOnTrail } from './trail.ts';
import type { Party, Seat, Side } from './types.ts';
import {
  type MessageFound,
  readAsked,
  readGone,
  readMessages,
  readSeat,
  readThere,
} from './views.ts';
import { createWatching } from './watching.ts';

type Refused<R extends string> = { ok: false; reason: R };

/** The room of a video appointment: who is there (`seating.ts`), and what their browsers tell each other so as to meet. */
export interface Room extends Seating {
  /** Passes on to another seat what a page sent. `alone`: nobody who is let in sits there. */
  signal(
    seat: Seat,
    to: string,
    text: string,
  ): Promise<{ ok: true } | Refused<'invalid' | 'alone' | 'not_open' | 'too_often'>>;
  /** Keeps what somebody wrote in the call, and tells those who are in it. `id` is made by their page. */
  say(
    who: Viewer,
    seat: Seat,
    id: string,
    text: string,
  ): Promise<{ ok: true } | Refused<'invalid' | 'not_open' | 'too_often'>>;
  /** What was written in the call, in its order. */
  messages(appointment: Pick<Appointment, 'id' | 'office'>): Promise<MessageFound[]>;
  /** Whose pages are in the room, or wait to be let in. */
  present(appointment: Pick<Appointment, 'id' | 'office'>): Promise<Party[]>;
  /** Goes on by telephone. Asked twice it is said once. */
  byPhone(
    who: Viewer,
    office: number,
    appointment: string,
  ): Promise<{ ok: true } | Refused<'not_found' | 'not_open'>>;
  /** Who asked to go on by telephone; null: nobody. */
  askedBy(appointment: Appointment): Promise<Side | null>;
  /**
   * Tells a page how its room stands, what the others send after the signal `after`, which it was told last, and all that was
   * written. Answers how to stop.
   */
  follow(seat: Seat, stream: EventStream, after: number): Promise<() => void>;
  /** How the room stands, for who may be there at all; null: it is none of theirs. */
  stands(
    who: Viewer,
    office: number,
    appointment: string,
  ): Promise<ReturnType<typeof roomStands> | null>;
  close(): void;
}

export function createRoom(deps: {
  db: Db;
  notifier: Notifier;
  clock: Clock;
  notify(office: number): void;
}): Room {
  const { db, notifier, clock, notify } = deps;
  const watching = createWatching(deps);
  const seating = createSeating(deps);
  const signals = createLimiter(clock, LIMITS.signal);
  const writing = createLimiter(clock, LIMITS.say);
  /** Pages whose stream has ended, until they are back or have left. */
  const away = new Map<string, NodeJS.Timeout>();
  /** How many streams a page has: the one before may end while the next one still begins. */
  const following = new Map<string, number>();

  const stayAway = (seat: Seat) => {
    const ended = clock.now();
    const timer = setTimeout(() => {
      away.delete(seat.id);
      seating.leave(seat, ended).catch(() => {}); // found gone later
    }, BACK_SECONDS * 1000);
    away.set(seat.id, timer.unref());
  };
  const came = ({ id }: Seat) => {
    clearTimeout(away.get(id));
    away.delete(id);
    following.set(id, (following.get(id) ?? 0) + 1);
  };
  const went = (seat: Seat) => {
    const others = (following.get(seat.id) ?? 1) - 1;
    if (others > 0) following.set(seat.id, others);
    else {
      following.delete(seat.id);
      stayAway(seat);
    }
  };

  const tidy = async (): Promise<void> => {
    const now = clock.now();
    await touchSeats(db, watching.seats(), now);
    for (const seat of await readGone(db, now.subtract({ seconds: GONE_SECONDS })))
      await seating.leave(seat, now.subtract({ seconds: GONE_SECONDS }));
    await forgetSignals(db, now.subtract({ minutes: FORGET_MINUTES }));
  };
  const timer = setInterval(() => {
    tidy().catch(() => {}); // the database is away; the next time will do
  }, TOUCH_SECONDS * 1000).unref();

  return {
    ...seating,

    async signal(seat, to, text) {
      if (signals.take(seat.id) > 0) return { ok: false, reason: 'too_often' };
      const result = await within(db, seat.office, async (tx) => {
        const other = isUuid(to) ? await readSeat(tx, to) : null;
        if (other?.appointment !== seat.appointment || other.id === seat.id)
          return { ok: false, reason: 'alone' } as const;
        const sent = readSignals(text, offersTo(seat, other));
        if (!sent) return { ok: false, reason: 'invalid' } as const;
        if (!(await areIn(tx, seat, to))) return { ok: false, reason: 'not_open' } as const;
        await insertSignals(tx, { from: seat, to }, sent, clock.now());
        return { ok: true } as const;
      });
      if (result.ok) notifier.notifyTopic(seat.office, seat.appointment);
      return result;
    },

    async say(who, seat, id, given) {
      const text = readMessage(given);
      if (!text || !isUuid(id)) return { ok: false, reason: 'invalid' };
      if (writing.take(seat.id) > 0) return { ok: false, reason: 'too_often' };
      const author = actorOf(who);
      const isKept = await within(db, seat.office, async (tx) => {
        if (!(await areIn(tx, seat))) return false;
        await insertMessage(tx, seat, { id, author, text }, clock.now());
        return true;
      });
      if (!isKept) return { ok: false, reason: 'not_open' };
      notifier.notifyTopic(seat.office, seat.appointment);
      return { ok: true };
    },

    messages: ({ id, office }) =>
      within(db, office, (tx) => readMessages(tx, [{ appointment: id, after: 0 }])),

    present: ({ id, office }) => within(db, office, (tx) => readThere(tx, id)),

    async byPhone(who, office, id) {
      const result = await within(db, office, async (tx) => {
        const appointment = isUuid(id) ? await lockAppointment(tx, id) : null;
        if (!isTheirs(who, appointment) || who.kind === 'companion')
          return { ok: false, reason: 'not_found' } as const;
        const now = clock.now();
        if (roomStands(appointment, now) !== 'open' || !appointment.citizen.phone)
          return { ok: false, reason: 'not_open' } as const;
        if (await readAsked(tx, id)) return { ok: true } as const;
        await insertEvent(tx, { appointment, kind: 'by_phone', actor: actorOf(who), at: now });
        await putOnTrail(tx, clock, who, appointment, 'by_phone');
        return { ok: true } as const;
      });
      if (result.ok) notify(office);
      return result;
    },

    askedBy: ({ office, id }) => within(db, office, (tx) => readAsked(tx, id)),

    async follow(seat, stream, after) {
      came(seat);
      try {
        await touchSeats(db, [seat.id], clock.now());
        const stop = await watching.begin(seat, stream, after);
        const beat = setInterval(
          () => stream.send({ event: 'here', data: {} }),
          BEAT_SECONDS * 1000,
        );
        return () => {
          clearInterval(beat);
          stop();
          went(seat);
        };
      } catch (error) {
        went(seat);
        throw error;
      }
    },

    stands: (who, office, id) =>
      within(db, office, async (tx) => {
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

/** Nobody is told anything before they are let in, nor tells: who sits there, and whom of the same room they tell it. */
async function areIn(tx: Tx, { id, appointment }: Seat, ...others: string[]): Promise<boolean> {
  const found = await lockAppointment(tx, appointment);
  if (!found) return false;
  for (const each of [id, ...others]) {
    const seat = await readSeat(tx, each);
    if (!seat || !isIn(seat, found.status)) return false;
  }
  return true;
}

export { createStills, type Stills } from './stills.ts';
