import { sql } from 'kysely';
import type { NoticeWay } from '../../../domain/address.ts';
import type {
  Appointment,
  AppointmentEvent,
  EventKind,
  Repetition,
  Status,
} from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import { extentOf } from '../../../domain/office/bundle.ts';
import { detailsOfRow } from '../../../domain/person.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { type DueSql, NOW } from '../../../lib/jobs/due.ts';

const select = (tx: Tx) =>
  tx
    .selectFrom('appointment')
    .innerJoin('procedure', 'procedure.id', 'appointment.procedure_id')
    .selectAll('appointment')
    .select('procedure.code as procedure');

type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

function fromRow(row: Row): Appointment {
  return {
    id: row.id,
    reference: row.reference,
    office: row.office_id,
    procedure: row.procedure,
    ...extentOf(row),
    channel: row.channel as Channel,
    language: row.language as Language,
    site: row.site,
    noticeLanguage: row.notice_language as Language,
    noticesBy: row.notices_by as NoticeWay | null,
    desk: row.desk_id,
    start: row.starts,
    end: row.ends,
    status: row.status as Status,
    ...detailsOfRow(row),
    externalId: row.external_id,
    link: row.link,
    sequence: row.sequence,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    displacedAt: row.displaced_at,
  };
}

export async function readById(tx: Tx, id: string): Promise<Appointment | null> {
  const row = await select(tx)
    .modifyFront(FREQUENT)
    .where('appointment.id', '=', id)
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Those of these ids, in no order. */
export async function readMany(tx: Tx, ids: readonly string[]): Promise<Appointment[]> {
  if (ids.length === 0) return [];
  return (await select(tx).where('appointment.id', 'in', ids).execute()).map(fromRow);
}

/** Returns the appointment with its row locked until the transaction ends, so that decisions on it stay valid. */
export async function readForUpdate(tx: Tx, id: string): Promise<Appointment | null> {
  const row = await select(tx)
    .where('appointment.id', '=', id)
    .forUpdate('appointment')
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns when the first of a sender's holds ends; null: they have none. */
export async function readFirstEnd(
  tx: Tx,
  sender: Buffer,
  now: Temporal.Instant,
): Promise<Temporal.Instant | null> {
  const row = await tx
    .selectFrom('desk_time')
    .select('hold_until')
    .where('held_by', '=', sender)
    .where('hold_until', '>', moment(now))
    .orderBy('hold_until')
    .limit(1)
    .executeTakeFirst();
  return row?.hold_until ?? null;
}

/** Returns whether any link was ever given out here; only this installation's key can derive it again. */
export function isAnyBooked(db: Db): Promise<boolean> {
  return within(db, INSTALLATION, async (tx) => {
    const row = await tx.selectFrom('appointment').select('id').limit(1).executeTakeFirst();
    return row !== undefined;
  });
}

/** Returns the earlier appointment of the same key, with the hash of its request. */
export async function readRepeated(
  tx: Tx,
  office: number,
  { externalId, idempotencyKey }: Repetition,
): Promise<{ appointment: Appointment; contentHash: Buffer | null } | null> {
  if (!externalId && !idempotencyKey) return null;
  const row = await select(tx)
    .where('appointment.office_id', '=', office)
    .where((eb) =>
      eb.or([
        ...(externalId ? [eb('external_id', '=', externalId)] : []),
        ...(idempotencyKey ? [eb('idempotency_key', '=', idempotencyKey)] : []),
      ]),
    )
    .executeTakeFirst();
  return row ? { appointment: fromRow(row), contentHash: row.content_hash } : null;
}

export async function readEvents(tx: Tx, appointment: string): Promise<AppointmentEvent[]> {
  const rows = await tx
    .selectFrom('event')
    .select(['id', 'kind', 'at', 'actor', 'data'])
    .modifyFront(FREQUENT)
    .where('appointment_id', '=', appointment)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...row, kind: row.kind as EventKind }));
}

/** How often an appointment's contact details were refused since then. */
export async function countRefusedContacts(
  tx: Tx,
  appointment: string,
  since: Temporal.Instant,
): Promise<number> {
  const { refused } = await tx
    .selectFrom('event')
    .select((eb) => eb.fn.countAll<string>().as('refused'))
    .where('appointment_id', '=', appointment)
    .where('kind', '=', 'contact_refused')
    .where('at', '>', moment(since))
    .executeTakeFirstOrThrow();
  return Number(refused);
}

/** Returns whether the stored telephone was found to be another person's, and hasn't been changed since. */
export async function lacksNumber(tx: Tx, appointment: string): Promise<boolean> {
  const { rows } = await sql<{ lacks: boolean }>`
    select lacks_number(${appointment}::uuid) as lacks`.execute(tx);
  return rows[0]?.lacks ?? false;
}

/** The position of the next page: after this start and id. */
export interface Cursor {
  start: string;
  id: string;
}

export interface AppointmentSearch {
  office: number;
  from?: Temporal.Instant | undefined;
  /** Excluded. */
  to?: Temporal.Instant | undefined;
  status?: Status | undefined;
  /** Code of one of its procedures. */
  procedure?: string | undefined;
  channel?: Channel | undefined;
  externalId?: string | undefined;
  desk?: number | undefined;
  after?: Cursor | undefined;
  limit: number;
}

/** In order of start. */
export async function searchAppointments(
  tx: Tx,
  search: AppointmentSearch,
): Promise<Appointment[]> {
  let query = select(tx).where('appointment.office_id', '=', search.office);
  if (search.from) query = query.where('starts', '>=', moment(search.from));
  if (search.to) query = query.where('starts', '<', moment(search.to));
  if (search.status) query = query.where('status', '=', search.status);
  const { procedure } = search;
  if (procedure)
    query = query.where(({ eb, or }) =>
      or([eb('procedure.code', '=', procedure), eb(eb.val(procedure), '=', eb.fn.any('further'))]),
    );
  if (search.channel) query = query.where('channel', '=', search.channel);
  if (search.externalId) query = query.where('external_id', '=', search.externalId);
  if (search.desk) query = query.where('appointment.desk_id', '=', search.desk);
  const { after } = search;
  if (after) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('starts', 'appointment.id'), '>', tuple(after.start as never, after.id)),
    );
  }
  const rows = await query
    .orderBy('starts')
    .orderBy('appointment.id')
    .limit(search.limit)
    .execute();
  return rows.map(fromRow);
}

/** Returns the wait list entries of an appointment. */
export async function readWaitingIds(tx: Tx, appointment: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('wait_list')
    .select('id')
    .where('appointment_id', '=', appointment)
    .execute();
  return rows.map((row) => row.id);
}

/** When the first hold ends. */
export const holdsDue: DueSql = sql`select min(hold_until) from desk_time where hold_until is not null`;

/** When the next appointment begins. */
export const nextStart: DueSql = sql`select min(a.starts) from office o, lateral (
  select min(starts) as starts from appointment where office_id = o.id and starts >= ${NOW} and status = 'booked') a`;
