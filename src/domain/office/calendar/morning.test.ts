import { expect, test } from 'vitest';
import { isWorkingMorning } from './morning.ts';

const office = {
  timeZone: 'Europe/Madrid',
  settings: { holidays: 'ES-CT' as const, feastDays: [], openDays: [] },
};
const isAt = (local: string) => isWorkingMorning(office, Temporal.Instant.from(`${local}+01:00`));

test.each([
  ['2027-01-05T07:59:59', false],
  ['2027-01-05T08:00:00', true],
  ['2027-01-05T11:59:59', true],
  ['2027-01-05T12:00:00', false],
  ['2027-01-05T22:40:00', false],
  ['2027-01-06T09:00:00', false],
  ['2027-01-09T09:00:00', false],
  ['2027-01-10T09:00:00', false],
  ['2027-01-11T09:00:00', true],
])('at %s it is the morning of a working day: %s', (local, is) => {
  expect(isAt(local)).toBe(is);
});
