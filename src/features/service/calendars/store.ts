import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { saveBusy } from '../../foundation/offices/service.ts';
import { isLeftAlone } from './rules.ts';
import type { SealedCredential } from './sealing.ts';
import type { Entry, Feed, Synced } from './types.ts';

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

export async function insertConnection(
  { tx, office, now }: Unit,
  made: Omit<
    Synced,
    | 'office'
    | 'madeAt'
    | 'skipped'
    | 'seenAt'
    | 'failures'
    | 'trouble'
    | 'nextTryAt'
    | 'leasedUntil'
    | 'mark'
    | 'readFrom'
    | 'isEnded'
  > & { by: number },
): Promise<boolean> {
  const at = now.toString();
  const row = await tx
    .insertInto('calendar_connection')
    .values({
      id: made.id,
      office_id: office,
      desk_id: made.desk,
      staff_id: made.staff,
      kind: made.kind,
      address: made.address,
      username: made.username,
      sealed: made.sealed,
      key_version: made.keyVersion,
      calendar: made.calendar,
      calendar_name: made.calendarName,
      reads: made.reads,
      writes: made.writes,
      names: made.names,
      made_at: at,
      made_by: made.by,
      next_try_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Columns of a connection that its pages change. */
export type ConnectionChange = Partial<
  Pick<
    Synced,
    'calendar' | 'calendarName' | 'reads' | 'writes' | 'names' | 'sealed' | 'keyVersion' | 'desk'
  >
>;

/** Changes a connection, which is read and written anew: at once, or when its server lets us. */
export async function changeConnection(
  { tx, now }: Pick<Unit, 'tx' | 'now'>,
  of: Pick<Synced, 'id' | 'trouble' | 'nextTryAt'>,
  change: ConnectionChange,
): Promise<void> {
  const { id } = of;
  await tx
    .updateTable('calendar_connection')
    .set({
      ...(change.calendar !== undefined && { calendar: change.calendar }),
      ...(change.calendarName !== undefined && { calendar_name: change.calendarName }),
      ...(change.reads !== undefined && { reads: change.reads }),
      ...(change.writes !== undefined && { writes: change.writes }),
      ...(change.names !== undefined && { names: change.names }),
      ...(change.sealed !== undefined && { sealed: change.sealed }),
      ...(change.keyVersion !== undefined && { key_version: change.keyVersion }),
      ...(change.desk !== undefined && { desk_id: change.desk }),
      mark: null,
      ...(!isLeftAlone(of, now) && { failures: 0, trouble: null, next_try_at: now.toString() }),
    })
    .where('id', '=', id)
    .execute();
  await forgetWritten(tx, id);
}

/** Has everything written into a calendar again. */
const forgetWritten = (tx: Tx, id: string) =>
  tx.updateTable('calendar_entry').set({ version: null }).where('connection_id', '=', id).execute();

/** Ends a connection with its busy times: a worker takes back what was written, and then deletes it. */
export async function endConnection(
  unit: Pick<Unit, 'tx' | 'office' | 'now'>,
  of: Pick<Synced, 'id' | 'desk' | 'trouble' | 'nextTryAt'>,
): Promise<void> {
  const now = unit.now.toString();
  const next = isLeftAlone(of, unit.now) ? of.nextTryAt.toString() : now;
  await unit.tx
    .updateTable('calendar_connection')
    .set({ ended_at: now, next_try_at: next, failures: 0, trouble: null })
    .where('id', '=', of.id)
    .execute();
  await saveBusy(unit, { source: of.id, desk: of.desk }, []);
}

/** Seals what opens a connection with another version of the key, unless it was changed meanwhile. */
export async function resealConnection(
  tx: Tx,
  { id, sealed }: Pick<Synced, 'id' | 'sealed'>,
  anew: SealedCredential,
): Promise<void> {
  await tx
    .updateTable('calendar_connection')
    .set({ sealed: anew.sealed, key_version: anew.keyVersion })
    .where('id', '=', id)
    .where('sealed', '=', sealed)
    .execute();
}

/** Returns what opens a connection, which nobody else changes before the transaction ends; null: there is nothing. */
export async function lockCredential(tx: Tx, id: string): Promise<SealedCredential | null> {
  const row = await tx
    .selectFrom('calendar_connection')
    .select(['sealed', 'key_version as keyVersion'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row?.sealed ? { sealed: row.sealed, keyVersion: row.keyVersion } : null;
}

/** Keeps what opens a connection from now on. */
export async function saveCredential(
  tx: Tx,
  id: string,
  { sealed, keyVersion }: SealedCredential,
): Promise<void> {
  await tx
    .updateTable('calendar_connection')
    .set({ sealed, key_version: keyVersion })
    .where('id', '=', id)
    .execute();
}

/** Deletes a connection with its busy times. Returns whether there were any. */
export async function deleteConnection(
  unit: Pick<Unit, 'tx' | 'office'>,
  { id, desk }: Pick<Synced, 'id' | 'desk'>,
): Promise<boolean> {
  await unit.tx.deleteFrom('calendar_connection').where('id', '=', id).execute();
  return saveBusy(unit, { source: id, desk }, []);
}

/**
 * Returns whether a connection still is one of its desk. Nobody ends it or gives it to another desk before the transaction ends: whoever
 * does so afterwards finds what it wrote.
 */
export async function holdConnection(
  tx: Tx,
  { id, desk }: Pick<Synced, 'id' | 'desk'>,
): Promise<boolean> {
  const row = await tx
    .selectFrom('calendar_connection')
    .select('id')
    .where('id', '=', id)
    .where('desk_id', '=', desk)
    .where('ended_at', 'is', null)
    .forShare()
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes a connection for a while, if it is due or one of `also`, so that no other worker talks to its server. */
export async function leaseConnection(
  tx: Tx,
  also: readonly string[],
  {
    now,
    until,
    except,
  }: { now: Temporal.Instant; until: Temporal.Instant; except: readonly number[] },
): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    update calendar_connection set leased_until = ${until.toString()}
    where id = (
      select id from calendar_connection
      where calendar is not null and office_id <> all (${sql.val([...except])}::integer[])
        and (leased_until is null or leased_until <= ${now.toString()})
        and (next_try_at <= ${now.toString()} or id = any (${sql.val([...also])}::uuid[]))
      order by next_try_at limit 1 for update skip locked
    ) returning id`.execute(tx);
  return rows[0]?.id ?? null;
}

/**
 * Frees a connection, and notes how talking to its server went, unless it was changed meanwhile: then it is due again, and what was found out
 * is no longer about it. Every change sets when it is next tried.
 */
export async function noteSync(
  tx: Tx,
  { id, leasedUntil, nextTryAt }: Pick<Synced, 'id' | 'leasedUntil' | 'nextTryAt'>,
  done: {
    now: Temporal.Instant;
    next: Temporal.Instant;
    failures: number;
    trouble: string | null;
    read: { mark: string; readFrom: string; skipped: number } | null;
  },
): Promise<void> {
  const { now, next, failures, trouble, read } = done;
  if (!leasedUntil) return;
  const freed = await tx
    .updateTable('calendar_connection')
    .set({ leased_until: now.toString() })
    .where('id', '=', id)
    .where('leased_until', '=', moment(leasedUntil))
    .executeTakeFirst();
  if (freed.numUpdatedRows === 0n) return;
  await tx
    .updateTable('calendar_connection')
    .set({
      failures,
      trouble,
      next_try_at: next.toString(),
      ...(trouble === null && { seen_at: now.toString() }),
      ...(read && { mark: read.mark, read_from: read.readFrom, skipped: read.skipped }),
    })
    .where('id', '=', id)
    .where('next_try_at', '=', moment(nextTryAt))
    .execute();
}

/** Adds the row of an appointment that is about to be written, or gives the one that there is its new digest. */
export async function oweEntry(
  tx: Tx,
  office: number,
  connection: string,
  appointment: string,
): Promise<void> {
  await tx
    .insertInto('calendar_entry')
    .values({
      connection_id: connection,
      appointment_id: appointment,
      office_id: office,
      remote: null,
      version: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Notes what was written of an appointment. */
export async function noteEntry(
  tx: Tx,
  connection: string,
  { appointment, remote, written, version }: Entry & { version: Temporal.Instant },
): Promise<void> {
  await tx
    .updateTable('calendar_entry')
    .set({ remote, written, version: version.toString() })
    .where('connection_id', '=', connection)
    .where('appointment_id', '=', appointment)
    .execute();
}

export async function deleteEntry(tx: Tx, connection: string, appointment: string): Promise<void> {
  await tx
    .deleteFrom('calendar_entry')
    .where('connection_id', '=', connection)
    .where('appointment_id', '=', appointment)
    .execute();
}
