import type { Bell } from '../../lib/bell.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Db, within } from '../../lib/db/database.ts';
import type { EventStream } from '../../lib/http/streams.ts';
import { roomStands } from './rules.ts';
import type { RoomState, Seat } from './types.ts';
import { type RoomsSeen, readRooms } from './views.ts';

interface Watched {
  seat: Seat;
  stream: EventStream;
  /** The last signal that it was told. */
  last: number;
  /** How the room stood when it was told last, as text. */
  told: string;
}

/** All pages in rooms that have their stream at this process. */
export interface Watching {
  /** Tells the page what it wasn't told yet: `after` is the last signal that it was. Answers how to stop. */
  begin(seat: Seat, stream: EventStream, after: number): Promise<() => void>;
  seats(): string[];
  close(): void;
}

export function createWatching(deps: { db: Db; bell: Bell; clock: Clock }): Watching {
  const { db, bell, clock } = deps;
  const all = new Map<number, Set<Watched>>();
  const looking = new Map<number, Promise<void>>();
  const again = new Set<number>();

  const read = async (body: number): Promise<void> => {
    const watched = [...(all.get(body) ?? [])];
    if (watched.length === 0) return;
    const seen = await within(db, body, (tx) =>
      readRooms(
        tx,
        [...new Set(watched.map((each) => each.seat.appointment))],
        watched.map((each) => each.seat.id),
        Math.min(...watched.map((each) => each.last)),
      ),
    );
    for (const each of watched) tell(each, seen, clock.now());
  };

  /** One look at a time for each body; who rings meanwhile has it looked at again. */
  const look = (body: number): Promise<void> => {
    again.add(body);
    const running = looking.get(body);
    if (running) return running;
    const loop = async () => {
      while (again.delete(body)) await read(body);
    };
    const started = loop()
      .catch(() => {}) // without the database there is no news either; the next ring will do
      .finally(() => looking.delete(body));
    looking.set(body, started);
    return started;
  };

  const stopHearing = bell.hear((body) => {
    for (const each of body === null ? all.keys() : [body]) if (all.has(each)) void look(each);
  });

  return {
    async begin(seat, stream, after) {
      const watched: Watched = { seat, stream, last: after, told: '' };
      const same = all.get(seat.body) ?? new Set();
      all.set(seat.body, same.add(watched));
      await look(seat.body);
      return () => {
        same.delete(watched);
        if (same.size === 0 && all.get(seat.body) === same) all.delete(seat.body);
      };
    },
    seats: () => [...all.values()].flatMap((each) => [...each].map(({ seat }) => seat.id)),
    close: stopHearing,
  };
}

function tell(watched: Watched, seen: RoomsSeen, now: Temporal.Instant): void {
  const { seat, stream } = watched;
  const state = stateOf(seat, seen, now);
  const said = JSON.stringify(state);
  if (said !== watched.told) stream.send({ event: 'room', data: state });
  watched.told = said;
  for (const { id, seat: to, data } of seen.signals) {
    if (to !== seat.id || id <= watched.last || typeof data !== 'object' || !data) continue;
    stream.send({ event: 'signal', id, data });
    watched.last = id;
  }
}

function stateOf(seat: Seat, seen: RoomsSeen, now: Temporal.Instant): RoomState {
  const appointment = seen.appointments.get(seat.appointment);
  const seats = seen.seats.get(seat.appointment) ?? {};
  const isOver = !appointment || roomStands(appointment, now) === 'over';
  const isIn = appointment?.status === 'in_progress';
  const phase = isOver
    ? 'over'
    : seats[seat.side] !== seat.id
      ? 'taken'
      : isIn
        ? 'admitted'
        : 'waiting';
  const them = seats[seat.side === 'agent' ? 'citizen' : 'agent'] ?? null;
  return { phase, them, byPhone: seen.byPhone.get(seat.appointment) ?? null };
}
