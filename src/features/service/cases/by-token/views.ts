import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import type { Door } from '../types.ts';
import type { TokenCase, TokenCursor, TokenKeys } from './types.ts';

const select = (tx: Tx) =>
  tx
    .selectFrom('case_file as c')
    .innerJoin('procedure as p', 'p.id', 'c.procedure_id')
    .innerJoin('form_version as f', 'f.id', 'c.form_id')
    .leftJoin('case_external as x', 'x.case_id', 'c.id')
    .select([
      'c.id',
      'c.reference',
      'c.door',
      'c.language',
      'c.state',
      'c.state_at as stateAt',
      'c.state_due',
      'c.decide_by',
      'c.opened_at as openedAt',
      'c.handed_in_at as handedInAt',
      'c.closed_at as closedAt',
      'p.code as procedure',
      'f.number as version',
      'x.external_id as externalId',
      sql<
        string | null
      >`(select e.data ->> 'number' from case_event e where e.case_id = c.id and e.kind = 'handed_in' limit 1)`.as(
        'number',
      ),
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const dayIn = (text: string | null) => (text === null ? null : Temporal.PlainDate.from(text));

const fromRow = ({ state_due, decide_by, ...row }: Row): TokenCase => ({
  ...row,
  door: row.door as Door,
  language: row.language as Language,
  stateDue: dayIn(state_due),
  decideBy: dayIn(decide_by),
});

/** Returns a case; null: there is none that the transaction may see. */
export async function readTokenCase(tx: Tx, id: string): Promise<TokenCase | null> {
  const row = await select(tx).where('c.id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Which cases of an office are listed. Times are instants. */
export interface Listed {
  office: number;
  state?: string | undefined;
  procedure?: string | undefined;
  from?: Temporal.Instant | undefined;
  /** Before this instant. */
  before?: Temporal.Instant | undefined;
  externalId?: string | undefined;
  after?: TokenCursor | undefined;
  most: number;
}

/** Returns cases that were handed in, in the order of that. */
export async function readTokenCases(tx: Tx, asked: Listed): Promise<TokenCase[]> {
  const { office, state, procedure, from, before, externalId, after, most } = asked;
  const rows = await select(tx)
    .where('c.office_id', '=', office)
    .where('c.handed_in_at', 'is not', null)
    .$if(state !== undefined, (q) => q.where('c.state', '=', state ?? ''))
    .$if(procedure !== undefined, (q) => q.where('p.code', '=', procedure ?? ''))
    .$if(externalId !== undefined, (q) => q.where('x.external_id', '=', externalId ?? ''))
    .$if(from !== undefined, (q) =>
      q.where(sql<boolean>`c.handed_in_at >= ${from && moment(from)}`),
    )
    .$if(before !== undefined, (q) =>
      q.where(sql<boolean>`c.handed_in_at < ${before && moment(before)}`),
    )
    .$if(after !== undefined, (q) =>
      q.where(
        sql<boolean>`(c.handed_in_at, c.id) > (${after?.start}::timestamptz, ${after?.id}::uuid)`,
      ),
    )
    .orderBy('c.handed_in_at')
    .orderBy('c.id')
    .limit(most)
    .execute();
  return rows.map(fromRow);
}

/** Returns which case was begun with one of these keys, and by which request; null: none. */
export async function readRepeatedCase(
  tx: Tx,
  office: number,
  { externalId, idempotencyKey }: TokenKeys,
): Promise<{ id: string; request: string } | null> {
  if (!externalId && !idempotencyKey) return null;
  const row = await tx
    .selectFrom('case_external')
    .select(['case_id as id', 'request'])
    .where('office_id', '=', office)
    .where((eb) =>
      eb.or([
        ...(externalId ? [eb('external_id', '=', externalId)] : []),
        ...(idempotencyKey ? [eb('idempotency_key', '=', idempotencyKey)] : []),
      ]),
    )
    .executeTakeFirst();
  return row ?? null;
}
