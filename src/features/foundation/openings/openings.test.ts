import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../lib/clock.ts';
import { type Scope, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import type { RunUnit } from '../audit/service.ts';
import { testUnit } from '../audit/testing.ts';
import { testOffice } from '../offices/testing.ts';
import { insertOpening, replaceOpening } from './store.ts';
import { readOpened } from './views.ts';

const SYSTEM = { kind: 'system', why: 'test' } as const;
let database: TestDatabase;
let unit: RunUnit;
let office: number;
let elsewhere: number;

beforeAll(async () => {
  database = await testDatabase();
  unit = testUnit(database.kysely, systemClock);
  office = await testOffice(database.kysely, { code: 'here' });
  elsewhere = await testOffice(database.kysely, { code: 'elsewhere' });
});
afterAll(() => database.close());

async function openingOf(secret: string): Promise<string> {
  const subject = randomUUID();
  await unit(SYSTEM, office, (each) =>
    insertOpening(each, { opens: 'appointment', subject }, hashSecret(secret)),
  );
  return subject;
}

describe('openings', () => {
  test('a secret opens its subject, and nothing of another kind', async () => {
    const subject = await openingOf('a');
    const read = async (_: unknown, id: string) => id;
    expect(await readOpened(database.kysely, 'appointment', 'a', read)).toBe(subject);
    expect(await readOpened(database.kysely, 'wait_list', 'a', read)).toBeNull();
    expect(await readOpened(database.kysely, 'appointment', 'b', read)).toBeNull();
  });

  test('what is read then is read as of the office alone', async () => {
    await openingOf('confined');
    const seen = await readOpened(database.kysely, 'appointment', 'confined', async (tx, _, of) => {
      const offices = await tx.selectFrom('office').select('id').execute();
      const { rows } = await sql<{
        scope: string;
      }>`select current_setting('app.office') as scope`.execute(tx);
      return { of, offices: offices.map((each) => each.id), scope: rows[0]?.scope };
    });
    expect(seen).toEqual({ of: office, offices: [office], scope: String(office) });
  });

  test('the secret before opens nothing after a replacement', async () => {
    const subject = await openingOf('old');
    const replace = (secret: string) =>
      unit(SYSTEM, office, (each) =>
        replaceOpening(each, 'appointment', subject, hashSecret(secret)),
      );
    expect(await replace('new')).toBe(true);
    expect(await replace('new')).toBe(false);
    const read = async (_: unknown, id: string) => id;
    expect(await readOpened(database.kysely, 'appointment', 'old', read)).toBeNull();
    expect(await readOpened(database.kysely, 'appointment', 'new', read)).toBe(subject);
  });

  test('another office neither sees nor replaces it', async () => {
    const subject = await openingOf('mine');
    const count = (scope: Scope) =>
      within(database.kysely, scope, (tx) =>
        tx.selectFrom('opening').selectAll().where('subject', '=', subject).execute(),
      );
    expect(await count(office)).toHaveLength(1);
    expect(await count(elsewhere)).toHaveLength(0);
    const replaced = await unit(SYSTEM, elsewhere, (each) =>
      replaceOpening(each, 'appointment', subject, hashSecret('theirs')),
    );
    expect(replaced).toBe(false);
  });
});
