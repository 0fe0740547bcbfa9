import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../support/processes.ts';

/** Runs a program, and returns what it wrote. @throws with all that it said when it fails */
export function run(
  command: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): string {
  const [file = '', ...args] = command;
  const done = spawnSync(file, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    ...options,
  });
  if (done.status === 0) return done.stdout;
  const why = done.error?.message ?? `ended with ${done.status ?? done.signal}`;
  throw new Error(`${command.join(' ')} ${why}:\n${done.stdout}\n${done.stderr}`);
}

/** A folder for large things, which are not for the memory that other tests write to. */
export function largeFolder(): string {
  const path = mkdtempSync('/var/tmp/finestreta-packages-');
  chmodSync(path, 0o755);
  return path;
}

/** Makes all packages of a project's folder. @returns their sums, as SHA256SUMS has them */
export function makeAll(root: string, to: string, env: NodeJS.ProcessEnv = {}): string {
  run(
    [
      'sh',
      '-c',
      `umask ${env['UMASK'] ?? '022'} && exec "$@"`,
      'sh',
      'node',
      'scripts/run.mjs',
      'scripts/package.ts',
      'all',
      to,
    ],
    {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    },
  );
  return readFileSync(join(to, 'SHA256SUMS'), 'utf8');
}

/** Copies the project's files into another folder, without its build, with the same history and installed packages. */
export function copyProject(to: string): void {
  const listed = run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  for (const name of listed.split('\0').filter((each) => each && existsSync(join(ROOT, each)))) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    cpSync(join(ROOT, name), join(to, name), { verbatimSymlinks: true });
  }
  const git = run(['git', 'rev-parse', '--absolute-git-dir'], { cwd: ROOT }).trim();
  writeFileSync(join(to, '.git'), `gitdir: ${git}\n`);
  run(['cp', '-a', join(ROOT, 'node_modules'), to]);
}

/** Returns the only file in a folder with this ending. */
export function fileIn(folder: string, ending: string): string {
  const found = readdirSync(folder).filter((name) => name.endsWith(ending));
  if (found.length !== 1) throw new Error(`${found.length} files end with ${ending}`);
  return join(folder, found[0]!);
}
