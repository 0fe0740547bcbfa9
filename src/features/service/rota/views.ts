import { sql } from 'kysely';
import type { Appointment } from '../../../domain/appointment.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { DueSql } from '../../../lib/jobs/due.ts';
import { readMany } from '../../booking/appointments/views.ts';
import type { RotaRows } from '../../foundation/offices/types.ts';
import type {
  Closing,
  EnteredAbsence,
  KeptResolution,
  Resolution,
  RotaChange,
  RotaEdit,
} from './types.ts';

/** Returns the shifts and absences of an office, also those of retired desks. */
export async function readRows(tx: Tx, office: number): Promise<RotaRows> {
  const shifts = await tx
    .selectFrom('shift')
    .selectAll()
    .where('office_id', '=', office)
    .orderBy('id')
    .execute();
  const absences = await tx
    .selectFrom('absence')
    .selectAll()
    .where('office_id', '=', office)
    .orderBy('id')
    .execute();
  return {
    shifts: shifts.map((row) => ({
      ...{ id: row.id, desk: row.desk_id, uid: row.uid, weekdays: row.weekdays },
      ...{ from: row.starts, to: row.ends, since: row.since },
      ...(row.until && { until: row.until }),
      ...(row.except_days.length > 0 && { except: row.except_days }),
    })),
    absences: absences.map((row) => ({
      ...{ id: row.id, desk: row.desk_id, from: row.starts, to: row.ends },
      ...{ why: row.why, uid: row.uid },
    })),
  };
}

export async function readRevision(tx: Tx, office: number): Promise<number> {
  const { revision } = await tx
    .selectFrom('office')
    .select('revision')
    .where('id', '=', office)
    .executeTakeFirstOrThrow();
  return revision;
}

/**
 * Returns the times of the appointments of these desks that are still to be served, end after an instant and, if given, begin before
 * another; in order of time.
 */
export async function readWaitingTimes(
  tx: Tx,
  desks: readonly number[],
  span: { endingAfter: Temporal.Instant; before?: Temporal.Instant },
): Promise<Pick<Appointment, 'id' | 'desk' | 'start' | 'end'>[]> {
  if (desks.length === 0) return [];
  let query = tx
    .selectFrom('appointment')
    .select(['id', 'desk_id as desk', 'starts as start', 'ends as end'])
    .where('desk_id', 'in', desks)
    .where('status', 'in', ['booked', 'arrived'])
    .where('displaced_at', 'is', null)
    .where('ends', '>', moment(span.endingAfter));
  if (span.before) query = query.where('starts', '<', moment(span.before));
  return query.orderBy('starts').orderBy('id').execute();
}

/** Returns the appointments of `readWaitingTimes`. */
export async function readWaiting(
  tx: Tx,
  desks: readonly number[],
  span: Parameters<typeof readWaitingTimes>[2],
): Promise<Appointment[]> {
  const times = await readWaitingTimes(tx, desks, span);
  const found = await readInOrder(
    tx,
    times.map((each) => each.id),
  );
  // What another transaction gave to another desk between the two statements is no longer at these.
  return found.filter((each) => desks.includes(each.desk) && each.displacedAt === null);
}

/** Returns appointments in the order of the given ids. */
export async function readInOrder(tx: Tx, ids: readonly string[]): Promise<Appointment[]> {
  const found = new Map((await readMany(tx, ids)).map((each) => [each.id, each]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

interface Row {
  id: number;
  kind: string;
  made_at: Temporal.Instant;
  resolutions: unknown;
}

const fromRow = ({ id, kind, made_at, resolutions }: Row): RotaChange => ({
  id,
  kind: kind as RotaEdit['kind'],
  madeAt: made_at,
  resolutions:
    (resolutions as (Omit<KeptResolution, 'resolution'> & { resolution: Resolution })[]) ?? [],
});

/** Returns a change that was made in an office; null: there is none. */
export async function readChange(tx: Tx, office: number, id: number): Promise<RotaChange | null> {
  const row = await tx
    .selectFrom('rota_change')
    .select(['id', 'kind', 'made_at', 'resolutions'])
    .where('office_id', '=', office)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns the changes of all offices whose appointments are to be settled by now and are not yet. */
export async function readUnsettled(
  db: Db,
  now: Temporal.Instant,
): Promise<{ office: number; change: RotaChange }[]> {
  const rows = await within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('rota_change')
      .select(['id', 'office_id', 'kind', 'made_at', 'resolutions'])
      .where('settled_at', 'is', null)
      .where((eb) => eb.or([eb('settles_at', 'is', null), eb('settles_at', '<=', moment(now))]))
      .orderBy('id')
      .execute(),
  );
  return rows.map((row) => ({ office: row.office_id, change: fromRow(row) }));
}

const selectEntered = (tx: Tx, office: number) =>
  tx
    .selectFrom('absence')
    .innerJoin('rota_change', 'rota_change.id', 'absence.change_id')
    .select((eb) => [
      'absence.id as id',
      'desk_id as desk',
      'starts as from',
      'ends as to',
      'why',
      eb.ref('absence.change_id').$notNull().as('change'),
      eb('rota_change.kind', '=', 'close').$castTo<boolean>().as('isOfClosing'),
    ])
    .where('absence.office_id', '=', office);

/** Returns the absences that were entered in the console and end after a local time, in order. */
export function readEntered(tx: Tx, office: number, after: string): Promise<EnteredAbsence[]> {
  return selectEntered(tx, office)
    .where('ends', '>', after)
    .orderBy('starts')
    .orderBy('absence.id')
    .execute();
}

/** Returns one of them, over or not; null: there is none. */
export async function readOneEntered(
  tx: Tx,
  office: number,
  id: number,
): Promise<EnteredAbsence | null> {
  return (await selectEntered(tx, office).where('absence.id', '=', id).executeTakeFirst()) ?? null;
}

/** Returns the first of them that a change entered; null: there is none. */
export async function readEnteredBy(
  tx: Tx,
  office: number,
  change: number,
): Promise<EnteredAbsence | null> {
  const query = selectEntered(tx, office)
    .where('absence.change_id', '=', change)
    .orderBy('absence.id');
  return (await query.executeTakeFirst()) ?? null;
}

/** Returns one of them that covers a span of a desk; null: there is none. */
export async function readCovering(
  tx: Tx,
  office: number,
  { desk, from, to }: { desk: number; from: string; to: string },
): Promise<EnteredAbsence | null> {
  const query = selectEntered(tx, office)
    .where('desk_id', '=', desk)
    .where('starts', '<=', from)
    .where('ends', '>=', to)
    .orderBy('absence.id');
  return (await query.executeTakeFirst()) ?? null;
}

/** Returns the closing that was made for the same hours and still closes a desk; null: there is none. */
export async function readSameClosing(
  tx: Tx,
  office: number,
  { from, to }: { from: string; to: string },
): Promise<RotaChange | null> {
  const found = await selectEntered(tx, office)
    .where('rota_change.kind', '=', 'close')
    .where('starts', '=', from)
    .where('ends', '=', to)
    .executeTakeFirst();
  return found ? readChange(tx, office, found.change) : null;
}

/** Returns a closing of an office; null: there is none. */
export async function readClosing(tx: Tx, office: number, id: number): Promise<Closing | null> {
  const change = await readChange(tx, office, id);
  if (change?.kind !== 'close') return null;
  const { settles_at, settled_at } = await tx
    .selectFrom('rota_change')
    .select(['settles_at', 'settled_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const absences = await selectEntered(tx, office)
    .where('absence.change_id', '=', id)
    .orderBy('absence.id')
    .execute();
  return { change, absences, settlesAt: settles_at ?? change.madeAt, settledAt: settled_at };
}

/** When the first change of a rota is to be finished. */
export const rotaDue: DueSql = sql`select min(coalesce(settles_at, timestamptz 'epoch')) from rota_change where settled_at is null`;
