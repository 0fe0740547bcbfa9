import { expect, test } from 'vitest';
import { aboutGrowth, type GrowthFacts } from './growth.ts';

const TABLE = {
  name: 'event',
  bytes: 3 * 1024 ** 3,
  rows: 9_000_000,
  dead: 100_000,
  isLeft: false,
};
const calm: GrowthFacts = {
  bytes: 5 * 1024 ** 3,
  tables: [TABLE, { ...TABLE, name: 'audit', bytes: 1024 ** 2, rows: 10, dead: 600_000 - 1 }],
  isVacuumed: true,
  age: 199_000_000,
  fullest: { name: 'public.event_id_seq', used: 0.01 },
  weekly: null,
  free: null,
};
const WEEK = 100 * 1024 ** 2;
const still = { tables: [TABLE], weekly: WEEK };

test.each<[Partial<GrowthFacts>, string[], string]>([
  [{ tables: [TABLE] }, ['right'], 'has 5.0 GB; the largest tables are event 3.0 GB.'],
  [{}, ['right', 'warning'], 'audit has 1 million dead rows'],
  [{ tables: [TABLE], isVacuumed: false }, ['right', 'wrong'], 'autovacuum is off'],
  [{ tables: [TABLE], age: 1_200_000_000 }, ['right', 'wrong'], 'is 1200 million transactions old'],
  [
    { tables: [TABLE], fullest: { name: 'public.desk_id_seq', used: 0.6 } },
    ['right', 'warning'],
    '60 % of the numbers of public.desk_id_seq',
  ],
  [{ tables: [{ ...TABLE, isLeft: true }] }, ['right', 'warning'], 'RESET (autovacuum_enabled)'],
  [{ ...still, free: null }, ['right'], 'and grows by some 100 MB a week'],
  [{ ...still, free: 13 * WEEK }, ['right'], 'a week'],
  [{ ...still, free: 13 * WEEK - 1 }, ['right', 'warning'], 'is full in 12 weeks'],
  [{ ...still, free: 2 * WEEK }, ['right', 'warning'], 'is full in 2 weeks'],
  [{ ...still, free: 2 * WEEK - 1 }, ['right', 'wrong'], 'is full in 1 week.'],
])('what grows: %j', (more, states, words) => {
  const findings = aboutGrowth({ ...calm, ...more });
  expect(findings.map(({ state }) => state)).toEqual(states);
  const { words: said = '', todo } = findings.at(-1) ?? {};
  expect(`${said} ${todo}`).toContain(words);
});
