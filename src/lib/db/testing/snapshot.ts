import type { TestDatabase } from '../testing.ts';

/** Returns a checksum of each table of a database, by `schema.name`. */
export async function snapshot(
  database: TestDatabase,
  except: readonly string[] = [],
): Promise<Map<string, string>> {
  const client = await database.connectAsOwner();
  try {
    // Reads all tables as of one moment.
    await client.query("begin isolation level repeatable read; set local app.office = '*'");
    const { rows: tables } = await client.query<{ name: string; quoted: string }>(
      `select table_schema || '.' || table_name as name, format('%I.%I', table_schema, table_name) as quoted
       from information_schema.tables
       where table_schema in ('public', 'auth') and table_type = 'BASE TABLE' order by 1`,
    );
    const selects = tables
      .filter(({ name }) => !except.includes(name))
      .map(
        ({ name, quoted }) =>
          `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from ${quoted} t`,
      );
    const { rows } = await client.query<{ name: string; sum: string }>(selects.join(' union all '));
    return new Map(rows.map(({ name, sum }) => [name, sum]));
  } finally {
    await client.end();
  }
}
