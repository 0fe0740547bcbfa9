/**
 * `npm run release`: stores the basis of later comparisons in releases/<version>: the OpenAPI document,
 * a database with
 * a row in every table, and the sums of the migrations.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../src/paths.ts';
import { nameOf } from './api/changes.ts';
import { currentDocument } from './api/current.ts';
import { compareDocuments } from './api/documents.ts';
import { writeDatabase } from './release/database.ts';
import { keptSchema } from './release/kept-schema.ts';
import { keptBy, lastRelease, migrationSums } from './release/releases.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const document = await currentDocument(ROOT);
const last = lastRelease(ROOT);
if (last) {
  const before = JSON.parse(readFileSync(join(ROOT, keptBy(last).api), 'utf8'));
  const changes = compareDocuments(before, document);
  console.log(`The API since release ${last}:`);
  for (const change of changes) console.log(`  ${change.weight}: ${nameOf(change)} ${change.what}`);
  if (changes.length === 0) console.log('  nothing changed');
}
const kept = keptBy(VERSION);
const folder = dirname(join(ROOT, kept.api));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const write = (path: string, content: unknown) =>
  writeFileSync(join(ROOT, path), `${JSON.stringify(content, null, 1)}\n`);
write(kept.api, document);
write(kept.migrations, migrationSums(ROOT));
write(kept.schema, keptSchema(ROOT));
await writeDatabase(join(ROOT, kept.database));
console.log(`Wrote ${dirname(kept.api)}. Commit it with the release.`);
