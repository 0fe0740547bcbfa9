import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import type { DuePage } from '../../../../lib/jobs/batches.ts';
import { type Ties, whyStays } from './rules.ts';
import type { Destruction, Ending } from './types.ts';

/** What keeps a case of the table `c`. */
const IS_UNNOTIFIED = sql<boolean>`exists (select from notification n where n.case_id = c.id and n.notified_on is null)`;
const OWES_FEE = sql<boolean>`exists (select from payment p where p.case_id = c.id
  and p.state = 'paid' and (p.settled_at is null or p.refund is not null))`;
const TIES = [
  sql<boolean>`c.held_at is not null`.as('isHeld'),
  IS_UNNOTIFIED.as('isUnnotified'),
  OWES_FEE.as('owesFee'),
] as const;

const selectEnding = (tx: Tx, office: number, before: Temporal.PlainDate) =>
  tx
    .selectFrom('case_file as c')
    .where('c.office_id', '=', office)
    .where('c.ends_on', '<', before.toString());

/** Returns cases of an office that are kept until a day before this one, those that end first; at most `most`. */
export async function readEnding(
  tx: Tx,
  office: number,
  before: Temporal.PlainDate,
  most: number,
): Promise<Ending[]> {
  const rows = await selectEnding(tx, office, before)
    .select(['c.id', 'c.reference', 'c.procedure_id as procedure', 'c.closed_at', 'c.ends_on'])
    .select(TIES)
    .orderBy('c.ends_on')
    .orderBy('c.id')
    .limit(most)
    .execute();
  return rows.map(({ id, reference, procedure, closed_at, ends_on, ...ties }) => ({
    ...{ id, reference, procedure },
    closedAt: closed_at as Temporal.Instant,
    until: Temporal.PlainDate.from(ends_on as string),
    stays: whyStays(ties),
  }));
}

/** Returns how many cases are kept until a day before this one. */
export async function countEnding(
  tx: Tx,
  office: number,
  before: Temporal.PlainDate,
): Promise<number> {
  const { count } = await selectEnding(tx, office, before)
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Returns the ids of cases to destroy, those that end first. What keeps one is looked at again when it is locked. */
export async function readDueCases(
  tx: Tx,
  office: number,
  today: Temporal.PlainDate,
  { most, skipped }: DuePage,
): Promise<string[]> {
  const rows = await selectEnding(tx, office, today)
    .where('c.held_at', 'is', null)
    .where(({ not }) => not(IS_UNNOTIFIED))
    .where(({ not }) => not(OWES_FEE))
    .select('c.id')
    .orderBy('c.ends_on')
    .orderBy('c.id')
    .limit(most)
    .offset(skipped)
    .execute();
  return rows.map(({ id }) => id);
}

/** Returns what keeps a case. */
export const readTies = (tx: Tx, id: string): Promise<Ties> =>
  tx.selectFrom('case_file as c').where('c.id', '=', id).select(TIES).executeTakeFirstOrThrow();

/** What a verification code opens, and when it was issued. */
export interface IssuedCode {
  id: string;
  at: Temporal.Instant;
}

/** Returns what the verification codes of a case open: its decision, its receipt, the evidence of its notification. */
export async function readCodesOf(tx: Tx, id: string): Promise<IssuedCode[]> {
  const { rows } = await sql<IssuedCode>`
    select id, issued_at as "at" from case_decision where case_id = ${id} and issued_at is not null
    union all select id, issued_at from case_receipt where case_id = ${id}
    union all select e.id, e.issued_at from notification_evidence e join notification n on n.id = e.notification_id where n.case_id = ${id}`.execute(
    tx,
  );
  return rows;
}

/** Returns the cases of an office that were destroyed, the last ones first. */
export async function readDestroyed(tx: Tx, office: number, most: number): Promise<Destruction[]> {
  const rows = await tx
    .selectFrom('case_destruction')
    .where('office_id', '=', office)
    .select(['reference', 'procedure_id as procedure', 'schedule', 'handed_in_at as handedInAt'])
    .select(['closed_at as closedAt', 'destroyed_at as destroyedAt'])
    .orderBy('destroyed_at', 'desc')
    .orderBy('case_id')
    .limit(most)
    .execute();
  return rows;
}

export async function countDestroyed(tx: Tx, office: number): Promise<number> {
  const { count } = await tx
    .selectFrom('case_destruction')
    .where('office_id', '=', office)
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Returns when the document of a verification code was issued and destroyed; null: its case was not destroyed. */
export async function readEndOfCode(
  tx: Tx,
  id: string,
): Promise<{ issuedAt: Temporal.Instant; destroyedAt: Temporal.Instant } | null> {
  const row = await tx
    .selectFrom('case_destruction')
    .where(sql<boolean>`codes @> array[${id}]::uuid[]`)
    .select('destroyed_at as destroyedAt')
    .select(sql<Temporal.Instant>`issued[array_position(codes, ${id}::uuid)]`.as('issuedAt'))
    .executeTakeFirst();
  return row ?? null;
}

/** Who holds a case; null: nobody. */
export async function readHold(
  tx: Tx,
  id: string,
): Promise<{ at: Temporal.Instant; by: string; sealed: Buffer } | null> {
  const row = await tx
    .selectFrom('case_file')
    .where('id', '=', id)
    .select(['held_at as at', 'held_by as by', 'held_reason as sealed'])
    .executeTakeFirst();
  return row?.at && row.by && row.sealed ? { at: row.at, by: row.by, sealed: row.sealed } : null;
}
