import { afterAll, beforeAll, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../lib/db/testing.ts';
import { createBodies } from './service.ts';
import { testBody } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await testBody(database.kysely);
});
afterAll(() => database?.close());

test('the town is kept while its row stands, and read anew once somebody has changed it', async () => {
  const bodies = createBodies(database.kysely);
  const town = await bodies.town();
  expect(await bodies.town()).toBe(town);
  // As another process does, at the same moment of its clock.
  const settings = JSON.stringify({ ...town, name: 'Vilanova' });
  await within(database.kysely, INSTALLATION, (tx) =>
    tx.updateTable('town').set({ settings }).execute(),
  );
  expect(await bodies.town()).toEqual({ ...town, name: 'Vilanova' });
});

test('looks of closed bodies are kept while they stand, and gone once one is open again', async () => {
  const bodies = createBodies(database.kysely);
  const id = await testBody(database.kysely, { code: 'tancada' });
  const retire = (at: string | null) =>
    within(database.kysely, id, (tx) =>
      tx
        .updateTable('body')
        .set((eb) => ({ retired_at: at, revision: eb('revision', '+', 1) }))
        .execute(),
    );
  expect(await bodies.closedLooks()).toEqual([]);
  await retire('2026-11-01T00:00:00Z');
  const [look] = await bodies.closedLooks();
  expect(look).toBeDefined();
  expect((await bodies.closedLooks())[0]).toBe(look);
  await retire('2026-11-02T00:00:00Z');
  expect((await bodies.closedLooks())[0]).not.toBe(look);
  await retire(null);
  expect(await bodies.closedLooks()).toEqual([]);
});
