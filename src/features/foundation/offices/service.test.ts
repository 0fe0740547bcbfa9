import { afterAll, beforeAll, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { createOffices, recentOffices } from './service.ts';
import { testOffice } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await testOffice(database.kysely);
});
afterAll(() => database?.close());

test('the town is kept while its row stands, and read anew once somebody has changed it', async () => {
  const offices = createOffices(database.kysely);
  const town = await offices.town();
  expect(await offices.town()).toBe(town);
  // Another process changes it at the same moment of its clock.
  const settings = JSON.stringify({ ...town, name: 'Vilanova' });
  await within(database.kysely, INSTALLATION, (tx) =>
    tx.updateTable('town').set({ settings }).execute(),
  );
  expect(await offices.town()).toEqual({ ...town, name: 'Vilanova' });
});

test('what many ask for at once is no older than a deed that was told', async () => {
  const listeners: ((office: number | null) => void)[] = [];
  const offices = recentOffices(createOffices(database.kysely), {
    listen: (listener) => {
      listeners.push(listener);
      return () => {};
    },
  });
  const many = () => Promise.all([offices.list(), offices.find('oac'), offices.list()]);
  const [all, found] = await many();
  expect(found).toBe(all[0]);
  const id = found?.id ?? 0;
  await within(database.kysely, id, (tx) =>
    tx
      .updateTable('office')
      .set((eb) => ({ revision: eb('revision', '+', 1) }))
      .execute(),
  );
  for (const tell of listeners) tell(id);
  const [after] = await many();
  expect(after[0]?.revision).toBe((found?.revision ?? 0) + 1);
  expect(await offices.byId(id)).toBe(after[0]);
});

test('an office at a revision that somebody has read is read once for it', async () => {
  const offices = createOffices(database.kysely);
  const [open] = await offices.list();
  if (!open) throw new Error('no office');
  expect(await offices.at(open.id, open.revision)).toBe(open);
  await within(database.kysely, open.id, (tx) =>
    tx
      .updateTable('office')
      .set((eb) => ({ revision: eb('revision', '+', 1) }))
      .execute(),
  );
  const changed = await offices.at(open.id, open.revision + 1);
  expect(changed?.revision).toBe(open.revision + 1);
  expect(await offices.at(open.id, open.revision + 1)).toBe(changed);
});

test('looks of closed offices are kept while they stand, and gone once one is open again', async () => {
  const offices = createOffices(database.kysely);
  const id = await testOffice(database.kysely, { code: 'tancada' });
  const retire = (at: string | null) =>
    within(database.kysely, id, (tx) =>
      tx
        .updateTable('office')
        .set((eb) => ({ retired_at: at, revision: eb('revision', '+', 1) }))
        .execute(),
    );
  expect(await offices.closedLooks()).toEqual([]);
  await retire('2026-11-01T00:00:00Z');
  const [look] = await offices.closedLooks();
  expect(look).toBeDefined();
  expect((await offices.closedLooks())[0]).toBe(look);
  await retire('2026-11-02T00:00:00Z');
  expect((await offices.closedLooks())[0]).not.toBe(look);
  await retire(null);
  expect(await offices.closedLooks()).toEqual([]);
});
