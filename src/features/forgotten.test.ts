import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { populate } from '../lib/backup/testing/town.ts';
import { handClock } from '../lib/clock.ts';
import { within } from '../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../lib/db/testing.ts';
import { FEATURES } from './all.ts';
import type { Feature } from './feature.ts';
import { createOffices } from './foundation/offices/service.ts';
import { testRetention } from './testing.ts';

const features: readonly Feature<never, never>[] = FEATURES;
/** Tables that are forgotten in the transaction of retention. */
const forgotten = features
  .filter(({ forget }) => forget && !forget.destroy)
  .flatMap(({ tables }) =>
    Object.entries(tables).flatMap(([name, ending]) => (ending === 'forgotten' ? [name] : [])),
  );

let database: TestDatabase;
let before: Map<string, Set<string>>;
let after: Map<string, Set<string>>;

const rowsOf = (names: readonly string[]) =>
  within(database.kysely, '*', async (tx) => {
    const read = await Promise.all(
      names.map(async (name) => {
        const { rows } = await sql<{
          row: string;
        }>`select to_jsonb(t)::text as row from ${sql.table(name)} t`.execute(tx);
        return [name, new Set(rows.map(({ row }) => row))] as const;
      }),
    );
    return new Map(read);
  });

beforeAll(async () => {
  database = await testDatabase();
  await populate(database);
  const appointment = sql`(select id from appointment order by starts limit 1)`;
  const office = sql`(select office_id from appointment order by starts limit 1)`;
  await within(database.kysely, '*', async (tx) => {
    for (const statement of [
      sql`update absence set why = 'La Rosa és fora', ends = '2027-01-02'`,
      sql`update attempt set note = 'La Rosa no hi és'`,
      sql`update encounter set notes = 'La Rosa ha plorat', identity_note = 'DNI de la Rosa', name = 'Rosa'`,
      sql`update encounter_item set label = 'El permís de la Rosa'`,
      sql`update survey_answer set comment = 'Sóc la Rosa'`,
      sql`update wait_list set name = 'Rosa', ended_at = '2026-12-01', ended_why = 'left'`,
      sql`insert into event (office_id, appointment_id, kind, at, actor, data)
        values (${office}, ${appointment}, 'cancelled', '2026-11-30', 'citizen', '{"reason": "La Rosa té grip"}')`,
      sql`insert into proof_step (office_id, appointment_id, at, actor, kind, address, hash)
        values (${office}, ${appointment}, '2026-11-30', 'staff:1', 'set', 'phone', 'x')`,
    ])
      await statement.execute(tx);
  });
  before = await rowsOf(forgotten);
  const clock = handClock('2030-01-01T09:00:00+01:00');
  const { kysely: db } = database;
  await testRetention({ db, offices: createOffices(db), clock }).sweep();
  after = await rowsOf(forgotten);
});
afterAll(() => database.close());

test.each(forgotten)('what %s says of people is destroyed in the end', (name) => {
  const was = [...(before.get(name) ?? [])];
  expect(was).not.toEqual([]);
  expect(was.filter((row) => !after.get(name)?.has(row))).not.toEqual([]);
});

test('nothing that retention forgets still names anybody', () => {
  const left = [...after.values()].flatMap((rows) => [...rows]).join('\n');
  expect(left).not.toMatch(/Rosa|Núria|nuria\d|\+34600/);
});
