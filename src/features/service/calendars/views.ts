import type { Selectable } from 'kysely';
import type { Appointment } from '../../../domain/appointment.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import { readMany } from '../../booking/appointments/views.ts';
import type { Feed, Post } from './types.ts';

const feedFrom = (row: Selectable<Schema['calendar_feed']>): Feed => ({
  id: row.id,
  desk: row.desk_id,
  staff: row.staff_id,
  names: row.names,
  madeAt: row.made_at,
  readOn: row.read_on,
});

export async function readFeed(tx: Tx, id: string): Promise<Feed | null> {
  const query = tx.selectFrom('calendar_feed').selectAll().where('id', '=', id);
  const row = await query.executeTakeFirst();
  return row ? feedFrom(row) : null;
}

/** Returns the feeds of an office, by desk and age; with `staff`, only this person's. */
export async function readFeeds(tx: Tx, office: number, staff?: number): Promise<Feed[]> {
  let query = tx.selectFrom('calendar_feed').selectAll().where('office_id', '=', office);
  if (staff !== undefined) query = query.where('staff_id', '=', staff);
  return (await query.orderBy('desk_id').orderBy('made_at').execute()).map(feedFrom);
}

/** Returns the roles in an office of everybody who works there, by person. */
export function readPosts(db: Db, office: number): Promise<Map<number, Post[]>> {
  return within(db, INSTALLATION, async (tx) => {
    const rows = await tx
      .selectFrom('staff_role')
      .innerJoin('staff', 'staff.id', 'staff_role.staff_id')
      .select(['staff_role.staff_id as staff', 'staff_role.role', 'staff_role.desk_id as desk'])
      .where('staff_role.office_id', '=', office)
      .where('staff.retired_at', 'is', null)
      .execute();
    return Map.groupBy(rows, (each) => each.staff);
  });
}

/** Returns the appointments of a desk that end after an instant, in order of time; also cancelled ones. */
export async function readOfDesk(
  tx: Tx,
  desk: number,
  since: Temporal.Instant,
): Promise<Appointment[]> {
  const rows = await tx
    .selectFrom('appointment')
    .select('id')
    .where('desk_id', '=', desk)
    .where('ends', '>', moment(since))
    .where('status', '<>', 'cancelled')
    .execute();
  const found = await readMany(
    tx,
    rows.map((each) => each.id),
  );
  return found.sort((a, b) => Temporal.Instant.compare(a.start, b.start));
}
