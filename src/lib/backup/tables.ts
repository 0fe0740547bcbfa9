import type pg from 'pg';
import { MIGRATOR_TABLES } from '../db/applied.ts';
import { type BackupTable, nameOf, type Sequences } from './format.ts';

/** The schemas of our tables. */
const SCHEMAS = ['public', 'auth'];

/** Excludes parts of an extension, by `pg_depend`. */
const OURS = (kind: string, oid: string) =>
  `not exists (select from pg_depend d where d.classid = '${kind}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;

/**
 * Returns all our tables in the order in which they can be filled: referenced tables first. Without the migrator's own: a backup lists its
 * migrations, and restoring runs them.
 */
export async function readTables(client: pg.Client): Promise<BackupTable[]> {
  const { rows } = await client.query<BackupTable & { oid: number; needs: number[] }>(
    `select n.nspname as schema, c.relname as name, c.oid::int8::int as oid,
       array(select a.attname::text from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         order by a.attnum) as columns,
       array(select r.confrelid::int8::int from pg_constraint r
         where r.conrelid = c.oid and r.contype = 'f' and r.confrelid <> c.oid) as needs
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = any ($1) and ${OURS('pg_class', 'c.oid')}
       and not (n.nspname = 'public' and c.relname = any ($2))
     order by n.nspname desc, c.relname`,
    [SCHEMAS, MIGRATOR_TABLES],
  );
  const sorted: BackupTable[] = [];
  const done = new Set<number>();
  let waiting = rows;
  while (waiting.length > 0) {
    const free = waiting.filter(({ needs }) => needs.every((each) => done.has(each)));
    if (free.length === 0) {
      throw new Error(`These tables refer to each other in a circle: ${waiting.map(nameOf)}`);
    }
    for (const { schema, name, columns, oid } of free) {
      sorted.push({ schema, name, columns });
      done.add(oid);
    }
    waiting = waiting.filter((each) => !done.has(each.oid));
  }
  return sorted;
}

/** Returns the last value of every sequence that was used. Sequences are outside of transactions. */
export async function readSequences(client: pg.Client): Promise<Sequences> {
  const { rows } = await client.query<{ name: string; last: string }>(
    `select format('%I.%I', schemaname, sequencename) as name, last_value::text as last
     from pg_sequences where schemaname = any ($1) and last_value is not null order by 1`,
    [SCHEMAS],
  );
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]));
}

/** Returns the migrations that made the database, in order; null: it has no such table. */
export async function readMigrations(client: pg.Client): Promise<string[] | null> {
  const { rows } = await client.query("select to_regclass('public.kysely_migration') as found");
  if (rows[0].found === null) return null;
  const done = await client.query<{ name: string }>(
    'select name from public.kysely_migration order by name',
  );
  return done.rows.map(({ name }) => name);
}

/** Drops everything in our schemas except the parts of an extension (btree_gist, which a DBA may have installed). */
export async function clear(client: pg.Client): Promise<void> {
  const here = (kind: 'relnamespace' | 'pronamespace' | 'typnamespace') =>
    `${kind} = 'public'::regnamespace`;
  // Each list is read after dropping the one before, which also drops dependent objects.
  for (const list of [
    `select format('drop %s if exists public.%I cascade', kind.word, c.relname) as statement
     from pg_class c
     join (values ('r', 'table'), ('p', 'table'), ('v', 'view'), ('m', 'materialized view')) kind (sign, word)
       on kind.sign = c.relkind
     where ${here('relnamespace')} and not c.relispartition and ${OURS('pg_class', 'c.oid')}`,
    `select format('drop routine if exists %s cascade', p.oid::regprocedure) as statement
     from pg_proc p where ${here('pronamespace')} and ${OURS('pg_proc', 'p.oid')}`,
    `select format('drop sequence if exists public.%I cascade', c.relname) as statement
     from pg_class c where ${here('relnamespace')} and c.relkind = 'S' and ${OURS('pg_class', 'c.oid')}`,
    `select format('drop type if exists public.%I cascade', t.typname) as statement
     from pg_type t left join pg_class c on c.oid = t.typrelid
     where ${here('typnamespace')} and ${OURS('pg_type', 't.oid')}
       and (t.typtype in ('e', 'd') or t.typtype = 'c' and c.relkind = 'c')`,
  ]) {
    const { rows } = await client.query<{ statement: string }>(list);
    for (const { statement } of rows) await client.query(statement);
  }
  await client.query('drop schema if exists auth cascade');
}
