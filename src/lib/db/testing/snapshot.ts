import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { TestDatabase } from '../testing.ts';

/** A connection of each database, which ends with it. It keeps the plan for its many tables, which takes ten times as long as to read them. */
const connections = new WeakMap<TestDatabase, Promise<pg.Client>>();

/** Returns a checksum of each table of a database, by `schema.name`. */
export async function snapshot(
  database: TestDatabase,
  except: readonly string[] = [],
): Promise<Map<string, string>> {
  const client = await connections.getOrInsertComputed(database, () => database.connectAsOwner());
  // Reads all tables as of one moment.
  await client.query("begin isolation level repeatable read; set local app.office = '*'");
  try {
    const { rows: tables } = await client.query<{ name: string; quoted: string }>({
      name: 'tables',
      text: `select table_schema || '.' || table_name as name, format('%I.%I', table_schema, table_name) as quoted
       from information_schema.tables
       where table_schema in ('public', 'auth') and table_type = 'BASE TABLE' order by 1`,
    });
    const selects = tables
      .filter(({ name }) => !except.includes(name))
      .map(
        ({ name, quoted }) =>
          `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from ${quoted} t`,
      );
    const text = selects.join(' union all ');
    const name = createHash('sha256').update(text).digest('base64url');
    const { rows } = await client.query<{ name: string; sum: string }>({ name, text });
    return new Map(rows.map(({ name, sum }) => [name, sum]));
  } finally {
    await client.query('rollback');
  }
}
