import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Row } from '../../bench/lib/table.ts';
import { ROOT, SetupError } from '../lib/basics.mjs';

const LOCKFILE = 'package-lock.json';
/** What measures: both commits are measured by the same means, those of this one. */
const MEANS = ['bench', 'scripts/bench', 'scripts/bench.ts'];

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** An earlier commit in a folder of its own. */
export interface Earlier {
  folder: string;
  remove(): void;
}

/**
 * Checks an earlier commit out into a folder of its own, with the benchmarks of this one. It has this tree's packages where its lockfile is the
 * same; else its own are installed when it first runs.
 * @throws SetupError when git knows no such commit
 */
export function checkOut(ref: string): Earlier {
  const commit = commitOf(ref);
  const parent = mkdtempSync(join(tmpdir(), 'finestreta-earlier-'));
  // The server gives up root, and must still be able to read it.
  chmodSync(parent, 0o755);
  const folder = join(parent, 'tree');
  const remove = () => {
    rmSync(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    git('worktree', 'prune');
  };
  try {
    git('worktree', 'add', '--detach', folder, commit);
    for (const each of MEANS) {
      rmSync(join(folder, each), { recursive: true, force: true });
      cpSync(join(ROOT, each), join(folder, each), { recursive: true });
    }
    const [mine, its] = [ROOT, folder].map((each) => readFileSync(join(each, LOCKFILE), 'utf8'));
    if (mine === its) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
    return { folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function commitOf(ref: string): string {
  try {
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).trim();
  } catch {
    throw new SetupError(`git knows no commit ${ref}.`);
  }
}

/**
 * Runs one benchmark of a tree in a process of its own, as `npm run bench` there would: it installs and builds what is missing.
 * @throws with its last words, when it fails
 */
export async function runBench(folder: string, name: string): Promise<Row[]> {
  const args = [join('scripts', 'run.mjs'), join('scripts', 'bench.ts'), '--json', name];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => child.kill('SIGTERM');
  process.once('exit', stop);
  const [output, words, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]);
  process.off('exit', stop);
  if (code !== 0) throw new Error(words.trim().split('\n').slice(-12).join('\n'));
  return JSON.parse(output) as Row[];
}
