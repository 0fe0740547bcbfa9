/**
 * `npm run docs`: writes the pages of reference from what the code declares, then makes the documentation's pages from docs/ into
 * dist/docs, which the service shows at /docs.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { references } from './docs/references.ts';
import { makeSite } from './docs/site.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

for (const [path, text] of Object.entries(references(ROOT))) writeFileSync(join(ROOT, path), text);
const made = await makeSite({ root: ROOT, to: join(ROOT, 'dist', 'docs') });
console.log(`dist/docs: ${made.length} pages`);
