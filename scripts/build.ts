/**
 * `npm run build`: builds the files for browsers, the server's bundle and the documentation's pages. Set-up calls it when sources
 * changed.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildAssets } from './build-assets.ts';
import { makeSite } from './docs/site.ts';
import { isCompiled } from './lib/load.mjs';
import { build } from './lib/vite.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await buildAssets(root);
await build({ root, logLevel: 'warn' });
keepCompiled(join(root, 'dist', 'server'));
await makeSite({ root, to: join(root, 'dist', 'docs') });
writeFileSync(join(root, 'dist', 'revision.txt'), revision());

/** Keeps what V8 makes of the program, so that no start compiles it. V8 does nothing at random or beside, so that packages have the same bytes. */
function keepCompiled(folder: string): void {
  const program = readdirSync(folder).find((name) => /^program-.*\.js$/.test(name));
  if (!program) throw new Error(`The program is not in ${folder}`);
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--predictable', join(folder, 'load.js'), join(folder, program)],
    { env: { PATH: process.env.PATH }, encoding: 'utf8' },
  );
  if (status !== 0 || !isCompiled(pathToFileURL(join(folder, program)).href))
    throw new Error(`The program could not be compiled:\n${stderr}`);
}

/** The commit that was built, for the page on the software; nothing where there is no git. */
function revision(): string {
  const git = spawnSync('git', ['describe', '--always', '--dirty', '--tags'], {
    cwd: root,
    encoding: 'utf8',
  });
  return git.status === 0 ? git.stdout : '';
}
