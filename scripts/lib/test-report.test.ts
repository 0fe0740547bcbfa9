import { expect, test } from 'vitest';
import { filesToTryAgain, sumOf, withSecondTry } from './test-report.mjs';

const file = (path: string, failed = 0) => ({
  path,
  kind: path.startsWith('e2e') ? 'e2e' : 'unit',
  passed: 2,
  failed,
  skipped: 1,
});
const good = [file('src/a.test.ts'), file('e2e/b.e2e.ts')];
const again = (...paths: string[]) =>
  filesToTryAgain({ files: [...good, ...paths.map((path) => file(path, 1))], errors: 0 }).map(
    ({ path }) => path,
  );

test('only the browser tests that failed are tried again', () => {
  expect(again()).toEqual([]);
  expect(again('e2e/c.e2e.ts', 'e2e/d.e2e.ts')).toEqual(['e2e/c.e2e.ts', 'e2e/d.e2e.ts']);
});

test('nothing is tried again where a rule failed, an error belongs to no test, or many failed', () => {
  expect(again('e2e/c.e2e.ts', 'src/d.test.ts')).toEqual([]);
  expect(filesToTryAgain({ files: [file('e2e/c.e2e.ts', 1)], errors: 1 })).toEqual([]);
  expect(again('e2e/1.e2e.ts', 'e2e/2.e2e.ts', 'e2e/3.e2e.ts')).toHaveLength(3);
  expect(again('e2e/1.e2e.ts', 'e2e/2.e2e.ts', 'e2e/3.e2e.ts', 'e2e/4.e2e.ts')).toEqual([]);
});

test('what failed and passed alone counts as passed, what failed twice as failed', () => {
  const first = { files: [...good, file('e2e/c.e2e.ts', 1)], errors: 0 };
  expect(sumOf(first)).toEqual({ passed: 6, failed: 1, skipped: 3 });
  const sumAfter = (failed: number, errors = 0) =>
    sumOf(withSecondTry(first, { files: [file('e2e/c.e2e.ts', failed)], errors }));
  expect(sumAfter(0)).toEqual({ passed: 6, failed: 0, skipped: 3 });
  expect(sumAfter(1).failed).toBe(1);
  expect(sumAfter(0, 1).failed).toBe(1);
  // It did not even begin.
  expect(sumOf(withSecondTry(first, { files: [], errors: 0 })).failed).toBe(1);
  expect(sumOf(withSecondTry(first, { files: [], errors: 1 })).failed).toBe(2);
});
