import { expect, test } from 'vitest';
import { aboutGrowth, type GrowthFacts } from './growth.ts';

const TABLE = { name: 'event', bytes: 3 * 1024 ** 3, rows: 9_000_000, dead: 100_000 };
const calm: GrowthFacts = {
  bytes: 5 * 1024 ** 3,
  tables: [TABLE, { name: 'audit', bytes: 1024 ** 2, rows: 10, dead: 600_000 - 1 }],
  isVacuumed: true,
  age: 199_000_000,
  fullest: { name: 'public.event_id_seq', used: 0.01 },
};

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
])('what grows: %j', (more, states, words) => {
  const findings = aboutGrowth({ ...calm, ...more });
  expect(findings.map(({ state }) => state)).toEqual(states);
  expect(findings.at(-1)?.words).toContain(words);
});
