import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import { type DueSql, ifAny } from '../../../lib/jobs/due.ts';
import type { Seal, SealedRow } from './rules.ts';
import type { TrailEntry, TrailFilter } from './types.ts';

/** Returns every office, including retired ones. */
export const readOffices = (tx: Tx): Promise<{ id: number; code: string }[]> =>
  tx.selectFrom('office').select(['id', 'code']).orderBy('position').orderBy('id').execute();

/** Returns the seals of an office from number `from` on, in order. */
export async function readSeals(
  tx: Tx,
  office: number,
  from: number,
  most: number,
): Promise<Seal[]> {
  const rows = await tx
    .selectFrom('audit_seal')
    .select(['number', 'last_id', 'row_count', 'seal'])
    .where('office_id', '=', office)
    .where('number', '>=', from)
    .orderBy('number')
    .limit(most)
    .execute();
  return rows.map(({ number, last_id, row_count, seal }) => ({
    number,
    lastId: last_id,
    rows: row_count,
    seal,
  }));
}

export async function readLastSeal(tx: Tx, office: number): Promise<Seal | null> {
  const row = await tx
    .selectFrom('audit_seal')
    .select(['number', 'last_id', 'row_count', 'seal'])
    .where('office_id', '=', office)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  return { number: row.number, lastId: row.last_id, rows: row.row_count, seal: row.seal };
}

/** Returns the rows of an office's trail between two ids (the first excluded), in the form that is sealed. */
export async function readSealedRows(
  tx: Tx,
  office: number,
  span: { after: number; upTo?: number; most: number },
): Promise<SealedRow[]> {
  const { rows } = await sql<SealedRow>`
    select id, json_build_array(
      id, appointment_id, actor, action, (extract(epoch from at) * 1000000)::bigint, data
    )::text as line
    from audit
    where office_id = ${office} and id > ${span.after} and id <= ${span.upTo ?? Number.MAX_SAFE_INTEGER}
    order by id limit ${span.most}`.execute(tx);
  return rows;
}

/** Returns a part of an office's trail, newest first, older than the entry `before`. It has no names of actors. */
export async function readTrail(
  tx: Tx,
  office: number,
  filter: TrailFilter,
  page: { before: number | null; most: number },
): Promise<Omit<TrailEntry, 'who' | 'about'>[]> {
  // The desk at that time: a later move may have changed it.
  const desk = sql`coalesce((t.data ->> 'desk')::integer, a.desk_id)`;
  const isForeign = sql<boolean>`(a.desk_id is not null
    and exists (select from staff_role r where r.office_id = t.office_id and 'staff:' || r.staff_id = t.actor and r.desk_id is not null)
    and not exists (select from staff_role r where r.office_id = t.office_id and 'staff:' || r.staff_id = t.actor and r.desk_id = ${desk}))`;
  let query = tx
    .selectFrom('audit as t')
    .leftJoin('appointment as a', 'a.id', 't.appointment_id')
    .select(['t.id', 't.at', 't.actor', 't.action', 't.data', 't.appointment_id', 'a.reference'])
    .select(isForeign.as('is_foreign'))
    .where('t.office_id', '=', office)
    .where('t.at', '>=', moment(filter.from))
    .where('t.at', '<', moment(filter.to));
  if (filter.actor) query = query.where('t.actor', '=', filter.actor);
  if (filter.reference) query = query.where('a.reference', '=', filter.reference);
  if (filter.foreign) query = query.where(isForeign);
  if (page.before !== null) query = query.where('t.id', '<', page.before);
  const rows = await query.orderBy('t.id', 'desc').limit(page.most).execute();
  return rows.map(({ appointment_id, reference, is_foreign, ...row }) => ({
    ...row,
    appointment: appointment_id ? { id: appointment_id, reference: reference ?? '' } : null,
    isForeign: is_foreign,
  }));
}

/** Returns which actors did one of these actions with an appointment's documents, and when, newest first. */
export async function readDocumentDeeds(
  tx: Tx,
  appointment: string,
  action: string,
): Promise<{ at: Temporal.Instant; by: string; document: string }[]> {
  const rows = await tx
    .selectFrom('audit')
    .select(['at', 'actor', 'data'])
    .modifyFront(FREQUENT)
    .where('appointment_id', '=', appointment)
    .where('action', '=', action)
    .orderBy('id', 'desc')
    .limit(500)
    .execute();
  return rows.map(({ at, actor, data }) => ({ at, by: actor, document: String(data.document) }));
}

/** At once while a trail has rows that no seal covers. */
export const sealDue: DueSql =
  ifAny(sql`select from office o where o.retired_at is null and exists (
  select from audit a where a.office_id = o.id and a.id > coalesce(
    (select last_id from audit_seal s where s.office_id = o.id order by number desc limit 1), 0))`);
