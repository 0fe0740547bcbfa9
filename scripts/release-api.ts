/** `npm run release:api`: keeps the OpenAPI document of this version, to which later versions are compared. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nameOf } from './api/changes.ts';
import { currentDocument } from './api/current.ts';
import { compareDocuments } from './api/documents.ts';
import { lastRelease, pathOf } from './api/releases.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};
const document = await currentDocument(ROOT);
const last = lastRelease(ROOT);
if (last) {
  const changes = compareDocuments(JSON.parse(readFileSync(join(ROOT, last), 'utf8')), document);
  console.log(`Since ${last}:`);
  for (const change of changes) console.log(`  ${change.weight}: ${nameOf(change)} ${change.what}`);
  if (changes.length === 0) console.log('  nothing changed');
}
const path = join(ROOT, pathOf(version));
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, `${JSON.stringify(document, null, 1)}\n`);
console.log(`Wrote ${pathOf(version)}. Commit it with the release.`);
