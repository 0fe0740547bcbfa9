import { expect, test } from 'vitest';
import { nearDay, nearInstant, nearMoment } from './near.ts';

test.each(['2026-12-24', '2000-01-01', '2199-12-31', '2028-02-29'])('%s is a day', (text) => {
  expect(nearDay(text)?.toString()).toBe(text);
});

test.each([
  ...['', '24/12/2026', '2026-02-30', '2026-13-01', '2026-12-24T00:00', '2026-W52', '20261224'],
  ...['0000-01-01', '0001-01-01', '1999-12-31', '2200-01-01', '9999-12-31', '+002026-02-03'],
])('%s is no day that is near', (text) => {
  expect(nearDay(text)).toBeNull();
});

test('a moment of a form has no zone, an instant has one', () => {
  expect(nearMoment('2026-12-24T09:30')?.toString()).toBe('2026-12-24T09:30:00');
  expect(nearMoment('2026-12-24 09:30')?.toString()).toBe('2026-12-24T09:30:00');
  expect(nearInstant('2026-12-24T09:30:00+01:00')?.toString()).toBe('2026-12-24T08:30:00Z');
  for (const wrong of ['2026-12-24T24:30', '0000-01-01T00:00', '2026-12-24T09:30Z', '2026-12-24'])
    expect(nearMoment(wrong)).toBeNull();
  for (const wrong of [
    '2026-12-24T09:30',
    '9999-12-31T23:59:59-23:59',
    '2026-12-24T25:00Z',
    '2026-12-24T09Z',
    '2026-12-24T09:30:00Z[u-ca=iso8601]',
    '',
  ])
    expect(nearInstant(wrong)).toBeNull();
});
