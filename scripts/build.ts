/**
 * `npm run build`: builds the files for browsers, the server's bundle and the documentation's pages. Set-up calls it when sources
 * changed.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAssets } from './build-assets.ts';
import { makeSite } from './docs/site.ts';
import { build } from './lib/vite.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await buildAssets(root);
await build({ root, logLevel: 'warn' });
await makeSite({ root, to: join(root, 'dist', 'docs') });
writeFileSync(join(root, 'dist', 'revision.txt'), revision());

/** The commit that was built, for the page on the software; nothing where there is no git. */
function revision(): string {
  const git = spawnSync('git', ['describe', '--always', '--dirty', '--tags'], {
    cwd: root,
    encoding: 'utf8',
  });
  return git.status === 0 ? git.stdout : '';
}
