import { sql } from 'kysely';
import type { EventKind, Status } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { askedAct, type RoomFound, type Seated, stillOf } from './rules.ts';
import { type Party, type Seat, SIDES, type Side } from './types.ts';

/** The state of an office's rooms. */
export interface RoomsSeen {
  /** By appointment. */
  rooms: Map<string, RoomFound>;
  signals: { id: number; from: string; to: string; data: unknown }[];
  messages: MessageFound[];
}

/** What is said in a room, and told to who is in it. */
const SAID = [
  ...['by_phone', 'still_asked', 'still_agreed', 'still_refused', 'still_kept'],
  ...['act_prepared', 'act_consented', 'act_declined', 'act_withdrawn', 'act_expired'],
];

/** Something that was written in a call, in its order. */
export interface MessageFound {
  number: number;
  id: string;
  appointment: string;
  at: Temporal.Instant;
  /** As in events. */
  author: string;
  /** Who of them wrote it, and their name; null: no companion did. */
  companion: string | null;
  name: string | null;
  text: string;
}

/** A page that looks on, and what it was told last. */
export interface Looking {
  seat: string;
  appointment: string;
  /** The numbers of a signal and of a message: what is newer is new to it. */
  last: { signal: number; message: number };
}

/**
 * How the rooms stand in which these pages are, with the signals and what was written in the calls that are new to them. `agents`: how
 * whoever attends is called, by appointment.
 */
export async function readRooms(
  tx: Tx,
  pages: readonly Looking[],
  agents: ReadonlyMap<string, string>,
  now: Temporal.Instant,
): Promise<RoomsSeen> {
  const appointments = [...new Set(pages.map((each) => each.appointment))];
  const rows = await tx
    .selectFrom('appointment')
    .select(['appointment.id', 'channel', 'status', 'starts as start', 'ends as end'])
    .select('appointment.name as citizen')
    .where('appointment.id', 'in', appointments)
    .execute();
  const taken = await readTaken(tx, appointments);
  const said = await tx
    .selectFrom('event')
    .select(['appointment_id', 'kind', 'actor', 'at', 'data'])
    .where('appointment_id', 'in', appointments)
    .where('kind', 'in', SAID)
    .orderBy('id')
    .execute();
  const rooms = rows.map(({ id, channel, status, start, end, citizen }): [string, RoomFound] => {
    const names = { agent: agents.get(id) ?? '', citizen };
    const theirs = said.filter((each) => each.appointment_id === id);
    const asker = theirs.find((each) => each.kind === 'by_phone');
    const events = theirs.map(({ kind, at, data }) => ({ kind: kind as EventKind, at, data }));
    const stands = { channel: channel as Channel, status: status as Status, start, end };
    const seated = taken
      .filter((each) => each.appointment === id)
      .map(
        (each): Seated => ({
          ...each,
          name: each.side === 'companion' ? (each.name ?? '') : names[each.side],
        }),
      );
    const byPhone = asker ? sideOfActor(asker.actor) : null;
    const asked = { still: stillOf(events, now), act: askedAct(events) };
    return [id, { ...stands, names, seats: seated, byPhone, ...asked }];
  });
  return {
    rooms: new Map(rooms),
    signals: await readSignals(tx, pages),
    messages: await readMessages(
      tx,
      pages.map(({ appointment, last }) => ({ appointment, after: last.message })),
    ),
  };
}

/** Reads the signals to each page after its last one. */
async function readSignals(tx: Tx, pages: readonly Looking[]): Promise<RoomsSeen['signals']> {
  const seats = pages.map(({ seat }) => seat);
  const last = pages.map((each) => each.last.signal);
  const { rows } = await sql<RoomsSeen['signals'][number]>`
    select s.id, s.from_seat as "from", s.seat_id as "to", s.data
    from unnest(${seats}::uuid[], ${last}::bigint[]) page (seat, last)
    join signal s on s.seat_id = page.seat and s.id > page.last
    order by s.id`.execute(tx);
  return rows;
}

async function readTaken(tx: Tx, appointments: readonly string[]) {
  const rows = await tx
    .selectFrom('seat')
    .leftJoin('companion', 'companion.id', 'seat.companion_id')
    .select(['seat.id', 'seat.appointment_id as appointment', 'side'])
    .select(['companion_id as companion', 'name'])
    .select(['admitted_at as admittedAt', 'revoked_at as revokedAt'])
    .where('seat.appointment_id', 'in', appointments)
    .where('left_at', 'is', null)
    .orderBy('since')
    .execute();
  return rows.map(({ admittedAt, revokedAt, side, ...row }) => ({
    ...{ ...row, side: sideIn(side), admittedAt },
    isRevoked: revokedAt !== null,
  }));
}

/** Reads the messages of calls in order, in each call after the message with this number. */
export async function readMessages(
  tx: Tx,
  calls: readonly { appointment: string; after: number }[],
): Promise<MessageFound[]> {
  const appointments = calls.map(({ appointment }) => appointment);
  const after = calls.map((each) => each.after);
  const { rows } = await sql<MessageFound>`
    select m.number, m.id, known.call as appointment, m.at, m.author, m.companion_id as companion, c.name, m.text
    from (
      select call, min(after) as after
      from unnest(${appointments}::uuid[], ${after}::bigint[]) given (call, after) group by call
    ) known
    join encounter t on t.appointment_id = known.call
    join message m on m.encounter_id = t.id and m.number > known.after
    left join companion c on c.id = m.companion_id
    order by m.number`.execute(tx);
  return rows;
}

const sideIn = (text: string): Side => SIDES.find((each) => each === text) ?? 'citizen';

/** Returns the side of an actor of an event or message. */
export const sideOfActor = (actor: string): Side => {
  const kind = actor.split(':')[0];
  return kind === 'citizen' || kind === 'companion' ? kind : 'agent';
};

/** A seat that is still taken, and what decides whether they are in (`isIn`). */
export async function readSeat(
  tx: Tx,
  id: string,
): Promise<(Seat & Pick<Seated, 'admittedAt' | 'isRevoked'>) | null> {
  const row = await tx
    .selectFrom('seat')
    .leftJoin('companion', 'companion.id', 'seat.companion_id')
    .select(['seat.id', 'seat.office_id as office', 'seat.appointment_id as appointment', 'side'])
    .select(['companion_id as companion', 'admitted_at as admittedAt'])
    .where('seat.id', '=', id)
    .where('left_at', 'is', null)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row ? { ...row, side: sideIn(row.side), isRevoked: false } : null;
}

/** Seats whose pages have not been there since. */
export async function readGone(db: Db, since: Temporal.Instant): Promise<Seat[]> {
  const rows = await within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('seat')
      .select(['id', 'office_id as office', 'appointment_id as appointment', 'side'])
      .select('companion_id as companion')
      .where('left_at', 'is', null)
      .where('seen_at', '<', moment(since))
      .execute(),
  );
  return rows.map((row) => ({ ...row, side: sideIn(row.side) }));
}

/** Returns the side that first asked to go on by telephone; null: none. */
export async function readAsked(tx: Tx, appointment: string): Promise<Side | null> {
  const row = await tx
    .selectFrom('event')
    .select('actor')
    .where('appointment_id', '=', appointment)
    .where('kind', '=', 'by_phone')
    .orderBy('id')
    .executeTakeFirst();
  return row ? sideOfActor(row.actor) : null;
}

/** Reads the people whose pages are in the room. */
export async function readThere(tx: Tx, appointment: string): Promise<Party[]> {
  const rows = await tx
    .selectFrom('seat')
    .select(['side', 'companion_id as companion'])
    .where('appointment_id', '=', appointment)
    .where('left_at', 'is', null)
    .execute();
  return rows.map((row) => ({ ...row, side: sideIn(row.side) }));
}

/** Whether a page of this party is in the room. */
export const isThere = async (tx: Tx, appointment: string, party: Party): Promise<boolean> =>
  (await readThere(tx, appointment)).some(
    ({ side, companion }) => side === party.side && companion === party.companion,
  );
