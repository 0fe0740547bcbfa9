import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf, isTest } from '../check/imports.ts';

/** The tests' own PostgreSQL: a test that reaches this module needs the database. */
const TEST_DATABASE = 'src/lib/db/testing.ts';

/** Modules that start or open a database themselves, for a test or a test's helper that imports one of them. */
const OPENERS = ['src/context.ts', 'src/lib/db/embedded.ts', 'src/lib/db/database.ts'];

/**
 * Returns the test files in `src` and `scripts` that need PostgreSQL, as their imports say: those that reach the tests' own
 * database, and those that open one themselves. All others are unit tests. Imports of types don't count.
 * @param root the project's folder
 * @throws where a module by which they are known isn't there
 */
export function databaseTests(root: string): string[] {
  const paths = globSync('{src,scripts}/**/*.{ts,tsx}', { cwd: root }).map((path) =>
    path.replaceAll('\\', '/'),
  );
  const missing = [TEST_DATABASE, ...OPENERS].filter((path) => !paths.includes(path));
  if (missing.length > 0)
    throw new Error(`scripts/lib/test-kinds.ts names what isn't there: ${missing.join(', ')}`);
  const imports = new Map(
    paths.map((path) => [path, importedBy(path, readFileSync(join(root, path), 'utf8'))]),
  );
  return paths
    .filter((path) => /\.test\.tsx?$/.test(path) && reachesDatabase(path, imports))
    .sort();
}

/** Returns the project's files that a file imports when it runs. */
export function importedBy(path: string, text: string): string[] {
  return importsOf({ path, text }).flatMap(({ target, typeOnly }) =>
    target === null || typeOnly ? [] : [target],
  );
}

function reachesDatabase(test: string, imports: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const left = [test];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const imported = imports.get(path) ?? [];
    if (imported.includes(TEST_DATABASE)) return true;
    if (isTest(path) && imported.some((each) => OPENERS.includes(each))) return true;
    left.push(...imported);
  }
  return false;
}
