import { expect, test } from 'vitest';
import { HOUR, isTried, minutesSince } from './rules.ts';

const at = (time: string) => Temporal.Instant.from(`2027-02-01T${time}Z`);

test('what was interrupted is tried ever more seldom within the hour', () => {
  const tried = Array.from({ length: HOUR + 2 }, (_, minute) => minute).filter(isTried);
  expect(tried).toEqual([0, 1, 2, 4, 8, 16, 32, 60, 61]);
});

test('the minutes are whole, and never below zero', () => {
  expect(minutesSince(at('09:00:30'), at('09:02:29'))).toBe(1);
  expect(minutesSince(at('09:00:30'), at('09:00:29'))).toBe(0);
});
