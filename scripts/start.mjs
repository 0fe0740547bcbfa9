// @ts-check
/** `npm start`: installs and builds what is missing, then serves in this terminal. */
import { join } from 'node:path';
import {
  ensureBuild,
  ensureDependencies,
  main,
  ROOT,
  runInTerminal,
  withDataDir,
} from './lib/setup.mjs';

await main(async () => {
  const node = await ensureDependencies();
  await ensureBuild(node);
  const server = join(ROOT, 'dist', 'server', 'main.js');
  return runInTerminal(node, ['--enable-source-maps', server, ...process.argv.slice(2)], {
    cwd: ROOT,
    env: withDataDir(),
  });
});
