import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Db, INSTALLATION, type Tx, within } from '../../lib/db/database.ts';
import { moment } from '../../lib/db/moment.ts';
import type { Seat, Side, Signal } from './types.ts';

/** Takes a seat; who sat there of the same side has left. */
export async function takeSeat(
  tx: Tx,
  on: { body: number; appointment: string; side: Side },
  now: Temporal.Instant,
): Promise<Seat> {
  await tx
    .updateTable('seat')
    .set({ left_at: now.toString() })
    .where('appointment_id', '=', on.appointment)
    .where('side', '=', on.side)
    .where('left_at', 'is', null)
    .execute();
  const id = randomUUID();
  const at = now.toString();
  const { body, appointment, side } = on;
  await tx
    .insertInto('seat')
    .values({ id, body_id: body, appointment_id: appointment, side, since: at, seen_at: at })
    .execute();
  return { id, ...on };
}

/** Answers whether somebody sat there and left. `lastSeen`: only who wasn't seen after that, at another process perhaps. */
export async function leaveSeat(
  tx: Tx,
  id: string,
  now: Temporal.Instant,
  lastSeen: Temporal.Instant,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('seat')
    .set({ left_at: now.toString() })
    .where('id', '=', id)
    .where('left_at', 'is', null)
    .where('seen_at', '<=', moment(lastSeen))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function touchSeats(
  db: Db,
  ids: readonly string[],
  now: Temporal.Instant,
): Promise<void> {
  if (ids.length === 0) return;
  await within(db, INSTALLATION, (tx) =>
    tx
      .updateTable('seat')
      .set({ seen_at: now.toString() })
      .where('id', 'in', ids)
      .where('left_at', 'is', null)
      .execute(),
  );
}

export async function insertSignals(
  tx: Tx,
  to: { body: number; seat: string },
  signals: readonly Signal[],
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .insertInto('signal')
    .values(
      signals.map((each) => ({
        body_id: to.body,
        seat_id: to.seat,
        at: now.toString(),
        data: JSON.stringify(each),
      })),
    )
    .execute();
}

/** What isn't needed any more: it holds network addresses. */
export async function forgetSignals(db: Db, before: Temporal.Instant): Promise<void> {
  await within(db, INSTALLATION, async (tx) => {
    await tx.deleteFrom('signal').where('at', '<', moment(before)).execute();
    await sql`delete from seat where left_at < ${before.toString()}::timestamptz`.execute(tx);
  });
}
