import { expect, test } from 'vitest';
import { isSaidAgain } from './said-again.ts';

const said = (time: string, text = 'Bon dia', by = 'staff:1') => ({
  ...{ by, text },
  at: Temporal.Instant.from(`2027-02-01T${time}Z`),
});

test.each([
  ['at once', said('09:00:00'), true],
  ['within minutes', said('08:58:01'), true],
  ['later', said('08:58:00'), false],
  ['in other words', said('09:00:00', 'Bona tarda'), false],
  ['by somebody else', said('09:00:00', 'Bon dia', 'staff:2'), false],
  ['for the first time', undefined, false],
])('words are said again: %s', (_, newest, isAgain) => {
  expect(isSaidAgain(newest, said('09:00:00'))).toBe(isAgain);
});
