/**
 * `npm run release [DAY]`: makes the tree that of the release of package.json's version: names version and day in publiccode.yml and the
 * changelog, and stores the basis of later comparisons in releases/<version>: the OpenAPI document, a database with a row in every table, the sums
 * of the migrations, the heads of functions and the service's rights. Until the tag is there it may be run again.
 * `npm run release next VERSION`: begins the version after it. `npm run release notes [VERSION]`: prints the notes of a release.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareVersions } from '../src/lib/db/upgrade/versions.ts';
import { VERSION } from '../src/paths.ts';
import { nameOf } from './api/changes.ts';
import { currentDocument } from './api/current.ts';
import { compareDocuments } from './api/documents.ts';
import { main, SetupError } from './lib/basics.mjs';
import { writeDatabase } from './release/database.ts';
import { keptSchema } from './release/kept-schema.ts';
import {
  datedChangelog,
  datedPubliccode,
  notesOf,
  withNext,
  withVersion,
} from './release/prepare.ts';
import { keptBy, lastRelease, migrationSums } from './release/releases.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const write = (path: string, text: string): void => writeFileSync(join(ROOT, path), text);

await main(async () => {
  const [word = '', asked, ...more] = process.argv.slice(2);
  if (word === 'notes') process.stdout.write(notesOf(read('CHANGELOG.md'), asked ?? VERSION));
  else if (word === 'next') beginNext(asked ?? '');
  else if (more.length > 0 || asked !== undefined || !/^(\d{4}-\d\d-\d\d)?$/.test(word))
    throw new SetupError(
      'Say the day of the release (2026-12-01), "next VERSION", or "notes VERSION".',
    );
  else await makeRelease(word || String(Temporal.Now.plainDateISO()));
  return 0;
});

/** Begins the next version: npm's files and the changelog name it. */
function beginNext(version: string): void {
  if (!/^\d+\.\d+\.\d+$/.test(version) || compareVersions(version, VERSION) <= 0)
    throw new SetupError(`Say a version after ${VERSION}, such as 0.2.0.`);
  write('CHANGELOG.md', withNext(read('CHANGELOG.md'), version));
  for (const each of ['package.json', 'package-lock.json'])
    write(each, withVersion(read(each), version));
  console.log(`This is ${version} from now on. Commit it after the tag v${VERSION}.`);
}

async function makeRelease(day: string): Promise<void> {
  const tags = execFileSync('git', ['tag', '--list', `v${VERSION}`], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (tags.trim())
    throw new SetupError(`v${VERSION} was released, and stays as it is: npm run release next.`);
  const document = await currentDocument(ROOT);
  sayChanges(document);
  write('CHANGELOG.md', datedChangelog(read('CHANGELOG.md'), VERSION, day));
  write('publiccode.yml', datedPubliccode(read('publiccode.yml'), VERSION, day));
  const kept = keptBy(VERSION);
  const folder = dirname(join(ROOT, kept.api));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const keep = (path: string, content: unknown) =>
    write(path, `${JSON.stringify(content, null, 1)}\n`);
  keep(kept.api, document);
  keep(kept.migrations, migrationSums(ROOT));
  keep(kept.schema, keptSchema(ROOT));
  await writeDatabase(join(ROOT, kept.database));
  console.log(`Wrote ${dirname(kept.api)}. Commit all of it, and tag the commit v${VERSION}.`);
}

/** Says what changed in the API since the release before, and how to find out what became slower. */
function sayChanges(document: Awaited<ReturnType<typeof currentDocument>>): void {
  const last = lastRelease(ROOT);
  if (!last || last === VERSION) return;
  const changes = compareDocuments(JSON.parse(read(keptBy(last).api)), document);
  console.log(`The API since release ${last}:`);
  for (const change of changes) console.log(`  ${change.weight}: ${nameOf(change)} ${change.what}`);
  if (changes.length === 0) console.log('  nothing changed');
  console.log(`What became slower since then: npm run bench -- --compare v${last}`);
}
