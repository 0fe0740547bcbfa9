import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { populate } from '../backup/testing/town.ts';
import { type TestDatabase, testDatabase } from '../db/testing.ts';
import { afterDeeds, daily, eachDay, hourlyIfAny, readDue } from './due.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await populate(database);
});
afterAll(() => database.close());
beforeEach(() => database.asOwner('delete from job_run'));

const WHAT = 'to test';
const RULES = { daily, eachDay, afterDeeds, hourly: hourlyIfAny(sql`select`) };
/** A year after all that the town did. */
const NOW = Temporal.Instant.from('2036-11-30T12:00:30Z');

/** How a job is due by each rule. `ran`: as this process knows; `kept`: as the database does. */
async function dueBy({ ran, kept }: { ran?: Temporal.Instant; kept?: Temporal.Instant }) {
  if (kept)
    await database.asOwner(`insert into job_run (what, ran_at) values ('${WHAT}', '${kept}')`);
  const jobs = Object.values(RULES).map((rule) => ({ what: WHAT, due: rule(WHAT) }));
  const own = new Map(ran ? [[WHAT, ran]] : []);
  const due = await readDue(database.kysely, jobs, { now: NOW, ran: own });
  return due.map((at) => at && (Temporal.Instant.compare(at, NOW) <= 0 ? 'now' : at.toString()));
}

test('a job that ran is due by its rule, whoever knows of the run', async () => {
  const ran = NOW.subtract({ minutes: 5 });
  const due = ['2036-12-01T11:55:30Z', '2036-11-30T23:00:00Z', null, 'now'];
  expect(await dueBy({ ran })).toEqual(due);
  expect(await dueBy({ kept: ran })).toEqual(due);
});

test('a run that a clock noted that was ahead delays nothing', async () => {
  const ahead = NOW.add({ hours: 24 * 365 });
  const atOnce = ['now', 'now', 'now', 'now'];
  expect(await dueBy({ ran: ahead })).toEqual(atOnce);
  expect(await dueBy({ kept: ahead })).toEqual(atOnce);
  // What ran before counts.
  const earlier = await dueBy({ ran: NOW.subtract({ minutes: 5 }) });
  expect(earlier[0]).toBe('2036-12-01T11:55:30Z');
});

test('a run of a machine whose clock is some seconds ahead counts', async () => {
  const [once] = await dueBy({ kept: NOW.add({ seconds: 20 }) });
  expect(once).toBe('2036-12-01T12:00:50Z');
});
