import { expect, test } from 'vitest';
import type { RequestCounts } from '../../../features/insight/statistics/types.ts';
import { growthOf, monthAsked, sumOfRequests } from './month-rules.ts';

const TODAY = Temporal.PlainDate.from('2026-11-30');

test.each([
  ['none asked: the last whole one', undefined, '2026-10-01'],
  ['one asked', '2026-03', '2026-03-01'],
  ['the present one', '2026-11', '2026-11-01'],
  ['one to come', '2026-12', '2026-10-01'],
  ['no month', '2026-13', '2026-10-01'],
  ['no date', 'yesterday', '2026-10-01'],
])('the month of a page: %s', (_, asked, month) => {
  expect(monthAsked(asked, TODAY).toString()).toBe(month);
});

test('growth is that against enough', () => {
  expect(growthOf(110, 100)).toBeCloseTo(0.1);
  expect(growthOf(90, 100)).toBeCloseTo(-0.1);
  expect(growthOf(90, 3)).toBeNull();
});

test('requests are added up', () => {
  const one = { came: 3, open: 1, closed: 2, withTerm: 2, inTime: 1 } as RequestCounts;
  expect(sumOfRequests([one, one])).toEqual({
    came: 6,
    open: 2,
    closed: 4,
    withTerm: 4,
    inTime: 2,
  });
  expect(sumOfRequests([])).toBeNull();
});
