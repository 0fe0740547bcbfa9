#!/usr/bin/env node
// @ts-check
/** The operator's command, `npx finestreta …`. File names are those of the caller's folder. */
import { join } from 'node:path';
import { main, ROOT } from './lib/basics.mjs';
import { ensureBuild, ensureDependencies } from './lib/setup.mjs';
import { runInTerminal, withDataDir } from './lib/terminal.mjs';

await main(async () => {
  const node = await ensureDependencies('run');
  await ensureBuild(node);
  const cli = join(ROOT, 'dist', 'server', 'cli.js');
  return runInTerminal(node, [cli, ...process.argv.slice(2)], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    env: withDataDir(),
  });
});
