import type pg from 'pg';

/** The rows that some days left in a table, and what a large number of such rows takes. */
export interface TableVolume {
  /** As features declare it: `auth.` before those of accounts. */
  name: string;
  /** Rows of those days. */
  rows: number;
  /** Bytes of a row, in the table and in its indexes, where there are many. */
  heap: number;
  indexes: number;
}

/** So many rows show what one takes: pages are full, and indexes as full as they stay. */
const MANY = 40_000;

interface Column {
  name: string;
  type: string;
  isIdentity: boolean;
  isIndexed: boolean;
}

/** Returns how many rows each table has. */
export async function countRows(client: pg.Client): Promise<Map<string, number>> {
  const { rows: tables } = await client.query<{ name: string }>(`
    select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('public', 'auth') and c.relname not like 'kysely%' order by 1`);
  const counts = new Map<string, number>();
  for (const { name } of tables) {
    const { rows } = await client.query(`select count(*)::int as rows from ${quoted(name)}`);
    counts.set(name, rows[0].rows);
  }
  return counts;
}

/**
 * Copies the rows of each table again and again into one of the same columns and indexes, with other keys and later times, and weighs it. Uniqueness is left out, so that
 * a copy need not keep every rule; keys that are unique stay as different as they are.
 */
export async function weighRows(
  client: pg.Client,
  lived: ReadonlyMap<string, number>,
): Promise<TableVolume[]> {
  await client.query('create schema volume');
  const all: TableVolume[] = [];
  for (const [name, rows] of lived) {
    if (rows > 0) all.push({ name, rows, ...(await weigh(client, name)) });
  }
  await client.query('drop schema volume cascade');
  return all;
}

async function weigh(
  client: pg.Client,
  name: string,
): Promise<Pick<TableVolume, 'heap' | 'indexes'>> {
  const from = quoted(name);
  await client.query(`create table volume.many (like ${from})`);
  const { rows: options } = await client.query<{ option: string }>(
    'select unnest(reloptions) as option from pg_class where oid = $1::regclass',
    [from],
  );
  if (options.length > 0)
    await client.query(`alter table volume.many set (${options.map(({ option }) => option)})`);
  const { rows: indexes } = await client.query<{ definition: string }>(
    'select pg_get_indexdef(indexrelid) as definition from pg_index where indrelid = $1::regclass',
    [from],
  );
  for (const [nth, { definition }] of indexes.entries())
    await client.query(
      definition.replace(
        /^CREATE (?:UNIQUE )?INDEX .*? ON .*? USING/,
        () => `CREATE INDEX many_${nth} ON volume.many USING`,
      ),
    );
  const columns = await columnsOf(client, from);
  const values = columns.map(expressionOf);
  const { rows: found } = await client.query(`select count(*)::int as rows from ${from}`);
  const copies = Math.max(1, Math.ceil(MANY / found[0].rows));
  await client.query(
    `insert into volume.many (${columns.map((each) => `"${each.name}"`)})
     select ${values} from (select row_number() over () - 1 as nth_row, count(*) over () as all_rows, t.* from ${from} t) t
       cross join generate_series(0, ${copies - 1}) k order by k, nth_row`,
  );
  await client.query('vacuum (analyze) volume.many');
  const { rows } = await client.query(`
    select (pg_table_size('volume.many') / count(*)::float8) as heap,
      (pg_indexes_size('volume.many') / count(*)::float8) as indexes from volume.many`);
  await client.query('drop table volume.many');
  return rows[0];
}

async function columnsOf(client: pg.Client, from: string): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `select a.attname as name, format_type(a.atttypid, null) as type,
       a.attidentity <> '' as "isIdentity",
       exists (select from pg_index i where i.indrelid = a.attrelid and a.attnum = any (i.indkey)) as "isIndexed"
     from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [from],
  );
  return rows;
}

/** Returns the value of a column in the `k`-th copy: another key for each, references to keys alike, times a day later each. */
function expressionOf({ name, type, isIdentity, isIndexed }: Column): string {
  const own = `t."${name}"`;
  if (isIdentity) return `k * all_rows + nth_row + 1`;
  if (type === 'uuid') return `md5(${own}::text || k)::uuid`;
  if (type === 'bigint' && isIndexed) return `${own} + k * all_rows`;
  if (type === 'timestamp with time zone') return `${own} + k * interval '1 day'`;
  if (type === 'date') return `${own} + k`;
  if (type === 'tstzrange')
    return `tstzrange(lower(${own}) + k * interval '1 day', upper(${own}) + k * interval '1 day')`;
  // Secrets, hashes, references and addresses: as long, and different. Words of a list stay.
  if (isIndexed && type === 'text')
    return `case when length(${own}) > 7 then left(md5(${own} || k) || ${own}, length(${own})) else ${own} end`;
  if (isIndexed && type === 'bytea')
    return `substring(sha256(${own} || int4send(k)) || ${own}, 1, length(${own}))`;
  return own;
}

const quoted = (name: string): string =>
  name
    .split('.')
    .map((each) => `"${each}"`)
    .join('.');
