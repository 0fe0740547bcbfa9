import { sql } from 'kysely';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { DuePage } from '../../../lib/jobs/batches.ts';
import { type DueSql, earliest, ifAny } from '../../../lib/jobs/due.ts';
import type { ActRow, ActState, ConsentMethod } from './types.ts';

const select = (tx: Tx) => tx.selectFrom('act').selectAll('act');
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const fromRow = (row: Row): ActRow => ({
  id: row.id,
  office: row.office_id,
  appointment: row.appointment_id,
  template: row.template,
  case: row.case_id,
  language: row.language as Language,
  state: row.state as ActState,
  preparedAt: row.prepared_at,
  preparedBy: row.prepared_by,
  expiresAt: row.expires_at,
  heardAt: row.heard_at,
  witnessedAt: row.witnessed_at,
  noted: row.noted,
  scan: row.scan_id,
  settledAt: row.settled_at,
  method: row.method as ConsentMethod | null,
  record: row.record,
  copy: row.copy_id,
  copiedAt: row.copied_at,
  destroyedAt: row.destroyed_at,
  identification: row.identification_id,
});

/** Returns all acts of an appointment, newest first. */
export async function readActs(tx: Tx, appointment: string): Promise<ActRow[]> {
  const rows = await select(tx)
    .modifyFront(FREQUENT)
    .where('appointment_id', '=', appointment)
    .orderBy('prepared_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

/** Returns an act of an appointment, locked until the transaction ends. */
export async function readActForUpdate(
  tx: Tx,
  appointment: string,
  id: string,
): Promise<ActRow | null> {
  const row = await select(tx)
    .where('id', '=', id)
    .where('appointment_id', '=', appointment)
    .forUpdate()
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns an act, whatever its appointment; null: there is none. */
export async function readAct(tx: Tx, id: string): Promise<ActRow | null> {
  const row = await select(tx).where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns whether a scan is there still, and no act has it as its signed paper. */
export async function isFreeScan(tx: Tx, scan: string): Promise<boolean> {
  const row = await tx
    .selectFrom('document')
    .select('id')
    .where('id', '=', scan)
    .where('state', '=', 'clean')
    .where('destroyed_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('act').select('act.id').where('scan_id', '=', scan))),
    )
    .executeTakeFirst();
  return row !== undefined;
}

/** Returns the act whose copy is a document; null: it is none. */
export async function readActOfCopy(tx: Tx, copy: string): Promise<ActRow | null> {
  const row = await select(tx).where('copy_id', '=', copy).executeTakeFirst();
  return row ? fromRow(row) : null;
}

type Which = Pick<ActRow, 'id' | 'office' | 'appointment'>;
const WHICH = ['act.id', 'act.office_id as office', 'act.appointment_id as appointment'] as const;

/** Returns the acts of all offices that have expired: asked too long ago, or their encounter has ended. */
export function readExpired(
  db: Db,
  now: Temporal.Instant,
  { most, skipped }: DuePage,
): Promise<Which[]> {
  return within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('act')
      .innerJoin('appointment', 'appointment.id', 'act.appointment_id')
      .select(WHICH)
      .where('state', '=', 'prepared')
      .where((eb) =>
        eb.or([eb('expires_at', '<=', moment(now)), eb('status', '<>', 'in_progress')]),
      )
      .orderBy('expires_at')
      .orderBy('act.id')
      .offset(skipped)
      .limit(most)
      .execute(),
  );
}

/** Returns the acts of all offices whose citizen has no copy yet, oldest first. */
export function readUncopied(db: Db, { most, skipped }: DuePage): Promise<Which[]> {
  return within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('act')
      .select(WHICH)
      .where('state', '=', 'consented')
      .where('copied_at', 'is', null)
      .where('destroyed_at', 'is', null)
      .orderBy('settled_at')
      .orderBy('id')
      .limit(most)
      .offset(skipped)
      .execute(),
  );
}

const selectDue = (
  tx: Tx,
  office: number,
  before: Temporal.Instant,
  unused: Temporal.Instant | null,
) =>
  tx
    .selectFrom('act')
    .innerJoin('appointment', 'appointment.id', 'act.appointment_id')
    .leftJoin('document', 'document.id', 'act.copy_id')
    .where('act.office_id', '=', office)
    .where('act.state', '=', 'consented')
    .where('act.destroyed_at', 'is', null)
    .where('document.held_at', 'is', null)
    .where((eb) =>
      eb.or([
        sql<boolean>`greatest(settled_at, ends) <= ${before.toString()}::timestamptz`,
        eb.and([
          eb('act.case_id', 'is not', null),
          eb.not(
            eb.exists(
              eb
                .selectFrom('case_file')
                .select('case_file.id')
                .whereRef('case_file.id', '=', 'act.case_id'),
            ),
          ),
        ]),
        ...(unused
          ? [
              eb.and([
                eb('act.case_id', 'is not', null),
                sql<boolean>`act.settled_at <= ${unused.toString()}::timestamptz`,
                eb.not(
                  eb.exists(
                    eb
                      .selectFrom('case_event')
                      .select('case_event.id')
                      .whereRef('case_event.case_id', '=', 'act.case_id')
                      .where('case_event.kind', '=', 'handed_in')
                      .where(sql<boolean>`case_event.data->>'act' = act.id::text`),
                  ),
                ),
              ]),
            ]
          : []),
      ]),
    );

/**
 * Returns the acts of an office that were settled, and whose appointments ended, before `before`, and those that have the answers of a case which was
 * discarded or destroyed, or that was not handed in by them, though they were settled before `unused`; unless a legal reason holds their copy.
 */
export function readDueActs(
  tx: Tx,
  office: number,
  { before, unused }: { before: Temporal.Instant; unused: Temporal.Instant },
  { most, skipped }: DuePage,
): Promise<Which[]> {
  return selectDue(tx, office, before, unused)
    .select(WHICH)
    .orderBy('settled_at')
    .orderBy('act.id')
    .offset(skipped)
    .limit(most)
    .execute();
}

/** Returns how many acts of an office were settled, and their appointments ended, before `before`, or have the answers of a case which was destroyed. */
export async function countDueActs(
  tx: Tx,
  office: number,
  before: Temporal.Instant,
): Promise<number> {
  const { count } = await selectDue(tx, office, before, null)
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Returns the acts of an office that have a consent, from after an id on. */
export async function readConsented(
  tx: Tx,
  office: number,
  after: string,
  most: number,
): Promise<ActRow[]> {
  const rows = await select(tx)
    .where('office_id', '=', office)
    .where('state', '=', 'consented')
    .where('id', '>', after)
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.map(fromRow);
}

/** An entry of the office's audit trail about an act. */
export interface ActDeed {
  /** Its place on the trail. */
  line: number;
  act: string;
  appointment: string | null;
  action: 'act_consented' | 'act_destroyed';
  hash: string;
  at: Temporal.Instant;
}

/** Returns what the audit trail of an office has of its acts, from after a row on: at most `most` rows. */
export async function readActDeeds(
  tx: Tx,
  office: number,
  after: number,
  most: number,
): Promise<ActDeed[]> {
  const rows = await tx
    .selectFrom('audit')
    .select(['id', 'appointment_id', 'action', 'at', 'data'])
    .where('office_id', '=', office)
    .where('action', 'in', ['act_consented', 'act_destroyed'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.map(({ id, appointment_id, action, at, data }) => ({
    line: id,
    act: String(data.act),
    appointment: appointment_id,
    action: action as ActDeed['action'],
    hash: String(data.hash),
    at,
  }));
}

/** Returns the address of an account. Accounts belong to no single office. */
export async function readEmail(db: Db, staff: number): Promise<string | null> {
  const row = await within(db, INSTALLATION, (tx) =>
    tx.selectFrom('staff').select('email').where('id', '=', staff).executeTakeFirst(),
  );
  return row?.email ?? null;
}

/** At once while an act waits for its answer, or somebody for the copy of theirs. */
export const actsDue: DueSql = earliest(
  ifAny(sql`select from act where state = 'prepared'`),
  ifAny(
    sql`select from act where state = 'consented' and copied_at is null and destroyed_at is null`,
  ),
);
