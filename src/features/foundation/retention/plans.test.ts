import { Kysely, PostgresDialect } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { testRetention } from '../../testing.ts';
import { createOffices } from '../offices/service.ts';
import { testOffice } from '../offices/testing.ts';
import { boundsOf } from './rules.ts';
import { countForgettable } from './views.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
/** Kept and not due: half of them have a name. */
const KEPT = 4000;

let database: TestDatabase;
let office: number;
/** The statements that were run through `db`. */
const statements: { sql: string; parameters: readonly unknown[] }[] = [];
let db: Kysely<Schema>;

beforeAll(async () => {
  database = await testDatabase();
  db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: database.pool }),
    log: ({ query: { sql, parameters } }) => void statements.push({ sql, parameters }),
  });
  office = await testOffice(database.kysely, {});
  await database.asOwner(
    // Notices of cases that nobody made.
    'alter table notice drop constraint notice_of_case',
    `insert into encounter (id, office_id, channel, language, name, started_at, ended_at, actor)
     select gen_random_uuid(), ${office}, 'phone', 'ca', case when n % 2 = 0 then 'Rosa' end, at, at + interval '5 minutes', 'staff:1'
     from generate_series(1, ${KEPT}) n cross join lateral (select timestamptz '2026-11-29' - n * interval '1 minute') t (at)`,
    `insert into notice (id, office_id, case_id, kind, channel, recipient, language, facts, created_at, not_before, next_try_at, sent_at)
     select gen_random_uuid(), ${office}, gen_random_uuid(), 'case', 'email', case when n % 2 = 0 then 'rosa@example.cat' else '' end, 'ca', '{}', at, at, at, at
     from generate_series(1, ${KEPT}) n cross join lateral (select timestamptz '2026-11-29' - n * interval '1 minute') t (at)`,
    'analyze encounter, notice',
  );
});
afterAll(() => database.close());

/** Returns the plans of the statements that this runs on the tables that grow for ever. */
async function plansOf(run: () => Promise<unknown>): Promise<string[]> {
  statements.length = 0;
  await run();
  const ran = statements.filter(({ sql }) => /\b(from|update) "?(encounter|notice)\b/.test(sql));
  const client = await database.pool.connect();
  try {
    const plans: string[] = [];
    await client.query('begin');
    await client.query("select set_config('app.office', $1, true)", [String(office)]);
    for (const { sql, parameters } of ran) {
      const { rows } = await client.query(`explain ${sql}`, [...parameters]);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    }
    return plans;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const INDEXES = ['encounter_to_forget', 'encounter_named', 'notice_to_forget'];

test('a run reads those that are due by an index, and not all that are kept', async () => {
  const offices = createOffices(database.kysely);
  const plans = await plansOf(() => testRetention({ db, offices, clock }).sweep());
  expect(plans).toHaveLength(INDEXES.length);
  const all = plans.join('\n');
  expect(all).not.toMatch(/Seq Scan on (encounter|notice)\b/);
  for (const each of INDEXES) expect(all).toMatch(new RegExp(`Index .*${each}`));
  expect(
    all.match(/Index Cond: \(\(office_id = \d+\) AND \((started|created)_at < /g),
  ).toHaveLength(INDEXES.length);
});

test('so does whoever counts them', async () => {
  const { settings } = await createOffices(database.kysely).byId(office);
  const bounds = boundsOf(settings, clock.now());
  const [plan] = await plansOf(() =>
    within(db, office, (tx) => countForgettable(tx, office, bounds)),
  );
  expect(plan).not.toMatch(/Seq Scan on encounter\b/);
  for (const each of INDEXES.slice(0, 2)) expect(plan).toContain(each);
});

test('however many notices are due, one run destroys all of their recipients', async () => {
  await database.asOwner('delete from encounter');
  const later = handClock('2028-11-30T07:00:00+01:00');
  await testRetention({ db, offices: createOffices(database.kysely), clock: later }).sweep();
  const left = await within(db, office, (tx) =>
    tx.selectFrom('notice').select('id').where('recipient', '<>', '').execute(),
  );
  expect(left).toEqual([]);
});
