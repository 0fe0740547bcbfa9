/**
 * `npm run package [tarball|deb|image|chart|all]`: writes what others install into packages/, with bills of materials and sums. The same
 * commit gives the same bytes. A commit with the tag of its version is a release; of any other, the version says so.
 */
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main, SetupError } from './lib/basics.mjs';
import { ensureBuild } from './lib/setup.mjs';
import { KINDS, makePackages } from './package/make.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

await main(async () => {
  const [what = 'tarball', folder = 'packages', ...more] = process.argv.slice(2);
  const kinds = what === 'all' ? KINDS : KINDS.filter((each) => each === what);
  if (kinds.length === 0 || more.length > 0)
    throw new SetupError(`Say which package: ${KINDS.join(', ')} or all, and perhaps a folder.`);
  await ensureBuild(process.execPath);
  const to = resolve(process.env['INIT_CWD'] ?? '.', folder);
  const files = await makePackages({
    root: ROOT,
    to: folder === 'packages' ? join(ROOT, folder) : to,
    kinds,
  });
  for (const each of files) console.log(relative('.', each));
  return 0;
});
