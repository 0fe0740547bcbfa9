import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PlainError } from '../../plain-error.ts';
import { NO_RELEASE } from './kinds.ts';
import { compareVersions } from './versions.ts';

/** What a database says of the programs that work with it (docs/adr/0134). */
export interface SchemaRelease {
  /** The newest version that brought it up to date. */
  version: string;
  /** Programs up to this version don't work with it; 0.0.0: all do. */
  after: string;
}

/** SQL for the table with the one row of that. It is the owner's; the service reads it. */
export const MAKE_SCHEMA_RELEASE = `create table if not exists public.schema_release (
  is_one boolean primary key default true check (is_one),
  version text not null, after text not null, at timestamptz not null)`;

/** SQL that writes it, with the version and the release after which programs work: both only ever grow. */
export const WRITE_SCHEMA_RELEASE = `insert into public.schema_release as kept (version, after, at) values ($1, $2, now())
  on conflict (is_one) do update set version = excluded.version, after = excluded.after, at = excluded.at
  where (kept.version, kept.after) is distinct from (excluded.version, excluded.after)`;

/** A connection or a pool. */
interface Asked {
  query(text: string): Promise<{ rows: unknown[] }>;
}

/** Returns what the database says; undefined: nothing yet, or the login may not read it. */
export async function readSchemaRelease(client: Asked): Promise<SchemaRelease | undefined> {
  const { rows } = await client.query(
    `select coalesce(has_table_privilege(to_regclass('public.schema_release'), 'select'), false) as found`,
  );
  if (!(rows[0] as { found: boolean }).found) return undefined;
  const found = await client.query('select version, after from public.schema_release');
  return found.rows[0] as SchemaRelease | undefined;
}

/** Returns the version of the program whose migrations are in this folder: that of the package.json beside it; 0.0.0 without one. */
export function versionBeside(folder: string): string {
  const file = join(dirname(folder), 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : NO_RELEASE;
}

/** Returns whether a newer program brought the database up to date. Pure. */
export const isNewer = (
  release: SchemaRelease | undefined,
  version: string,
): release is SchemaRelease =>
  release !== undefined && compareVersions(release.version, version) > 0;

/** Returns whether a program of this version works with the database of a newer one. Pure. */
export const worksWith = ({ after }: SchemaRelease, version: string): boolean =>
  compareVersions(version, after) > 0;

/** Returns why a program of this version can't serve the database of a newer one. Pure. */
export const refusalOf = ({ version: newer, after }: SchemaRelease, version: string): string =>
  `The database is of Finestreta ${newer}, with which only versions after ${after} work; this is ${version}. ` +
  `Run ${newer}, or restore the backup from before the upgrade with ${version}.`;

/** @throws PlainError when a newer program brought the database up to date, and this version doesn't work with that */
export function demandWorking(release: SchemaRelease | undefined, version: string): void {
  if (isNewer(release, version) && !worksWith(release, version))
    throw new PlainError(refusalOf(release, version));
}
