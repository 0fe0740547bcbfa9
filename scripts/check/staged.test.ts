import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkStaged, checkTreeForSecrets } from './staged.ts';

const SECRET = `glpat-${'aB3_'.repeat(5)}`;
const LONG = '// a line\n'.repeat(401);
let root: string;

// Git tells a hook about its repository in variables, and these tests may run in one.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')),
);
function git(...args: string[]) {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  return spawnSync('git', [...who, ...args], { cwd: root, encoding: 'utf8', env });
}
function write(path: string, text: string) {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const places = (findings: { path: string; line: number }[] | null) =>
  findings?.map(({ path, line }) => `${path}:${line}`);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'finestreta-hook-'));
  git('init', '--initial-branch=main');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the staged files', () => {
  test('are checked for secrets and structure', () => {
    write('src/lib/long.ts', LONG);
    write('deploy/notes.txt', `first\n${SECRET}\n`);
    git('add', '.');
    expect(places(checkStaged(root))).toEqual(['deploy/notes.txt:2', 'src/lib/long.ts:400']);
  });

  test('count as they are staged, whatever the work tree has meanwhile', () => {
    write('a.txt', SECRET);
    write('src/lib/b.ts', LONG);
    git('add', '.');
    write('a.txt', 'nothing');
    rmSync(join(root, 'src/lib/b.ts'));
    expect(places(checkStaged(root))).toEqual(['a.txt:1', 'src/lib/b.ts:400']);
  });

  test('exclude files that are only in the work tree, ignored, deleted or not text', () => {
    write('gone.txt', SECRET);
    write('.gitignore', 'ignored.txt\n');
    git('add', '.');
    git('commit', '-m', 'first');
    git('rm', '-q', 'gone.txt');
    write('ignored.txt', SECRET);
    write('picture.bin', `\0${SECRET}`);
    git('add', '.');
    write('later.txt', SECRET);
    expect(checkStaged(root)).toEqual([]);
  });
});

describe('the whole tree', () => {
  test('is checked with the files that git would add, and without those that it ignores', () => {
    write('committed.txt', SECRET);
    write('deleted.txt', SECRET);
    git('add', '.');
    git('commit', '-m', 'first');
    rmSync(join(root, 'deleted.txt'));
    write('a new file.txt', SECRET);
    write('.gitignore', 'data/\n');
    write('data/key.txt', SECRET);
    symlinkSync('nowhere', join(root, 'link'));
    expect(places(checkTreeForSecrets(root))?.sort()).toEqual([
      'a new file.txt:1',
      'committed.txt:1',
    ]);
  });

  test('has no files where there is no repository', () => {
    rmSync(join(root, '.git'), { recursive: true });
    expect(checkTreeForSecrets(root)).toBeNull();
  });
});

describe('the hooks', () => {
  const PROJECT = resolve('.');
  const hooks = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/hooks.mjs', ...args], {
      cwd: root,
      encoding: 'utf8',
      env,
    });
  const subjects = () => git('log', '--format=%s').stdout.trim().split('\n').filter(Boolean);

  beforeEach(() => {
    for (const path of ['.githooks', 'scripts/hooks.mjs', 'scripts/lib/basics.mjs'])
      cpSync(join(PROJECT, path), join(root, path), { recursive: true });
    // The real one installs packages where they are missing, which is the case in this folder.
    write(
      'scripts/run.mjs',
      `import { spawnSync } from 'node:child_process';
       const [script, ...args] = process.argv.slice(2);
       const file = ${JSON.stringify(`${PROJECT}/`)} + script;
       process.exitCode = spawnSync(${JSON.stringify(process.execPath)}, [file, ...args], { stdio: 'inherit' }).status;`,
    );
    git('add', '.');
    git('commit', '-m', 'start');
  });

  test('are active only after they are requested, and inactive after they are removed', () => {
    expect(git('commit', '--allow-empty', '-m', 'Whatever').status).toBe(0);
    expect(hooks().status).toBe(0);
    expect(hooks().stderr).toContain('in use already');
    expect(git('commit', '--allow-empty', '-m', 'Whatever').stderr).toContain('area: what changes');
    expect(hooks('--remove').status).toBe(0);
    expect(git('commit', '--allow-empty', '-m', 'Whatever').status).toBe(0);
  });

  test('refuse a secret and a malformed message with its place, and accept the rest', () => {
    expect(hooks().status).toBe(0);
    write('a.txt', SECRET);
    git('add', '.');
    const refused = git('commit', '-m', 'area: what');
    expect(refused.stderr).toContain('a.txt:1: a token of GitLab');
    expect(refused.stderr + refused.stdout).not.toContain(SECRET);
    write('a.txt', 'nothing');
    git('add', '.');
    expect(git('commit', '-m', 'A riddle').stderr).toContain('area: what changes');
    expect(git('commit', '-m', 'area: what changes').status).toBe(0);
    expect(subjects()).toEqual(['area: what changes', 'start']);
  });

  test('leave the user’s own hooks unchanged', () => {
    git('config', 'core.hooksPath', 'elsewhere');
    expect(hooks()).toMatchObject({ status: 1, stderr: expect.stringContaining('elsewhere') });
    git('config', '--unset', 'core.hooksPath');
    write('.git/hooks/pre-push', '#!/bin/sh\n');
    chmodSync(join(root, '.git/hooks/pre-push'), 0o755);
    expect(hooks()).toMatchObject({ status: 1, stderr: expect.stringContaining('pre-push') });
    expect(git('config', '--get', 'core.hooksPath').stdout).toBe('');
  });
});
