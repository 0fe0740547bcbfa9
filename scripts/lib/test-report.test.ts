import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './basics.mjs';
import { failuresOf, filesToTryAgain, mayRepeat, sumOf, withSecondTry } from './test-report.mjs';

const file = (path: string, failed = 0) => ({
  path,
  mayRepeat: path.startsWith('e2e'),
  passed: 2,
  failed,
  skipped: 1,
  failures: failed ? ['a call > is begun (1)'] : [],
});
const good = [file('src/a.test.ts'), file('e2e/b.e2e.ts')];
const again = (...paths: string[]) =>
  filesToTryAgain({ files: [...good, ...paths.map((path) => file(path, 1))], errors: 0 }).map(
    ({ path }) => path,
  );

test('only files that failed are tried again', () => {
  expect(again()).toEqual([]);
  expect(again('e2e/c.e2e.ts', 'e2e/d.e2e.ts')).toEqual(['e2e/c.e2e.ts', 'e2e/d.e2e.ts']);
});

test('nothing is tried again where a rule failed, an error belongs to no test, or many failed', () => {
  expect(again('e2e/c.e2e.ts', 'src/d.test.ts')).toEqual([]);
  expect(filesToTryAgain({ files: [file('e2e/c.e2e.ts', 1)], errors: 1 })).toEqual([]);
  expect(again('e2e/1.e2e.ts', 'e2e/2.e2e.ts', 'e2e/3.e2e.ts')).toHaveLength(3);
  expect(again('e2e/1.e2e.ts', 'e2e/2.e2e.ts', 'e2e/3.e2e.ts', 'e2e/4.e2e.ts')).toEqual([]);
});

test('what drives a browser may be tried again, but not what must never happen', () => {
  const may = (path: string) => mayRepeat(readFileSync(join(ROOT, path), 'utf8'));
  for (const name of ['on-behalf', 'room', 'browsers/firefox'])
    expect(may(`e2e/${name}.e2e.ts`), name).toBe(true);
  for (const name of ['race', 'kills', 'killed', 'upgrade', 'failover', 'attacks/token'])
    expect(may(`e2e/${name}.e2e.ts`), name).toBe(false);
  expect(may('src/worker.test.ts')).toBe(false);
});

test('what failed and passed alone counts as passed, all else as it was', () => {
  const first = { files: [...good, file('e2e/c.e2e.ts', 1)], errors: 0 };
  expect(sumOf(first)).toEqual({ passed: 6, failed: 1, skipped: 3 });
  const after = (files: ReturnType<typeof file>[], errors = 0) => {
    const both = withSecondTry(first, { files, errors });
    return [sumOf(both).passed, sumOf(both).failed, both.again];
  };
  expect(after([file('e2e/c.e2e.ts')])).toEqual([6, 0, ['e2e/c.e2e.ts']]);
  expect(after([file('e2e/c.e2e.ts', 1)])).toEqual([6, 1, []]);
  expect(after([file('e2e/c.e2e.ts')], 1)).toEqual([6, 1, ['e2e/c.e2e.ts']]);
  // It wasn't found, it didn't begin, or all of it was left out.
  expect(after([])).toEqual([6, 1, []]);
  expect(after([], 1)).toEqual([6, 2, []]);
  expect(after([{ ...file('e2e/c.e2e.ts'), passed: 0, skipped: 3 }])).toEqual([6, 1, []]);
});

test('each test that failed is named with the command that runs it alone, and where its pictures lie', () => {
  const around = { ...file('src/d.test.ts', 1), failures: [] };
  const report = { files: [...good, file('e2e/browsers/c.e2e.ts', 1), around], errors: 0 };
  const lines = failuresOf(report, (folder) => folder.includes('e2e'));
  expect(lines).toEqual([
    'FAILED e2e/browsers/c.e2e.ts > a call > is begun (1)',
    String.raw`  npm test -- e2e/browsers/c.e2e.ts -t 'a call is begun \(1\)'`,
    '  pictures, traces, logs: .cache/failed-tests/e2e-browsers-c',
    'FAILED src/d.test.ts > (what is around its tests)',
    '  npm test -- src/d.test.ts',
  ]);
  expect(failuresOf({ files: good, errors: 0 }, () => true)).toEqual([]);
});
