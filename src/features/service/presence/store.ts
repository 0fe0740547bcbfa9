import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Change, Signs, State } from './types.ts';

/** Somebody at a desk, and when. */
export interface Stamp {
  office: number;
  desk: number;
  /** An id of the staff. */
  staff: number;
  now: Temporal.Instant;
}

/** Writes down a desk at which nobody has been before; whoever did so first at the same time stays. Answers whether it did. */
export async function insertDesk(tx: Tx, { office, desk, staff, now }: Stamp): Promise<boolean> {
  const at = now.toString();
  const row = await tx
    .insertInto('presence')
    .values({
      desk_id: desk,
      office_id: office,
      staff_id: staff,
      state: 'available',
      since: at,
      said: 'available',
      said_at: at,
      said_why: 'came',
      acted_at: at,
      seen_at: at,
    })
    .onConflict((conflict) => conflict.column('desk_id').doNothing())
    .returning('desk_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Appends what changed at a desk whose row the transaction has locked, and keeps the last of it. */
export async function insertChanges(
  tx: Tx,
  { office, desk }: Pick<Stamp, 'office' | 'desk'>,
  changes: readonly (Omit<Change, 'from'> & { from: State | null; actor: string })[],
): Promise<void> {
  const last = changes.at(-1);
  if (!last) return;
  await tx
    .insertInto('presence_event')
    .values(
      changes.map(({ from, to, at, why, actor }) => ({
        office_id: office,
        desk_id: desk,
        from_state: from,
        to_state: to,
        at: at.toString(),
        why,
        actor,
      })),
    )
    .execute();
  await tx
    .updateTable('presence')
    .set({ state: last.to, since: last.at.toString() })
    .where('desk_id', '=', desk)
    .execute();
}

/** Keeps what was said at a desk. */
export async function updateSaid(tx: Tx, desk: number, said: Signs['said']): Promise<void> {
  await tx
    .updateTable('presence')
    .set({ said: said.state, said_at: said.at.toString(), said_why: said.why })
    .where('desk_id', '=', desk)
    .execute();
}

/** Keeps that somebody asked for a page at a desk. */
export async function updateActed(tx: Tx, { desk, staff, now }: Stamp): Promise<void> {
  await tx
    .updateTable('presence')
    .set({ staff_id: staff, acted_at: now.toString(), seen_at: now.toString() })
    .where('desk_id', '=', desk)
    .execute();
}

/** Keeps that pages are open at all these desks, of any office, in one statement. */
export async function updateSeen(
  db: Db,
  desks: readonly number[],
  now: Temporal.Instant,
): Promise<void> {
  if (desks.length === 0) return;
  await within(db, INSTALLATION, (tx) =>
    tx
      .updateTable('presence')
      .set({ seen_at: now.toString() })
      .where('desk_id', 'in', desks)
      .where('seen_at', '<', moment(now))
      .execute(),
  );
}

/** Destroys changes from before. Answers how many. */
export async function deleteChanges(db: Db, before: Temporal.Instant): Promise<number> {
  const done = await within(db, INSTALLATION, (tx) =>
    tx.deleteFrom('presence_event').where('at', '<', moment(before)).executeTakeFirst(),
  );
  return Number(done.numDeletedRows);
}
