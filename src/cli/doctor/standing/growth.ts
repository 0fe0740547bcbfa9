import type pg from 'pg';
import { withClient } from '../../../lib/db/logins.ts';
import { type Finding, right, warning, wrong } from '../report.ts';

/** A table of the database, as PostgreSQL counts it. */
export interface TableFacts {
  name: string;
  /** With its indexes. */
  bytes: number;
  rows: number;
  /** Rows that were changed or removed, and whose space isn't free yet. */
  dead: number;
  /** Somebody switched its cleaning up off. */
  isLeft: boolean;
}

/** What grows in the database over years. */
export interface GrowthFacts {
  bytes: number;
  /** The largest first. */
  tables: readonly TableFacts[];
  isVacuumed: boolean;
  /** Transactions, or multixacts, since the oldest one that isn't frozen. PostgreSQL stops writing at two thousand million. */
  age: number;
  /** The column whose numbers are used up most, from 0 to 1; null: none has numbers. */
  fullest: { name: string; used: number } | null;
  /** Bytes that a week adds, as the last four weeks were beside all before them; null: it has worked for less than eight. */
  weekly: number | null;
  /** Free bytes of the disk that it is on; null: another machine's. */
  free: number | null;
}

const GIGABYTE = 1024 ** 3;
/** PostgreSQL itself acts at 200 million; beyond this it can't keep up. */
const OLD = 1_000_000_000;
const FULL = 0.5;
/** So many dead rows, and so large a part, that a table is read much more slowly. */
const DEAD = { rows: 500_000, part: 0.5 };
const LARGEST = 3;
/** A disk takes weeks to buy; in the last days only removing helps. */
const FULL_IN_WEEKS = { soon: 13, now: 2 };

/**
 * How much of what was ever done was done in the last four weeks; null: it began less than eight weeks ago. The audit trail has a row for each deed, and
 * loses none. Each look is one into an index.
 */
const LATELY = `
  with edge as (
    select max(last_id) as last, min(first_id) as first, max(before) as before, min(since) as since
    from office o
      cross join lateral (select id as last_id from audit where office_id = o.id order by id desc limit 1) l
      cross join lateral (select id as first_id, at as since from audit where office_id = o.id order by id limit 1) f
      left join lateral (select id as before from audit where office_id = o.id and at < now() - interval '28 days' order by at desc limit 1) b on true
  )
  select case when since < now() - interval '56 days' and last > first then (last - before) / (last - first)::float8 end as part from edge`;

/** Reads how large tables are, and what ages in the database. `free`: bytes of its disk; null where it isn't this machine's. */
export const readGrowth = (
  connection: pg.ConnectionConfig,
  free: number | null,
): Promise<GrowthFacts> =>
  withClient(connection, async (client) => {
    const { rows: tables } = await client.query<TableFacts>(`
      select relid::regclass::text as name, pg_total_relation_size(relid)::float8 as bytes,
        n_live_tup::float8 as rows, n_dead_tup::float8 as dead,
        coalesce(reloptions @> '{autovacuum_enabled=false}', false) as "isLeft"
      from pg_stat_user_tables join pg_class on oid = relid order by 2 desc`);
    const { rows: numbers } = await client.query<{ name: string; used: number }>(`
      select schemaname || '.' || sequencename as name, last_value::float8 / max_value as used
      from pg_sequences where last_value is not null order by 2 desc limit 1`);
    const { rows } = await client.query<Pick<GrowthFacts, 'bytes' | 'age' | 'isVacuumed'>>(`
      select pg_database_size(current_database())::float8 as bytes, greatest(age(datfrozenxid), mxid_age(datminmxid)) as age,
        current_setting('autovacuum')::boolean as "isVacuumed"
      from pg_database where datname = current_database()`);
    await client.query(`select set_config('app.office', '*', false)`);
    const { rows: lately } = await client.query<{ part: number | null }>(LATELY);
    const part = lately[0]?.part ?? null;
    const weekly = part === null ? null : (rows[0]!.bytes * part) / 4;
    return { ...rows[0]!, tables, fullest: numbers[0] ?? null, weekly, free };
  });

/** Reports what grows without end before it hurts. Pure. */
export function aboutGrowth(facts: GrowthFacts): Finding[] {
  const { bytes, tables, isVacuumed, age, fullest, weekly } = facts;
  const largest = tables
    .slice(0, LARGEST)
    .map(({ name, bytes: own }) => `${name} ${inWords(own)}`)
    .join(', ');
  const slow = tables.filter(
    ({ rows, dead }) => dead > DEAD.rows && dead > DEAD.part * (rows + dead),
  );
  return [
    right(
      `The database has ${inWords(bytes)}${weekly === null ? '' : `, and grows by some ${inWords(weekly)} a week`}; the largest tables are ${largest}.`,
    ),
    ...aboutDisk(facts),
    ...(isVacuumed
      ? []
      : [
          wrong(
            'The database server does not clean up by itself (autovacuum is off).',
            'Set autovacuum = on: otherwise tables grow without end, and PostgreSQL stops writing in the end.',
          ),
        ]),
    ...tables
      .filter(({ isLeft }) => isLeft)
      .map(({ name }) =>
        warning(
          `The table ${name} is not cleaned up (autovacuum_enabled is false).`,
          `ALTER TABLE ${name} RESET (autovacuum_enabled).`,
        ),
      ),
    ...slow.map(({ name, dead }) =>
      warning(
        `The table ${name} has ${Math.round(dead / 1_000_000)} million dead rows.`,
        'Does a transaction stay open for hours, or a standby or a replication slot that is gone hold them (pg_stat_activity, pg_replication_slots)?',
      ),
    ),
    ...(age > OLD
      ? [
          wrong(
            `The oldest transaction that is not settled is ${Math.round(age / 1_000_000)} million transactions old; at 2,000 million PostgreSQL stops writing.`,
            'Run VACUUM FREEZE, and find out what held autovacuum back (pg_stat_activity, pg_prepared_xacts, pg_replication_slots).',
          ),
        ]
      : []),
    ...(fullest && fullest.used > FULL
      ? [
          warning(
            `${Math.round(fullest.used * 100)} % of the numbers of ${fullest.name} are used up.`,
            'Report it to whoever maintains Finestreta: the column needs a larger type.',
          ),
        ]
      : []),
  ];
}

/** Reports a disk that will be full before another one can be there. */
function aboutDisk({ weekly, free }: GrowthFacts): Finding[] {
  if (weekly === null || free === null || weekly <= 0) return [];
  const weeks = Math.floor(free / weekly);
  const words = `At the growth of the last four weeks, the disk of the database is full in ${weeks} ${weeks === 1 ? 'week' : 'weeks'}.`;
  if (weeks >= FULL_IN_WEEKS.soon) return [];
  return [
    weeks < FULL_IN_WEEKS.now
      ? wrong(words, 'Make room now: with a full disk nothing can be booked or written.')
      : warning(words, 'Plan a larger one: docs/scaling.md says what grows.'),
  ];
}

const inWords = (bytes: number): string =>
  bytes < GIGABYTE ? `${Math.ceil(bytes / 1024 ** 2)} MB` : `${(bytes / GIGABYTE).toFixed(1)} GB`;
