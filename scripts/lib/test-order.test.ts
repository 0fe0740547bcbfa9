import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './basics.mjs';
import { LONGEST, longestFirst } from './test-order.ts';

test('every file that is named as one of the longest is there', () => {
  expect(LONGEST.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('the longest files of each kind come first, and nothing else changes its place', () => {
  const file = (name: string, path: string) => ({ project: { name }, moduleId: `/town/${path}` });
  const given = [
    file('db', 'src/a.test.ts'),
    file('db', 'src/web/access.test.ts'),
    file('db', 'src/b.test.ts'),
    file('e2e', 'e2e/z.e2e.ts'),
    file('e2e', 'e2e/kills.e2e.ts'),
    file('e2e', 'e2e/accessibility.e2e.ts'),
    file('e2e', 'e2e/b.e2e.ts'),
    file('unit', 'src/c.test.ts'),
  ];
  expect(longestFirst(given).map(({ moduleId }) => moduleId.replace('/town/', ''))).toEqual([
    'src/web/access.test.ts',
    'src/a.test.ts',
    'src/b.test.ts',
    'e2e/accessibility.e2e.ts',
    'e2e/kills.e2e.ts',
    'e2e/z.e2e.ts',
    'e2e/b.e2e.ts',
    'src/c.test.ts',
  ]);
});
