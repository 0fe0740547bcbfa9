import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { createLimiter } from '../../../lib/limiter.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf } from '../../../lib/viewer.ts';
import { lockAppointment } from '../../booking/appointments/service.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { findEncounter } from '../encounter/views.ts';
import { isIn, LIMITS, offersTo } from './rules.ts';
import { sitterIn } from './seating.ts';
import type { Room } from './service.ts';
import { readMessage, readSignals } from './signals.ts';
import { insertMessage, insertSignals } from './store.ts';
import type { Seat } from './types.ts';
import { readMessages, readSeat } from './views.ts';

export interface TalkingDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
}

/** Passes on what pages in a room tell each other: signals, so as to connect, and what people write. */
export function createTalking({
  db,
  clock,
  unit,
}: TalkingDeps): Pick<Room, 'signal' | 'say' | 'messages'> {
  const signals = createLimiter(clock, LIMITS.signal);
  const writing = createLimiter(clock, LIMITS.say);
  return {
    async signal(seat, to, text) {
      if (signals.take(seat.id) > 0) return { ok: false, reason: 'too_often' };
      return unit(sitterIn(seat), seat.office, (each) => passOn(each, seat, to, text));
    },

    async say(who, seat, id, given) {
      const text = readMessage(given);
      if (!text || !isUuid(id)) return { ok: false, reason: 'invalid' };
      if (writing.take(seat.id) > 0) return { ok: false, reason: 'too_often' };
      return unit(who, seat.office, (each) => say(each, seat, id, text));
    },

    messages: ({ id, office }) =>
      within(db, office, (tx) => readMessages(tx, [{ appointment: id, after: 0 }])),
  };
}

async function passOn(
  { tx, now, tell }: Unit,
  seat: Seat,
  to: string,
  text: string,
): ReturnType<Room['signal']> {
  const other = isUuid(to) ? await readSeat(tx, to) : null;
  if (other?.appointment !== seat.appointment || other.id === seat.id)
    return { ok: false, reason: 'alone' };
  const sent = readSignals(text, offersTo(seat, other));
  if (!sent) return { ok: false, reason: 'invalid' };
  if (!(await areIn(tx, seat, to))) return { ok: false, reason: 'not_open' };
  await insertSignals(tx, { from: seat, to }, sent, now);
  tell(seat.appointment);
  return { ok: true };
}

async function say(
  { tx, viewer, now, tell }: Unit,
  seat: Seat,
  id: string,
  text: string,
): ReturnType<Room['say']> {
  if (!(await areIn(tx, seat))) return { ok: false, reason: 'not_open' };
  const encounter = await findEncounter(tx, seat.appointment);
  if (!encounter) return { ok: false, reason: 'not_open' };
  await insertMessage(tx, seat, { id, author: actorOf(viewer), text, encounter }, now);
  tell(seat.appointment);
  return { ok: true };
}

/** Returns whether the people in these seats were all let in: before that they exchange nothing. */
async function areIn(tx: Tx, { id, appointment }: Seat, ...others: string[]): Promise<boolean> {
  const found = await lockAppointment(tx, appointment);
  if (!found) return false;
  for (const each of [id, ...others]) {
    const seat = await readSeat(tx, each);
    if (!seat || !isIn(seat, found.status)) return false;
  }
  return true;
}
