import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { EventStream } from '../../../lib/http/streams.ts';
import type { Notifier } from '../../../lib/notifier.ts';
import type { Attendants } from '../attendants/service.ts';
import { isIn, isSameParty, stateOf } from './rules.ts';
import type { Message, Seat } from './types.ts';
import { type Called, type MessageFound, type RoomsSeen, readRooms, sideOfActor } from './views.ts';

interface Watched {
  seat: Seat;
  stream: EventStream;
  /** The last that it was told of each. */
  last: { signal: number; message: number };
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

export interface WatchingDeps {
  db: Db;
  notifier: Pick<Notifier, 'listen' | 'listenToTopics'>;
  clock: Clock;
  attendants: Pick<Attendants, 'ofAll' | 'showsNames'>;
}

export function createWatching({ db, notifier, clock, attendants }: WatchingDeps): Watching {
  /** The pages of each office. */
  const all = new Map<number, Set<Watched>>();

  const read = async (office: number, rooms: ReadonlySet<string> | null): Promise<void> => {
    const watched = [...(all.get(office) ?? [])].filter(
      ({ seat }) => !rooms || rooms.has(seat.appointment),
    );
    if (watched.length === 0) return;
    const pages = watched.map(({ seat, last }) => ({
      seat: seat.id,
      appointment: seat.appointment,
      last,
    }));
    const appointments = [...new Set(pages.map((each) => each.appointment))];
    const called: Called = {
      agents: await attendants.ofAll(office, appointments),
      showsNames: await attendants.showsNames(office),
    };
    const seen = await within(db, office, (tx) => readRooms(tx, pages, called, clock.now()));
    for (const each of watched) tell(each, seen, clock.now());
  };
  const look = oneAtATime(read);

  const stops = [
    notifier.listen((office) => {
      for (const each of office === null ? all.keys() : [office])
        if (all.has(each)) void look(each, null);
    }),
    notifier.listenToTopics((office, appointment) => {
      if (all.has(office)) void look(office, appointment);
    }),
  ];

  return {
    async begin(seat, stream, after) {
      const watched = { seat, stream, last: { signal: after, message: 0 }, told: '' };
      const same = all.get(seat.office) ?? new Set();
      all.set(seat.office, same.add(watched));
      await look(seat.office, seat.appointment);
      return () => {
        same.delete(watched);
        if (same.size === 0 && all.get(seat.office) === same) all.delete(seat.office);
      };
    },
    seats: () => [...all.values()].flatMap((each) => [...each].map(({ seat }) => seat.id)),
    close: () => {
      for (const each of stops) each();
    },
  };
}

/** A read that is still to begin: of some rooms of an office, or of all (null). */
interface Look {
  rooms: Set<string> | null;
  done: Promise<void>;
}

/**
 * Returns a `read` that runs once at a time for each office. Those who ask for a room, or for all (null), while it runs share the
 * next run.
 */
function oneAtATime(
  read: (office: number, rooms: ReadonlySet<string> | null) => Promise<void>,
): (office: number, room: string | null) => Promise<void> {
  const running = new Map<number, Promise<void>>();
  const next = new Map<number, Look>();
  return (office, room) => {
    const waiting = next.get(office);
    if (waiting) {
      if (room === null) waiting.rooms = null;
      else waiting.rooms?.add(room);
      return waiting.done;
    }
    const begin = () => {
      next.delete(office);
      return read(office, mine.rooms);
    };
    const done = (running.get(office) ?? Promise.resolve())
      .then(begin)
      .catch(() => {}) // without the database there is no news either; the next one will do
      .finally(() => {
        if (running.get(office) === done) running.delete(office);
      });
    const mine: Look = { rooms: room === null ? null : new Set([room]), done };
    next.set(office, mine);
    running.set(office, done);
    return done;
  };
}

function tell(watched: Watched, seen: RoomsSeen, now: Temporal.Instant): void {
  const { seat, stream, last } = watched;
  const state = stateOf(seat, seen.rooms.get(seat.appointment) ?? null, now);
  const said = JSON.stringify(state);
  if (said !== watched.told) stream.send({ event: 'room', data: state });
  watched.told = said;
  for (const { id, to, from, data } of seen.signals) {
    if (to !== seat.id || id <= last.signal || typeof data !== 'object' || !data) continue;
    stream.send({ event: 'signal', id, data: { from, signal: data } });
    last.signal = id;
  }
  for (const each of messagesFor(seat, seen)) {
    if (each.number <= last.message) continue;
    stream.send({ event: 'message', data: toTell(each, seat, seen) });
    last.message = each.number;
  }
}

/** Returns the messages of the call for a person in it; a companion gets those since they were let in. */
function messagesFor(seat: Seat, { rooms, messages }: RoomsSeen): MessageFound[] {
  const room = rooms.get(seat.appointment);
  const mine = room?.seats.find(({ id }) => id === seat.id);
  if (!room || !mine || !isIn(mine, room.status)) return [];
  const since = mine.admittedAt;
  return messages.filter(
    ({ appointment, at }) =>
      appointment === seat.appointment && (!since || Temporal.Instant.compare(at, since) >= 0),
  );
}

function toTell(found: MessageFound, seat: Seat, { rooms }: RoomsSeen): Message {
  const { id, author, companion, colleague, text } = found;
  const side = colleague ? 'colleague' : sideOfActor(author);
  const names = rooms.get(seat.appointment)?.names;
  const name = side === 'companion' || side === 'colleague' ? found.name : names?.[side];
  const isMine = isSameParty(seat, { side, companion, colleague });
  return { id, side, name: name ?? '', isMine, text };
}
