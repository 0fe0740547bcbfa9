import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Entry, entriesUnder } from './entries.ts';

/**
 * Returns the files of the project that git knows, so that nothing of the person who makes a package gets into it: no settings, no secrets, no
 * data that lie in the folder.
 * @param paths files and folders, from the project's folder
 * @throws when git knows nothing under one of them
 */
export function tracked(root: string, paths: readonly string[]): Entry[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--', ...paths], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
  });
  const names = listed.split('\0').filter(Boolean);
  const missing = paths.filter(
    (path) => !names.some((name) => name === path || name.startsWith(`${path}/`)),
  );
  if (missing.length > 0) throw new Error(`Not in git: ${missing.join(', ')}`);
  return names.flatMap((name) => entriesUnder(join(root, name), name));
}
