import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { DeskVisit } from '../visit.tsx';
import { sendFiguresFile } from './as-of.tsx';

const nameAt = async (moment: Temporal.Instant | null) => {
  const office = { timeZone: 'Europe/Madrid' } as DeskVisit['office'];
  const file = { name: 'figures-oac-month', rows: [['A', '1']] };
  const app = new Hono().get('/', (c) =>
    sendFiguresFile({ c, office }, { momentToSay: () => moment }, file),
  );
  return (await app.request('/')).headers.get('Content-Disposition');
};

test('a file of figures says in its name of which moment they are, in the office’s time, where they aren’t of now', async () => {
  expect(await nameAt(null)).toBe('attachment; filename="figures-oac-month.csv"');
  expect(await nameAt(Temporal.Instant.from('2026-11-30T23:41:59Z'))).toBe(
    'attachment; filename="figures-oac-month-as-of-2026-12-01T0041.csv"',
  );
});
