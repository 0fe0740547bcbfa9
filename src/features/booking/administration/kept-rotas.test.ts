import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TownFile } from '../../../domain/office/schema.ts';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { applyTown, decidedHere, exportTown, planTown } from './service.ts';

const VILACLARA = readFileSync('towns/vilaclara.yaml', 'utf8');
const NOW = Temporal.Instant.from('2026-11-24T16:00:00+01:00');

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await applyTown(database.kysely, town(), NOW);
});
afterAll(() => database.close());

function town(...edits: [string, string][]): TownFile {
  const checked = checkTownFile(edits.reduce((text, [a, b]) => text.replace(a, b), VILACLARA));
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  return checked.town;
}

const ROW = '{ desk: taula-3, weekdays: *feiners, from: "09:00", to: "14:00", since: 2025-01-01';
const shifts = (code: string) =>
  within(database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('shift')
      .innerJoin('desk', 'desk.id', 'shift.desk_id')
      .innerJoin('office', 'office.id', 'desk.office_id')
      .select(['shift.id', 'starts', 'except_days', 'uid'])
      .where('desk.code', '=', code)
      .where('office.code', '=', 'oac')
      .execute(),
  );

test('days on which a shift doesn’t begin are the file’s to say, and applied again change nothing', async () => {
  const file = town([`${ROW} }`, `${ROW}, except: [2026-12-04, 2026-12-07] }`]);
  const planned = await applyTown(database.kysely, file, NOW);
  expect(planned.changes.map((each) => each.words)[0]).toMatch(
    /new shift taula-3 .* but not on 2026-12-04, 2026-12-07$/,
  );
  expect((await shifts('taula-3'))[0]?.except_days).toEqual(['2026-12-04', '2026-12-07']);
  expect((await planTown(database.kysely, file, NOW)).changes).toEqual([]);
  await applyTown(database.kysely, town(), NOW);
});

test('a rota that was changed in the console stays, whatever the file says, until --rota', async () => {
  await within(database.kysely, INSTALLATION, async (tx) => {
    const desk = await tx
      .updateTable('desk')
      .set({ rota_here: true })
      .where('code', '=', 'taula-3')
      .where('office_id', '=', (eb) =>
        eb.selectFrom('office').select('id').where('code', '=', 'oac'),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx
      .updateTable('shift')
      .set({ starts: '10:00', uid: 'x' })
      .where('desk_id', '=', desk.id)
      .execute();
  });
  const before = await shifts('taula-3');
  expect((await planTown(database.kysely, town(), NOW)).changes).toEqual([]);
  expect(await decidedHere(database.kysely, town(), NOW)).toEqual([
    expect.stringContaining('the rota of taula-3 in oac is kept in the console'),
  ]);
  // Another desk of the office changes, and this one stays as it is, row by row.
  const other = town([
    '{ desk: taula-4, weekdays: [thu], from: "15:00"',
    '{ desk: taula-4, weekdays: [thu], from: "16:00"',
  ]);
  expect((await applyTown(database.kysely, other, NOW)).changes).toHaveLength(2);
  expect(await shifts('taula-3')).toEqual(before);

  const how = { takesRotas: true };
  expect(await decidedHere(database.kysely, other, NOW, how)).toEqual([]);
  const taken = await applyTown(database.kysely, other, NOW, how);
  expect(taken.changes.map((each) => each.words)).toEqual([
    expect.stringMatching(/^oac: new shift taula-3 .* 09:00–14:00/),
    expect.stringMatching(/^oac: no more shift taula-3 .* 10:00–14:00/),
  ]);
  expect((await shifts('taula-3'))[0]?.starts).toBe('09:00');
  expect((await planTown(database.kysely, other, NOW)).changes).toEqual([]);
});

test('a desk that the file no longer has keeps its rota, which is nobody’s to see until it comes back', async () => {
  await within(database.kysely, INSTALLATION, (tx) =>
    tx.updateTable('desk').set({ rota_here: true }).where('code', '=', 'taula-8').execute(),
  );
  const without = town();
  const oac = without.offices.oac!;
  const { 'taula-8': _, ...desks } = oac.desks;
  const file = {
    ...without,
    offices: {
      ...without.offices,
      oac: { ...oac, desks, shifts: oac.shifts.filter((each) => each.desk !== 'taula-8') },
    },
  };
  const before = await shifts('taula-8');
  expect(before.length).toBeGreaterThan(0);
  await applyTown(database.kysely, file, NOW);
  expect(await shifts('taula-8')).toEqual(before);
  expect((await planTown(database.kysely, file, NOW)).changes).toEqual([]);
  expect(await exportTown(database.kysely)).not.toContain('taula-8');
  await applyTown(database.kysely, without, NOW);
  expect(await shifts('taula-8')).toEqual(before);
  expect((await planTown(database.kysely, without, NOW)).changes).toEqual([]);
});
