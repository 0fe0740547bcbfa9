import { type Db, INSTALLATION, type Tx, within } from '../../lib/db/database.ts';
import { moment } from '../../lib/db/moment.ts';
import type { Channel, Status } from '../appointments/types.ts';
import { type Seat, SIDES, type Side } from './types.ts';

/** What a look at a body's rooms finds. */
export interface RoomsSeen {
  appointments: Map<string, Standing>;
  /** Taken, by appointment and side. */
  seats: Map<string, Partial<Record<Side, string>>>;
  byPhone: Map<string, Side>;
  signals: { id: number; seat: string; data: unknown }[];
}

export interface Standing {
  channel: Channel;
  status: Status;
  start: Temporal.Instant;
  end: Temporal.Instant;
}

/** How the rooms of these appointments stand, with the signals to these seats after the one that was told last. */
export async function readRooms(
  tx: Tx,
  appointments: readonly string[],
  seats: readonly string[],
  after: number,
): Promise<RoomsSeen> {
  const rows = await tx
    .selectFrom('appointment')
    .select(['id', 'channel', 'status', 'starts as start', 'ends as end'])
    .where('id', 'in', appointments)
    .execute();
  const taken = await tx
    .selectFrom('seat')
    .select(['id', 'appointment_id', 'side'])
    .where('appointment_id', 'in', appointments)
    .where('left_at', 'is', null)
    .execute();
  const asked = await tx
    .selectFrom('event')
    .select(['appointment_id', 'actor'])
    .where('appointment_id', 'in', appointments)
    .where('kind', '=', 'by_phone')
    .orderBy('id')
    .execute();
  const signals = await tx
    .selectFrom('signal')
    .select(['id', 'seat_id as seat', 'data'])
    .where('seat_id', 'in', seats)
    .where('id', '>', after)
    .orderBy('id')
    .execute();
  const seated: RoomsSeen['seats'] = new Map();
  for (const { appointment_id: of, side, id } of taken)
    seated.set(of, { ...seated.get(of), [sideOf(side)]: id });
  return {
    appointments: new Map(
      rows.map(({ id, ...row }) => [
        id,
        { ...row, channel: row.channel as Channel, status: row.status as Status },
      ]),
    ),
    seats: seated,
    byPhone: new Map(asked.map((each) => [each.appointment_id, askerOf(each.actor)])),
    signals: signals.map((each) => ({ ...each, id: Number(each.id) })),
  };
}

const sideOf = (text: string): Side => SIDES.find((each) => each === text) ?? 'citizen';

/** The seat, if it is still taken. */
export async function readSeat(tx: Tx, id: string): Promise<Seat | null> {
  const row = await tx
    .selectFrom('seat')
    .select(['id', 'body_id as body', 'appointment_id as appointment', 'side'])
    .where('id', '=', id)
    .where('left_at', 'is', null)
    .executeTakeFirst();
  return row ? { ...row, side: sideOf(row.side) } : null;
}

/** Where the other side sits; null: nobody does. */
export async function readOther(tx: Tx, seat: Seat): Promise<string | null> {
  const row = await tx
    .selectFrom('seat')
    .select('id')
    .where('appointment_id', '=', seat.appointment)
    .where('side', '<>', seat.side)
    .where('left_at', 'is', null)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Seats whose pages have not been there since. */
export async function readGone(db: Db, since: Temporal.Instant): Promise<Seat[]> {
  const rows = await within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('seat')
      .select(['id', 'body_id as body', 'appointment_id as appointment', 'side'])
      .where('left_at', 'is', null)
      .where('seen_at', '<', moment(since))
      .execute(),
  );
  return rows.map((row) => ({ ...row, side: sideOf(row.side) }));
}

/** Who asked first to go on by telephone; null: nobody. */
export async function readAsked(tx: Tx, appointment: string): Promise<Side | null> {
  const row = await tx
    .selectFrom('event')
    .select('actor')
    .where('appointment_id', '=', appointment)
    .where('kind', '=', 'by_phone')
    .orderBy('id')
    .executeTakeFirst();
  return row ? askerOf(row.actor) : null;
}

const askerOf = (actor: string): Side => (actor === 'citizen' ? 'citizen' : 'agent');

/** Whether somebody of this side is in the room. */
export async function isThere(tx: Tx, appointment: string, side: Side): Promise<boolean> {
  const row = await tx
    .selectFrom('seat')
    .select('id')
    .where('appointment_id', '=', appointment)
    .where('side', '=', side)
    .where('left_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}
