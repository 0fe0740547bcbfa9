import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TownFile } from '../../../domain/office/schema.ts';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testRetention } from '../../testing.ts';
import { applyTown, decidedHere, planTown } from './service.ts';

const VILACLARA = readFileSync('towns/vilaclara.yaml', 'utf8');
const clock = handClock('2026-11-24T16:00:00+01:00');

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await applyTown(database.kysely, town(), clock.now());
});
afterAll(() => database.close());

function town(...edits: [string, string][]): TownFile {
  const checked = checkTownFile(edits.reduce((text, [a, b]) => text.replace(a, b), VILACLARA));
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  return checked.town;
}

const reasons = async (): Promise<string[]> => {
  const rows = await within(database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('absence').select('why').where('why', '<>', '').orderBy('why').execute(),
  );
  return rows.map((each) => each.why);
};

test('why desks were away is destroyed though the file says it, which then changes nothing', async () => {
  expect(await reasons()).toContain('permís');
  // Thirty days after the 27th of November, on which taula-5 was away last.
  clock.set('2026-12-29T09:00:00+01:00');
  const { kysely } = database;
  await testRetention({ db: kysely, offices: createOffices(kysely), clock }).sweep();
  const left = ['formació', 'reunió d’equip', 'vacances', 'vacances'];
  expect((await reasons()).filter((each) => !left.includes(each))).toEqual([]);
  expect(await reasons()).toContain('vacances');
  expect((await planTown(kysely, town(), clock.now())).changes).toEqual([]);

  await within(kysely, INSTALLATION, (tx) =>
    tx.updateTable('desk').set({ rota_here: true }).where('code', '=', 'taula-5').execute(),
  );
  expect(await decidedHere(kysely, town(), clock.now())).toEqual([]);
  await within(kysely, INSTALLATION, (tx) =>
    tx.updateTable('desk').set({ rota_here: false }).execute(),
  );

  const other = town(['leadMinutes: 60, horizonDays: 30', 'leadMinutes: 30, horizonDays: 30']);
  expect((await applyTown(kysely, other, clock.now())).changes).toHaveLength(1);
  expect(await reasons()).not.toContain('permís');

  const { offices } = town();
  const longer = {
    ...town(),
    offices: Object.fromEntries(
      Object.entries(offices).map(([code, office]) => [
        code,
        { ...office, retention: { ...office.retention, contactDays: 300 } },
      ]),
    ),
  };
  expect((await applyTown(kysely, longer, clock.now())).ok).toBe(true);
  expect(await reasons()).not.toContain('permís');
});
