// @ts-check
/** `npm run hooks`: lets git run the hooks in .githooks, in this clone. With `-- --remove` git runs them no more. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { main, print, ROOT, SetupError } from './lib/basics.mjs';

const FOLDER = '.githooks';

/** @param {string[]} args */
function git(...args) {
  const { status, stdout, error } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  if (error) throw new SetupError(`git can't be run: ${error.message}`);
  return { ok: status === 0, output: stdout.trim() };
}

await main(async () => {
  const own = git('rev-parse', '--show-toplevel');
  if (!own.ok)
    throw new SetupError('This folder is no git repository: there is nothing to hook into.');
  const remove = process.argv.includes('--remove');
  const { output: current } = git('config', '--get', 'core.hooksPath');
  if (remove) {
    if (current === FOLDER) git('config', '--unset', 'core.hooksPath');
    print(current === FOLDER ? 'git runs the hooks no more.' : 'The hooks were not in use.');
    return 0;
  }
  if (current === FOLDER) {
    print('The hooks are in use already.');
    return 0;
  }
  if (current !== '')
    throw new SetupError(
      `core.hooksPath is ${current}: git runs your own hooks. Call ${FOLDER}/pre-commit and ${FOLDER}/commit-msg from those.`,
    );
  const folder = resolve(ROOT, git('rev-parse', '--git-path', 'hooks').output);
  const others = existsSync(folder)
    ? readdirSync(folder).filter((name) => !name.endsWith('.sample'))
    : [];
  if (others.length > 0)
    throw new SetupError(
      `${folder} has hooks that git would run no more: ${others.join(', ')}. Move them away first, or call ${FOLDER}/pre-commit ` +
        `and ${FOLDER}/commit-msg from those.`,
    );
  if (!git('config', 'core.hooksPath', FOLDER).ok)
    throw new SetupError(
      'git could not write core.hooksPath into the configuration of this clone.',
    );
  print(
    `From now on git checks each commit of this clone. \`git commit --no-verify\` goes past the hooks once; \`npm run hooks -- --remove\` ends them.`,
  );
  return 0;
});
