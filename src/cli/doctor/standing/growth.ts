import type pg from 'pg';
import { DbClient } from '../../../lib/db/hosts/client.ts';
import { type Finding, right, warning, wrong } from '../report.ts';

/** A table of the database, as PostgreSQL counts it. */
export interface TableFacts {
  name: string;
  /** With its indexes. */
  bytes: number;
  rows: number;
  /** Rows that were changed or removed, and whose space isn't free yet. */
  dead: number;
}

/** What grows in the database over years. */
export interface GrowthFacts {
  bytes: number;
  /** The largest first. */
  tables: readonly TableFacts[];
  isVacuumed: boolean;
  /** Transactions since the oldest one that isn't settled for good. PostgreSQL stops writing at two thousand million. */
  age: number;
  /** The column whose numbers are used up most, from 0 to 1; null: none has numbers. */
  fullest: { name: string; used: number } | null;
}

const GIGABYTE = 1024 ** 3;
/** PostgreSQL itself acts at 200 million; beyond this it can't keep up. */
const OLD = 1_000_000_000;
const FULL = 0.5;
/** So many dead rows, and so large a part, that a table is read much more slowly. */
const DEAD = { rows: 500_000, part: 0.5 };
const LARGEST = 3;

/** Reads how large tables are, and what ages in the database. */
export async function readGrowth(connection: pg.ConnectionConfig): Promise<GrowthFacts> {
  const client = new DbClient(connection);
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows: tables } = await client.query<TableFacts>(`
      select relid::regclass::text as name, pg_total_relation_size(relid)::float8 as bytes,
        n_live_tup::float8 as rows, n_dead_tup::float8 as dead
      from pg_stat_user_tables order by 2 desc`);
    const { rows: numbers } = await client.query<{ name: string; used: number }>(`
      select schemaname || '.' || sequencename as name, last_value::float8 / max_value as used
      from pg_sequences where last_value is not null order by 2 desc limit 1`);
    const { rows } = await client.query<Pick<GrowthFacts, 'bytes' | 'age' | 'isVacuumed'>>(`
      select pg_database_size(current_database())::float8 as bytes, age(datfrozenxid) as age,
        current_setting('autovacuum')::boolean as "isVacuumed"
      from pg_database where datname = current_database()`);
    return { ...rows[0]!, tables, fullest: numbers[0] ?? null };
  } finally {
    await client.end();
  }
}

/** Reports what grows without end before it hurts. Pure. */
export function aboutGrowth({ bytes, tables, isVacuumed, age, fullest }: GrowthFacts): Finding[] {
  const largest = tables
    .slice(0, LARGEST)
    .map(({ name, bytes: own }) => `${name} ${inWords(own)}`)
    .join(', ');
  const slow = tables.filter(
    ({ rows, dead }) => dead > DEAD.rows && dead > DEAD.part * (rows + dead),
  );
  return [
    right(`The database has ${inWords(bytes)}; the largest tables are ${largest}.`),
    ...(isVacuumed
      ? []
      : [
          wrong(
            'The database server does not clean up by itself (autovacuum is off).',
            'Set autovacuum = on: otherwise tables grow without end, and PostgreSQL stops writing in the end.',
          ),
        ]),
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

const inWords = (bytes: number): string =>
  bytes < GIGABYTE ? `${Math.ceil(bytes / 1024 ** 2)} MB` : `${(bytes / GIGABYTE).toFixed(1)} GB`;
