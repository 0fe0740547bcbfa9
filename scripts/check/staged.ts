import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding, Source } from './imports.ts';
import { checkSecrets } from './secrets.ts';
import { checkStructure } from './structure.ts';

const MEBIBYTE = 1024 ** 2;

/** @throws where git is not there or refuses; the message is git's */
function git(root: string, args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * MEBIBYTE,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`git ${args[0]}: ${stderr.trim()}`);
  return stdout;
}

const namesIn = (output: string) => output.split('\0').filter((name) => name !== '');

/** The text files among `paths`, as they are below `root`. */
function textsOf(root: string, paths: string[]): Source[] {
  return paths.flatMap((path) => {
    const file = join(root, path);
    // A link has no text of its own, and a submodule is a folder.
    if (!lstatSync(file).isFile()) return [];
    const bytes = readFileSync(file);
    const isBinary = bytes.subarray(0, 8000).includes(0);
    return isBinary ? [] : [{ path, text: bytes.toString('utf8') }];
  });
}

/** Returns the files of the work tree that git knows or would take with `git add`; null outside a repository. */
export function filesOfTree(root: string): string[] | null {
  try {
    const listed = git(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
    const gone = new Set(namesIn(git(root, ['ls-files', '-z', '--deleted'])));
    return [...new Set(namesIn(listed))].filter((path) => !gone.has(path));
  } catch {
    return null;
  }
}

/** Reports secrets in the work tree; null where there is no repository. */
export function checkTreeForSecrets(root: string): Finding[] | null {
  const files = filesOfTree(root);
  return files && checkSecrets(textsOf(root, files));
}

/**
 * Checks what the next commit would contain, not what the work tree contains: secrets in the files that it changes, and the
 * structure of the whole tree that it makes.
 */
export function checkStaged(root: string): Finding[] {
  const changed = namesIn(
    git(root, ['diff', '--cached', '--name-only', '--diff-filter=ACMRT', '--no-renames', '-z']),
  );
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-staged-'));
  try {
    git(root, ['checkout-index', '--all', `--prefix=${folder}/`]);
    return [...checkSecrets(textsOf(folder, changed)), ...checkStructure(folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
