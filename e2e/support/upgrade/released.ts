import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { keptBy, lastRelease } from '../../../scripts/release/releases.ts';
import { ROOT } from '../processes.ts';

/** A released version, built from what was tagged. */
export interface Released {
  version: string;
  /** The folder of the program. */
  program: string;
}

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** The commit of a version: its tag, or before there is one, the commit that kept its database. */
function commitOf(version: string): string | null {
  const asked = [
    ['rev-parse', '--verify', '--quiet', `v${version}^{commit}`],
    ['log', '-1', '--format=%H', '--diff-filter=A', '--', keptBy(version).migrations],
  ];
  for (const each of asked) {
    try {
      const commit = git(...each).trim();
      if (commit) return commit;
    } catch {
      // There is no such tag, or no git.
    }
  }
  return null;
}

/** The last release and its commit, where the history of this tree has it; null: it hasn't. */
export const LAST_RELEASE: { version: string; commit: string } | null = (() => {
  const version = lastRelease(ROOT);
  const commit = version && commitOf(version);
  return commit ? { version, commit } : null;
})();

export const NO_RELEASE = 'the history of this tree has no release';

/** Builds the last release, once for each of its commits: some half a minute. Returns where it is. */
export function buildLastRelease(): Released {
  if (!LAST_RELEASE) throw new Error(NO_RELEASE);
  const { version, commit } = LAST_RELEASE;
  const program = join(ROOT, '.cache', 'released', commit);
  if (existsSync(program)) return { version, program };
  const unfinished = `${program}-unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const tree = execFileSync('git', ['archive', '--format=tar', commit], {
    cwd: ROOT,
    maxBuffer: 1_000_000_000,
  });
  execFileSync('tar', ['-x'], { cwd: unfinished, input: tree });
  const own = process.execPath;
  const [build, install] = ['build.ts', 'setup.mjs'].map((each) => join('scripts', each));
  if (hasSamePackages(unfinished)) {
    symlinkSync(join(ROOT, 'node_modules'), join(unfinished, 'node_modules'), 'dir');
    execFileSync(own, [build!], { cwd: unfinished, stdio: ['ignore', 'ignore', 'inherit'] });
  } else execFileSync(own, [install!], { cwd: unfinished, stdio: ['ignore', 'ignore', 'inherit'] });
  renameSync(unfinished, program);
  return { version, program };
}

/** Whether it needs the packages of this tree. */
function hasSamePackages(other: string): boolean {
  const [mine, its] = [ROOT, other].map((folder) => {
    const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
    return JSON.stringify({ ...packages, '': { ...packages[''], version: '' } });
  });
  return mine === its;
}
