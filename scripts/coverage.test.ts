import { expect, test } from 'vitest';
import { partsOf, tableOf } from './coverage.ts';

const counts = (covered: number, total: number) => ({
  lines: { covered, total },
  branches: { covered: 0, total: 0 },
  functions: { covered: 1, total: 3 },
});

test('files are summed up by their folder, and in total', () => {
  const parts = partsOf({
    'src/web/console/a.tsx': counts(1, 2),
    'src/web/b.ts': counts(2, 2),
    'src/main.ts': counts(0, 4),
    'src/lib/c.ts': counts(8, 8),
  });
  expect(tableOf(parts).split('\n').slice(2)).toEqual([
    '| src | 1 | 0.0 % | – | 33.3 % |',
    '| src/lib | 1 | 100.0 % | – | 33.3 % |',
    '| src/web | 2 | 75.0 % | – | 33.3 % |',
    '| all | 4 | 68.8 % | – | 33.3 % |',
  ]);
});
