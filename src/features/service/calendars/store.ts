import type { Tx } from '../../../lib/db/database.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { Feed } from './types.ts';

/** Adds a feed, or changes the one that the person has of the desk. Returns its id. */
export async function saveFeed(
  { tx, office, now }: Unit,
  feed: Pick<Feed, 'id' | 'desk' | 'staff' | 'names'>,
): Promise<{ id: string; isNew: boolean }> {
  const { id, desk, staff, names } = feed;
  const row = await tx
    .insertInto('calendar_feed')
    .values({
      id,
      office_id: office,
      desk_id: desk,
      staff_id: staff,
      names,
      made_at: now.toString(),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['desk_id', 'staff_id'])
        .doUpdateSet({ names, made_at: now.toString(), read_on: null }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id: row.id, isNew: row.id === id };
}

export async function deleteFeed(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('calendar_feed').where('id', '=', id).execute();
}

/** Records the day of a feed's last reading. */
export async function noteRead(tx: Tx, id: string, day: string): Promise<void> {
  await tx.updateTable('calendar_feed').set({ read_on: day }).where('id', '=', id).execute();
}
