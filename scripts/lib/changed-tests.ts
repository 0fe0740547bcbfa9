import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { importedBy } from './test-kinds.ts';

/**
 * Modules that put everything together, and so import nearly all: most tests reach each change by one of them, and few of these look at it. What a change reaches only through them is
 * left to `npm test`.
 */
const WIRING =
  /^src\/(wiring\/.*|(context|instance|worker|serve|main)\.ts|features\/(all|testing)\.ts|web\/app\.ts|web\/\w+\/(routes|testing)\.ts|cli\/(main|doctor)\.ts)$/;

/** What a change reaches. */
export interface Reached {
  /** Test files. */
  tests: string[];
  /** Of the changed files, those that no test is reached from. */
  unreached: string[];
}

/**
 * Returns the test files that a change reaches: those that import a changed file, directly or through others but the wiring, and those in the folder of a changed module, or below, but of a root.
 * Imports of types don't count. Pure.
 * @param imports by file, the project's files that it imports when it runs
 */
export function reachedBy(
  changed: readonly string[],
  imports: ReadonlyMap<string, readonly string[]>,
): Reached {
  const importers = new Map<string, string[]>();
  for (const [path, targets] of imports)
    for (const target of targets) importers.set(target, [...(importers.get(target) ?? []), path]);
  const tests = [...imports.keys()].filter(isTest);
  /** Whether it is a module of something smaller than a root. */
  const isPart = (path: string) => imports.has(path) && !isTest(path) && /\/.*\//.test(path);
  const testsOf = (path: string): string[] => {
    const seen = new Set([path]);
    for (const each of seen)
      if (each === path || !WIRING.test(each))
        for (const importer of importers.get(each) ?? []) seen.add(importer);
    const folder = isPart(path) ? `${posix.dirname(path)}/` : null;
    return tests.filter((test) => seen.has(test) || (folder && test.startsWith(folder)));
  };
  const found = new Map(changed.map((path) => [path, testsOf(path)]));
  return {
    tests: [...new Set([...found.values()].flat())].sort(),
    unreached: [...found].filter(([, reached]) => reached.length === 0).map(([path]) => path),
  };
}

const isTest = (path: string): boolean => /\.(test|e2e)\.tsx?$/.test(path);

/** Returns the files that differ from a commit, new ones too, and those of them that are gone left out. */
export function changedSince(root: string, commit = 'HEAD'): string[] {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
  return [
    ...git('diff', '--name-only', '--diff-filter=d', commit),
    ...git('ls-files', '--others', '--exclude-standard'),
  ];
}

/** Returns the runtime imports of all modules of the project. */
export function importsIn(root: string): Map<string, string[]> {
  const paths = globSync('{src,scripts,e2e,bench}/**/*.{ts,tsx,mjs}', { cwd: root });
  return new Map(
    paths.map((path) => [path, importedBy(path, readFileSync(join(root, path), 'utf8'))]),
  );
}
