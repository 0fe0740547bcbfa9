import { expect, test } from 'vitest';
import type { Row } from '../../bench/lib/table.ts';
import { compareRounds, figureOf, formatChanges } from './compare.ts';

const row = (measure: string, value: string, rest: Partial<Row> = {}): Row => ({
  measure,
  value,
  ...rest,
});
const rounds = (measure: string, ...values: string[]): Row[][] =>
  values.map((value) => [row(measure, value)]);

test('the ratio of a row counts more than its value, which another machine changes', () => {
  const rate = row('Booking', '1,665 (1,623–1,918) bookings/s', { aim: '≥ 0.85' });
  expect(figureOf(rate)).toEqual({ value: 1665, isMoreBetter: true });
  expect(figureOf({ ...rate, ratio: '0.89 (0.82–0.92)' })).toEqual({
    value: 0.89,
    isMoreBetter: true,
  });
  expect(figureOf(row('Free times', '3.2 ms CPU', { ratio: '0.34, growth 1.1' }))).toEqual({
    value: 0.34,
    isMoreBetter: false,
  });
  expect(figureOf(row('Rate', '12.5 MB/s'))?.isMoreBetter).toBe(true);
  expect(figureOf(row('Rate, at most', '12.5 MB/s', { aim: '≤ 20 MB/s' }))?.isMoreBetter).toBe(
    false,
  );
  expect(figureOf(row('booking', 'FAILED, see above'))).toBeNull();
});

test('what overlaps is noise; what does not has slipped, or improved', () => {
  const verdict = (before: string[], now: string[]) =>
    compareRounds(rounds('Page', ...before), rounds('Page', ...now))[0]?.verdict;
  expect(verdict(['2.0', '2.2', '2.4'], ['2.3', '2.6', '2.9'])).toBe('none');
  expect(verdict(['2.0', '2.2', '2.4'], ['2.5', '2.6', '2.9'])).toBe('slipped');
  expect(verdict(['2.5', '2.6', '2.9'], ['2.0', '2.2', '2.4'])).toBe('improved');
  expect(verdict(['2.00', '2.01', '2.02'], ['2.03', '2.04', '2.05'])).toBe('none');
  expect(verdict(['0', '0', '0'], ['0', '0', '0'])).toBe('none');
  expect(verdict(['0', '0', '0'], ['3', '3', '3'])).toBe('slipped');
});

test('a rate that falls has slipped', () => {
  const [change] = compareRounds(rounds('Rate', '10/s', '11/s'), rounds('Rate', '8/s', '9/s'));
  expect(change?.verdict).toBe('slipped');
});

test('rows that only one commit has, and rows that go on from the one above', () => {
  const before = [[row('Next', '30 ms'), row('… CPU', '9 ms'), row('Old', '1')]];
  const now = [[row('Next', '30 ms'), row('… CPU', '5 ms'), row('Other', '2'), row('… CPU', '5')]];
  const found = compareRounds(before, now).map((each) => [each.measure, each.verdict]);
  expect(found).toEqual([
    ['Next', 'none'],
    ['Next … CPU', 'improved'],
    ['Other', 'new'],
    ['Other … CPU', 'new'],
    ['Old', 'gone'],
  ]);
});

test('the table begins with what slipped, with the spread beside each figure', () => {
  const table = formatChanges('v0.1.0', [
    { measure: 'Same', before: [1, 1.1], now: [1, 1.05], verdict: 'none' },
    { measure: 'Better', before: [1000], now: [500], verdict: 'improved' },
    { measure: 'Worse', before: [1, 1.1, 1.2], now: [1.5, 1.6, 1.7], verdict: 'slipped' },
  ]);
  const [head, , ...lines] = table.split('\n').map((line) => line.split(/ {2,}/));
  expect(head).toEqual(['measure', 'v0.1.0', 'this', 'change']);
  expect(lines).toEqual([
    ['Worse', '1.1 (1–1.2)', '1.6 (1.5–1.7)', '+45 %', 'SLIPPED'],
    ['Better', '1,000', '500', '−50 %', 'improved'],
    ['Same', '1.05 (1–1.1)', '1.02 (1–1.05)', '−2 %'],
  ]);
});
