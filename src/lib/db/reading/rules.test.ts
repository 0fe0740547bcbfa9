import { expect, test } from 'vitest';
import { isFresh, isToSay, moment } from './rules.ts';

const NOW = Temporal.Instant.from('2026-12-01T10:00:00Z');
const ago = (seconds: number) => NOW.subtract({ seconds });

test.each([
  ['has all', { written: 500n, replayed: 500n, lastCommit: ago(7200) }, NOW],
  ['has more by now', { written: 500n, replayed: 620n, lastCommit: null }, NOW],
  ['is behind', { written: 500n, replayed: 499n, lastCommit: ago(40) }, ago(40)],
  ['has replayed nothing yet', { written: 500n, replayed: 1n, lastCommit: null }, null],
])('a standby that %s', (_what, positions, expected) => {
  expect(moment(positions, NOW)?.toString()).toBe(expected?.toString());
});

test('old data is not shown, and data that is a little old says so', () => {
  expect([0, 29, 300, 301].map((seconds) => isFresh(ago(seconds), NOW))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(isFresh(null, NOW)).toBe(false);
  expect([0, 30, 31, 300].map((seconds) => isToSay(ago(seconds), NOW))).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
