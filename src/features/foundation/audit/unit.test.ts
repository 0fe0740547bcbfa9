import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { testOffice } from '../offices/testing.ts';
import { type RunUnit, unitOf } from './service.ts';

const clock = handClock('2026-11-30T08:00:00Z');
let database: TestDatabase;
let office: number;
let told: string[];
let unit: RunUnit;

beforeAll(async () => {
  database = await testDatabase();
  office = await testOffice(database.kysely, { code: 'oac' });
});
afterAll(() => database.close());
beforeEach(() => {
  told = [];
  unit = unitOf({
    db: database.kysely,
    clock,
    notifier: {
      notify: (which) => told.push(`woke ${which}`),
      notifyTopic: (which, topic) => told.push(`woke ${which}/${topic}`),
    },
  });
});

const viewer = { kind: 'token', token: 2, office: 1, scopes: new Set<string>() } as const;
const recorded = () =>
  within(database.kysely, office, (tx) =>
    tx.selectFrom('audit').select(['actor', 'action', 'data']).orderBy('id').execute(),
  );

test('a deed is recorded with its viewer, and notified after the commit', async () => {
  const answer = await unit(viewer, office, async ({ record, afterCommit }) => {
    await record('token_created', { data: { token: 3 } });
    afterCommit(() => told.push('after'));
    told.push('within');
    return 'done';
  });
  expect(answer).toBe('done');
  expect(told).toEqual(['within', 'after', `woke ${office}`]);
  const entry = { actor: 'token:2', action: 'token_created', data: { token: 3 } };
  expect(await recorded()).toEqual([entry]);
});

test('a look notifies nobody, nor does a unit that recorded nothing', async () => {
  await unit(viewer, office, ({ record }) => record('listed'));
  await unit(viewer, office, async () => {});
  expect(told).toEqual([]);
});

test('a failed unit records nothing and notifies nobody', async () => {
  const before = await recorded();
  const failing = unit(viewer, office, async ({ record, afterCommit }) => {
    await record('token_revoked');
    afterCommit(() => told.push('after'));
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await recorded()).toEqual(before);
  expect(told).toEqual([]);
});

test('a unit that lost a deadlock runs again, and notifies once', async () => {
  let runs = 0;
  await unit(viewer, office, async ({ record, afterCommit }) => {
    runs++;
    await record('token_revoked', { data: { runs } });
    afterCommit(() => told.push(`after ${runs}`));
    if (runs === 1) throw Object.assign(new Error('deadlock'), { code: '40P01' });
  });
  expect(told).toEqual(['after 2', `woke ${office}`]);
  expect((await recorded()).at(-1)).toMatchObject({ data: { runs: 2 } });
});

test('a change that has no record is told where its unit says so, and a topic to those alone who look at it', async () => {
  await unit(viewer, office, async ({ tell }) => tell());
  await unit(viewer, office, async ({ tell }) => {
    tell('room');
    tell('room');
  });
  expect(told).toEqual([`woke ${office}`, `woke ${office}/room`]);
});

test('one statement is told where it was done', async () => {
  const run = (outcome: string) =>
    unit.statement(
      office,
      async () => outcome,
      (done) => done === 'booked',
    );
  expect([await run('taken'), await run('booked')]).toEqual(['taken', 'booked']);
  expect(told).toEqual([`woke ${office}`]);
});

test('a deed of the installation is recorded in each office that it names, and told there', async () => {
  await unit.installation(viewer, async ({ recordIn }) =>
    recordIn(office, 'key_rotated', { data: { version: 2 } }),
  );
  expect((await recorded()).at(-1)).toEqual({
    actor: 'token:2',
    action: 'key_rotated',
    data: { version: 2 },
  });
  expect(told).toEqual([`woke ${office}`]);
});
