import { sql } from 'kysely';
import type { EventKind, Status } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import { firstNameOf } from '../../../domain/names.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { type DueSql, earliest } from '../../../lib/jobs/due.ts';
import type { ColleagueViewer } from '../../../lib/viewer.ts';
import { readOpenForms } from '../cases/views.ts';
import { countToFetch } from '../documents/views.ts';
import { askingOf } from '../identifying/rules.ts';
import type { Asking } from '../identifying/types.ts';
import {
  askedAct,
  FORGET_MINUTES,
  GONE_SECONDS,
  isSameParty,
  type RoomFound,
  type Seated,
  stillOf,
} from './rules.ts';
import { type IdentityAsked, type Party, type Seat, SIDES, type Side } from './types.ts';

/** The state of an office's rooms. */
export interface RoomsSeen {
  /** By appointment. */
  rooms: Map<string, RoomFound>;
  signals: { id: number; from: string; to: string; data: unknown }[];
  messages: MessageFound[];
}

/** What is said in a room, and told to who is in it. */
const SAID = [
  'taken_over',
  ...['by_phone', 'still_asked', 'still_agreed', 'still_refused', 'still_kept'],
  ...['identity_asked', 'identified', 'identity_failed'],
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
  /** The companion or the colleague who wrote it, and their name; null: neither did. */
  companion: string | null;
  colleague: string | null;
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

/** How the people of the office are called in its rooms. */
export interface Called {
  /** Whoever attends, by appointment. */
  agents: ReadonlyMap<string, string>;
  /** Whether colleagues have their first names; else nobody reads a name. */
  showsNames: boolean;
}

/** How the rooms stand in which these pages are, with the signals and what was written in the calls that are new to them. */
export async function readRooms(
  tx: Tx,
  pages: readonly Looking[],
  { agents, showsNames }: Called,
  now: Temporal.Instant,
): Promise<RoomsSeen> {
  const appointments = [...new Set(pages.map((each) => each.appointment))];
  const rows = await tx
    .selectFrom('appointment')
    .select(['appointment.id', 'channel', 'status', 'starts as start', 'ends as end'])
    .select('appointment.name as citizen')
    .where('appointment.id', 'in', appointments)
    .execute();
  const taken = await readTaken(tx, appointments, showsNames);
  const joins = named(await readJoins(tx, appointments), showsNames);
  const said = await tx
    .selectFrom('event')
    .select(['appointment_id', 'kind', 'actor', 'at', 'data'])
    .where('appointment_id', 'in', appointments)
    .where('kind', 'in', SAID)
    .orderBy('id')
    .execute();
  const papers = await countToFetch(tx, appointments);
  const forms = await readOpenForms(tx, appointments);
  const rooms = rows.map(({ id, channel, status, start, end, citizen }): [string, RoomFound] => {
    const names = { agent: agents.get(id) ?? '', citizen };
    const theirs = said.filter((each) => each.appointment_id === id);
    const asker = theirs.find((each) => each.kind === 'by_phone');
    const events = theirs.map(({ kind, at, data }) => ({ kind: kind as EventKind, at, data }));
    const stands = { channel: channel as Channel, status: status as Status, start, end };
    const { colleagues, handed } = joinsIn(joins, id, theirs);
    const seated = taken
      .filter((each) => each.appointment === id)
      .map((each): Seated => ({ ...each, name: nameAt(each, names) }));
    const byPhone = asker ? sideOfActor(asker.actor) : null;
    const asked = {
      still: stillOf(events, now),
      identity: identityIn(askingOf(events, now)),
      act: askedAct(events),
      form: forms.get(id) ?? null,
      papers: papers.get(id) ?? 0,
    };
    return [id, { ...stands, names, seats: seated, colleagues, handed, byPhone, ...asked }];
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

const identityIn = (asking: Asking | null): IdentityAsked | null =>
  asking && { state: asking.state, level: asking.state === 'asked' ? asking.level : null };

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

/** The name of a person in a seat: companions and colleagues have their own. */
const nameAt = (
  { side, name }: { side: Side; name: string | null },
  names: RoomFound['names'],
): string => (side === 'agent' || side === 'citizen' ? names[side] : (name ?? ''));

async function readTaken(tx: Tx, appointments: readonly string[], showsNames: boolean) {
  const rows = await selectSeats(tx)
    .select(['companion.name', 'colleague.to_name'])
    .where('seat.appointment_id', 'in', appointments)
    .where('left_at', 'is', null)
    .orderBy('since')
    // Who came in the same moment is named in an order that stays.
    .orderBy(sql`array_position(${[...SIDES]}::text[], side)`)
    .orderBy('seat.id')
    .execute();
  return rows.map(({ name, to_name, ...row }) => ({
    ...toSeat(row),
    name: name ?? (showsNames ? firstNameOf(to_name ?? '') : ''),
  }));
}

/** Seats, and what decides whether their people are in (`isIn`). */
const selectSeats = (tx: Tx) =>
  tx
    .selectFrom('seat')
    .leftJoin('companion', 'companion.id', 'seat.companion_id')
    .leftJoin('colleague_request as colleague', 'colleague.id', 'seat.colleague_id')
    .select(['seat.id', 'seat.office_id as office', 'seat.appointment_id as appointment', 'side'])
    .select(['companion_id as companion', 'colleague_id as colleague', 'staff_id as staff'])
    .select(['companion.admitted_at', 'companion.revoked_at'])
    .select(['colleague.answered_at', 'colleague.ended_at']);

type SeatRow = Awaited<ReturnType<ReturnType<typeof selectSeats>['executeTakeFirstOrThrow']>>;

const toSeat = ({ admitted_at, revoked_at, answered_at, ended_at, side, ...row }: SeatRow) => ({
  ...row,
  side: sideIn(side),
  admittedAt: admitted_at ?? answered_at,
  isRevoked: (revoked_at ?? ended_at) !== null,
});

/** Reads the requests to colleagues that were accepted: those who have a place in the call, and hand-overs. */
const readJoins = (tx: Tx, appointments: readonly string[]) =>
  tx
    .selectFrom('colleague_request')
    .select(['id', 'appointment_id as appointment', 'kind', 'from_name', 'to_name'])
    .select(['answered_at as at', 'ended_at'])
    .where('appointment_id', 'in', appointments)
    .where('answer', '=', 'accepted')
    .orderBy('answered_at')
    .execute();

/** Puts the first names to requests, or none where the office gives none. */
const named = <R extends { from_name: string; to_name: string }>(
  rows: readonly R[],
  showsNames: boolean,
): R[] =>
  rows.map((row) => ({
    ...row,
    from_name: showsNames ? firstNameOf(row.from_name) : '',
    to_name: showsNames ? firstNameOf(row.to_name) : '',
  }));

/** Returns the colleagues of a call, and its last hand-over, unless somebody took it over since. */
function joinsIn(
  joins: Awaited<ReturnType<typeof readJoins>>,
  appointment: string,
  events: readonly { kind: string; at: Temporal.Instant }[],
): Pick<RoomFound, 'colleagues' | 'handed'> {
  const theirs = joins.filter((each) => each.appointment === appointment);
  const colleagues = theirs
    .filter((each) => each.kind === 'join' && each.ended_at === null)
    .map(({ id, to_name }) => ({ id, name: to_name }));
  const last = theirs.findLast(({ kind }) => kind === 'hand_over');
  const takenOver = events.findLast(({ kind }) => kind === 'taken_over');
  const isLost = takenOver && last?.at && Temporal.Instant.compare(takenOver.at, last.at) > 0;
  if (!last?.at || isLost) return { colleagues, handed: null };
  return { colleagues, handed: { from: last.from_name, to: last.to_name, at: last.at } };
}

/** Returns how many places of companions and colleagues are given in a call, or may be any moment. */
export async function countGuests(tx: Tx, appointment: string): Promise<number> {
  const companions = await tx
    .selectFrom('companion')
    .select('id')
    .where('appointment_id', '=', appointment)
    .where('admitted_at', 'is not', null)
    .where('revoked_at', 'is', null)
    .execute();
  const colleagues = await tx
    .selectFrom('colleague_request')
    .select('id')
    .where('appointment_id', '=', appointment)
    .where('kind', '=', 'join')
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('answer', 'is', null), eb('answer', '=', 'accepted')]))
    .execute();
  return companions.length + colleagues.length;
}

/** Returns whether a colleague said yes to a request and still has the place in the call. */
export async function hasPlace(tx: Tx, viewer: ColleagueViewer): Promise<boolean> {
  const row = await tx
    .selectFrom('colleague_request')
    .select('id')
    .where('id', '=', viewer.request)
    .where('appointment_id', '=', viewer.appointment)
    .where('kind', '=', 'join')
    .where('to_staff', '=', viewer.staff)
    .where('answer', '=', 'accepted')
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Reads the messages of calls in order, in each call after the message with this number. */
export async function readMessages(
  tx: Tx,
  calls: readonly { appointment: string; after: number }[],
): Promise<MessageFound[]> {
  const appointments = calls.map(({ appointment }) => appointment);
  const after = calls.map((each) => each.after);
  const { rows } = await sql<MessageFound & { asked: string | null }>`
    select m.number, m.id, known.call as appointment, m.at, m.author, m.companion_id as companion,
      m.colleague_id as colleague, c.name, r.to_name as asked, m.text
    from (
      select call, min(after) as after
      from unnest(${appointments}::uuid[], ${after}::bigint[]) given (call, after) group by call
    ) known
    join encounter t on t.appointment_id = known.call
    join message m on m.encounter_id = t.id and m.number > known.after
    left join companion c on c.id = m.companion_id
    left join colleague_request r on r.id = m.colleague_id
    order by m.number`.execute(tx);
  return rows.map(({ asked, ...row }) => ({
    ...row,
    name: asked === null ? row.name : firstNameOf(asked),
  }));
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
  const row = await selectSeats(tx)
    .where('seat.id', '=', id)
    .where('left_at', 'is', null)
    .where('companion.revoked_at', 'is', null)
    .where('colleague.ended_at', 'is', null)
    .executeTakeFirst();
  return row ? toSeat(row) : null;
}

/** Seats whose pages have not been there since. */
export async function readGone(db: Db, since: Temporal.Instant): Promise<Seat[]> {
  const rows = await within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('seat')
      .select(['id', 'office_id as office', 'appointment_id as appointment', 'side'])
      .select(['companion_id as companion', 'colleague_id as colleague', 'staff_id as staff'])
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
    .select(['side', 'companion_id as companion', 'colleague_id as colleague'])
    .where('appointment_id', '=', appointment)
    .where('left_at', 'is', null)
    .execute();
  return rows.map((row) => ({ ...row, side: sideIn(row.side) }));
}

/** Whether a page of this party is in the room. */
export const isThere = async (tx: Tx, appointment: string, party: Party): Promise<boolean> =>
  (await readThere(tx, appointment)).some((each) => isSameParty(each, party));

/** When the page of the first seat is gone, or something is to be forgotten. */
export const tidyDue: DueSql = earliest(
  sql`select min(seen_at) + ${sql.lit(GONE_SECONDS)} * interval '1 second' from seat where left_at is null`,
  sql`select min(at) + ${sql.lit(FORGET_MINUTES)} * interval '1 minute' from signal`,
  sql`select min(left_at) + ${sql.lit(FORGET_MINUTES)} * interval '1 minute' from seat where left_at is not null`,
);
