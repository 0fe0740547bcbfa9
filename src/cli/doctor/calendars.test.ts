import { expect, test } from 'vitest';
import { aboutCalendars } from './calendars.ts';

test.each([
  [0, 0, []],
  [1, 0, ['right: The connected calendar works.']],
  [3, 0, ['right: All 3 connected calendars work.']],
  [
    3,
    2,
    [
      "warning: 2 of 3 connected calendars can't be read: the times that they keep busy may be old.",
    ],
  ],
])('%i calendars of which %i fail', (all, failing, said) => {
  expect(aboutCalendars({ all, failing }).map(({ state, words }) => `${state}: ${words}`)).toEqual(
    said,
  );
});
