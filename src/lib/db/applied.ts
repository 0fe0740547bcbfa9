import type pg from 'pg';
import { functionFiles } from './functions.ts';
import { migrationNames } from './migrate.ts';
import { lastExcluded } from './upgrade/kinds.ts';
import {
  isNewer,
  readSchemaRelease,
  type SchemaRelease,
  versionBeside,
} from './upgrade/release.ts';

/** The migrator's own tables of applied files. They contain no data of a town. */
export const MIGRATOR_TABLES: readonly string[] = [
  'kysely_migration',
  'kysely_migration_lock',
  'applied_function',
  'schema_release',
];

/** The files that made a database. */
export interface Applied {
  /** Names of table files, in order. */
  tables: string[];
  /** SHA-256 of functions' files, by function. */
  functions: Readonly<Record<string, string>>;
  /** Which programs work with them. */
  release?: SchemaRelease | undefined;
}

/** Returns the files that made the database; null: none, or the login may not read them. */
export async function readApplied(client: Pick<pg.ClientBase, 'query'>): Promise<Applied | null> {
  const { rows } = await client.query<{ tables: boolean; functions: boolean }>(`
    select coalesce(has_table_privilege(to_regclass('public.kysely_migration'), 'select'), false) as tables,
      coalesce(has_table_privilege(to_regclass('public.applied_function'), 'select'), false) as functions`);
  if (!rows[0]?.tables) return null;
  const tables = await client.query<{ name: string }>(
    'select name from public.kysely_migration order by name',
  );
  const functions = rows[0].functions
    ? await client.query<{ name: string; sha256: string }>(
        'select name, sha256 from public.applied_function',
      )
    : { rows: [] };
  return {
    tables: tables.rows.map(({ name }) => name),
    functions: Object.fromEntries(functions.rows.map(({ name, sha256 }) => [name, sha256])),
    release: await readSchemaRelease(client),
  };
}

/** Returns the files in a folder of migrations: those of a database that is up to date. */
export function readDeclared(folder: string): Applied {
  const functions = functionFiles(folder).map(({ name, sha256 }) => [name, sha256] as const);
  const tables = migrationNames(folder);
  const release = { version: versionBeside(folder), after: lastExcluded(folder, tables) };
  return { tables, functions: Object.fromEntries(functions), release };
}

/**
 * Returns the declared files that a database lacks, or has in another version. Functions of a newer program stand for those that are declared:
 * it keeps what this one calls (docs/adr/0134). Pure.
 */
export function pendingFiles(declared: Applied, applied: Applied | null): string[] {
  const tables = declared.tables.filter((name) => !applied?.tables.includes(name));
  if (declared.release && isNewer(applied?.release, declared.release.version)) return tables;
  const functions = Object.entries(declared.functions)
    .filter(([name, sha256]) => applied?.functions[name] !== sha256)
    .map(([name]) => `functions/${name}`);
  return [...tables, ...functions];
}
