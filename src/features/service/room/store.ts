import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Forgotten, RetentionPass } from '../../feature.ts';
import type { Seat, Signal } from './types.ts';

/** Takes a seat. An earlier seat of the same party is left. */
export async function takeSeat(tx: Tx, on: Omit<Seat, 'id'>, now: Temporal.Instant): Promise<Seat> {
  const at = now.toString();
  const { office, appointment, side, companion, colleague, staff } = on;
  await tx
    .updateTable('seat')
    .set({ left_at: at })
    .where('appointment_id', '=', appointment)
    .where('side', '=', side)
    .where(sql<boolean>`companion_id is not distinct from ${companion}::uuid`)
    .where(sql<boolean>`colleague_id is not distinct from ${colleague}::uuid`)
    .where('left_at', 'is', null)
    .execute();
  const id = randomUUID();
  await tx
    .insertInto('seat')
    .values({
      id,
      office_id: office,
      appointment_id: appointment,
      side,
      companion_id: companion,
      colleague_id: colleague,
      staff_id: staff,
      since: at,
      seen_at: at,
    })
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
  between: { from: Seat; to: string },
  signals: readonly Signal[],
  now: Temporal.Instant,
): Promise<void> {
  const { from, to } = between;
  await tx
    .insertInto('signal')
    .values(
      signals.map((each) => ({
        ...{ office_id: from.office, seat_id: to, from_seat: from.id },
        ...{ at: now.toString(), data: JSON.stringify(each) },
      })),
    )
    .execute();
}

/** Keeps what was written in a call, with its encounter. The same again is kept once. */
export async function insertMessage(
  tx: Tx,
  by: Seat,
  message: { id: string; author: string; text: string; encounter: string },
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .insertInto('message')
    .values({
      id: message.id,
      office_id: by.office,
      encounter_id: message.encounter,
      at: now.toString(),
      author: message.author,
      companion_id: by.companion,
      colleague_id: by.colleague,
      text: message.text,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Deletes signals and seats that are no longer needed, since signals hold network addresses. */
export async function forgetSignals(db: Db, before: Temporal.Instant): Promise<void> {
  await within(db, INSTALLATION, async (tx) => {
    await tx.deleteFrom('signal').where('at', '<', moment(before)).execute();
    await sql`delete from seat where left_at < ${before.toString()}::timestamptz`.execute(tx);
  });
}

/** Destroys what was written in the calls whose notes are forgotten. */
export async function forgetMessages(
  { tx }: RetentionPass,
  { encounters }: Forgotten,
): Promise<void> {
  if (encounters.length === 0) return;
  await tx.deleteFrom('message').where('encounter_id', 'in', encounters).execute();
}
