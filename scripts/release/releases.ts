import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { latestOf } from '../../src/lib/db/upgrade/versions.ts';
import { type Change, type Node, nameOf } from '../api/changes.ts';
import { compareDocuments } from '../api/documents.ts';
import type { Finding } from '../check/imports.ts';
import { checkExpanding, type KeptSchema, keptSchema } from './kept-schema.ts';

/** The folder of the data that later versions are compared with: a subfolder for each version. */
const FOLDER = 'releases';
const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;

/** Returns the paths of a release's data. */
export const keptBy = (version: string) => ({
  /** Its OpenAPI document. */
  api: `${FOLDER}/${version}/openapi.json`,
  /** A backup of a database that it made, with a row in every table. */
  database: `${FOLDER}/${version}/database.sql.gz`,
  /** The SHA-256 of each migration. */
  migrations: `${FOLDER}/${version}/migrations.json`,
  /** Its functions' heads and the service's rights: what it needs beside its tables. */
  schema: `${FOLDER}/${version}/schema.json`,
});

/** Returns the version of the newest release below `root`; null before the first release. */
export function lastRelease(root: string): string | null {
  const folder = join(root, FOLDER);
  const versions = existsSync(folder)
    ? readdirSync(folder).filter((name) => VERSION.test(name))
    : [];
  return latestOf(versions);
}

/** Returns the SHA-256 of each migration below `root`, by its name. Functions are not among them: they may change. */
export function migrationSums(root: string): Record<string, string> {
  const names = globSync('*.sql', { cwd: join(root, 'migrations') }).sort();
  const sum = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(root, 'migrations', name)))
      .digest('hex');
  return Object.fromEntries(names.map((name) => [name, sum(name)]));
}

/**
 * Reports migrations of the last release that are gone or were changed, since databases that ran them would stay different, and new ones that
 * the release would not work with.
 */
export function checkMigrations(root: string, schema = keptSchema(root)): Finding[] {
  const version = lastRelease(root);
  if (version === null) return [];
  const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const migrations: Record<string, string> = read(keptBy(version).migrations);
  const now = migrationSums(root);
  const changed = Object.entries(migrations)
    .filter(([name, sum]) => now[name] !== sum)
    .map(([name]) => ({
      path: `migrations/${name}`,
      line: 1,
      message: `${now[name] ? 'was changed' : 'is gone'} since release ${version}: databases ran it. Add a new migration instead`,
    }));
  const before = { version, migrations, schema: read(keptBy(version).schema) as KeptSchema };
  return [...changed, ...checkExpanding(root, before, schema)];
}

/** Returns the breaking changes that no entry under *Unreleased* names, as findings. */
export function unlisted(changes: Change[], changelog: string): Finding[] {
  const names = namesListed(changelog);
  const line = Math.max(
    1,
    changelog.split('\n').findIndex((each) => /^## Unreleased/.test(each)) + 1,
  );
  return changes
    .filter(
      ({ weight, at }) => weight === 'breaking' && !parents(at).some((name) => names.has(name)),
    )
    .map((change) => ({
      path: 'CHANGELOG.md',
      line,
      message: `breaks clients of the API: \`${nameOf(change)}\` ${change.what}. Keep it as it was, or list it in an entry that begins with *Breaking:*`,
    }));
}

/** Returns a part and its containers: an entry about a whole schema covers each property. */
const parents = (at: string[]): string[] =>
  at.map((_, index) => nameOf({ at: at.slice(0, index + 1) }));

/** Returns the names in backticks in the entries under *Unreleased* that are marked as breaking. */
function namesListed(changelog: string): Set<string> {
  const section = /^## Unreleased[^\n]*\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(changelog)?.[1] ?? '';
  const entries = section.split(/^(?=- |#)/m).filter((entry) => /^- \*Breaking/.test(entry));
  return new Set(
    entries.flatMap((entry) => [...entry.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')),
  );
}

/**
 * Compares the API of the sources with the one of the last release. `current` makes its document and is
 * called only when there is
 * a release to compare with.
 */
export async function checkApi(
  root: string,
  current: () => Promise<Node>,
): Promise<{ findings: Finding[]; about: string }> {
  const version = lastRelease(root);
  if (version === null) return { findings: [], about: 'no release yet' };
  const before = JSON.parse(readFileSync(join(root, keptBy(version).api), 'utf8')) as Node;
  const changes = compareDocuments(before, await current());
  const findings = unlisted(changes, readFileSync(join(root, 'CHANGELOG.md'), 'utf8'));
  const count = (weight: string) => changes.filter((each) => each.weight === weight).length;
  const about = `since release ${version}: ${count('breaking')} breaking, ${count('addition')} added, ${count('compatible')} other`;
  return { findings, about };
}
