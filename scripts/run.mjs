// @ts-check
/** `node scripts/run.mjs FILE [arguments]`: runs a script of the project with the project's Node. */
import { main, SetupError } from './lib/basics.mjs';
import { ensureDependencies } from './lib/setup.mjs';
import { runInTerminal } from './lib/terminal.mjs';

await main(async () => {
  const [file, ...args] = process.argv.slice(2);
  if (file === undefined) throw new SetupError('Say which script: node scripts/run.mjs FILE');
  return runInTerminal(await ensureDependencies('all'), [file, ...args]);
});
