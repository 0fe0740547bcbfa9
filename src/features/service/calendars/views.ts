import { type Selectable, sql } from 'kysely';
import type { Appointment } from '../../../domain/appointment.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import { afterDeedsIfAny, type DueSql, earliest } from '../../../lib/jobs/due.ts';
import { readMany } from '../../booking/appointments/views.ts';
import { isTroubleKind } from './trouble.ts';
import type { CalendarKind, Entry, Feed, Post, Synced } from './types.ts';

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

const connectionFrom = (row: Selectable<Schema['calendar_connection']>): Synced => ({
  id: row.id,
  office: row.office_id,
  desk: row.desk_id,
  staff: row.staff_id,
  kind: row.kind as CalendarKind,
  address: row.address,
  username: row.username,
  calendar: row.calendar,
  calendarName: row.calendar_name,
  reads: row.reads,
  writes: row.writes,
  names: row.names,
  madeAt: row.made_at,
  skipped: row.skipped,
  seenAt: row.seen_at,
  failures: row.failures,
  trouble: row.trouble && isTroubleKind(row.trouble) ? row.trouble : null,
  nextTryAt: row.next_try_at,
  leasedUntil: row.leased_until,
  sealed: row.sealed,
  keyVersion: row.key_version,
  mark: row.mark,
  readFrom: row.read_from,
  isEnded: row.ended_at !== null,
});

/** Returns a connection that was not ended. */
export async function readConnection(tx: Tx, id: string): Promise<Synced | null> {
  const query = tx.selectFrom('calendar_connection').selectAll().where('id', '=', id);
  const row = await query.where('ended_at', 'is', null).executeTakeFirst();
  return row ? connectionFrom(row) : null;
}

/** Returns the connections of an office that were not ended, by desk. */
export async function readConnections(tx: Tx, office: number): Promise<Synced[]> {
  const rows = await tx
    .selectFrom('calendar_connection')
    .selectAll()
    .where('office_id', '=', office)
    .where('ended_at', 'is', null)
    .orderBy('desk_id')
    .orderBy('made_at')
    .execute();
  return rows.map(connectionFrom);
}

/** Returns a connection that a worker has taken, also an ended one. */
export function readLeased(db: Db, id: string): Promise<Synced | null> {
  return within(db, INSTALLATION, async (tx) => {
    const query = tx.selectFrom('calendar_connection').selectAll().where('id', '=', id);
    const row = await query.executeTakeFirst();
    return row ? connectionFrom(row) : null;
  });
}

/** Returns every entry of a connection, by appointment. */
export async function readEntries(
  tx: Tx,
  connection: string,
): Promise<Map<string, Entry & { version: Temporal.Instant | null }>> {
  const rows = await tx
    .selectFrom('calendar_entry')
    .select(['appointment_id as appointment', 'remote', 'written', 'version'])
    .where('connection_id', '=', connection)
    .execute();
  return new Map(rows.map((each) => [each.appointment, each]));
}

/** Returns the connections whose passwords or tokens another version of the key sealed. */
export function readUnderOther(db: Db, version: number): Promise<Synced[]> {
  return within(db, INSTALLATION, async (tx) => {
    const rows = await tx
      .selectFrom('calendar_connection')
      .selectAll()
      .where('sealed', 'is not', null)
      .where('key_version', '<>', version)
      .execute();
    return rows.map(connectionFrom);
  });
}

/**
 * Returns the connections that work and lack an appointment of their desk, or have one that is no longer its. `since`: by office, the
 * first instant of the days that calendars have.
 */
export function readBehind(db: Db, since: Temporal.Instant): Promise<string[]> {
  return within(db, INSTALLATION, async (tx) => {
    const { rows } = await sql<{ id: string }>`
      select c.id from calendar_connection c
      where c.writes and c.calendar is not null and c.ended_at is null and c.failures = 0 and (
        exists (
          select from appointment a
          where a.desk_id = c.desk_id and a.ends > ${since.toString()} and a.status <> 'cancelled' and a.displaced_at is null
            and not exists (
              select from calendar_entry e
              where e.connection_id = c.id and e.appointment_id = a.id and e.version = a.updated_at
            )
        ) or exists (
          select from calendar_entry e join appointment a on a.id = e.appointment_id
          where e.connection_id = c.id
            and (a.desk_id <> c.desk_id or a.status = 'cancelled' or a.displaced_at is not null)
        )
      )`.execute(tx);
    return rows.map((each) => each.id);
  });
}

/** After each deed while there are feeds: who may see a desk may have changed. */
export const feedsDue = afterDeedsIfAny(sql`select from calendar_feed`);

/** When the first calendar is talked to, and after each deed while there are any. */
export const connectionsDue = (what: string): DueSql =>
  earliest(
    sql`select min(greatest(next_try_at, leased_until)) from calendar_connection where calendar is not null`,
    afterDeedsIfAny(sql`select from calendar_connection`)(what),
  );
