// @ts-check
/** `npm start`: installs and builds what is missing, then serves in this terminal. */
import { join } from 'node:path';
import { main, ROOT } from './lib/basics.mjs';
import { ensureBuild, ensureDependencies } from './lib/setup.mjs';
import { runInTerminal, withDataDir } from './lib/terminal.mjs';

await main(async () => {
  const node = await ensureDependencies('run');
  await ensureBuild(node);
  const server = join(ROOT, 'dist', 'server', 'main.js');
  return runInTerminal(node, [server, ...process.argv.slice(2)], {
    cwd: ROOT,
    // A demo has a past and a day of its own, unless the environment says otherwise.
    env: { DEMO_LIFE: '1', ...withDataDir() },
  });
});
