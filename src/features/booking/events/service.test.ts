import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bookingDesk } from '../../../lib/backup/testing/town.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { createNotifier, type Notifier } from '../../../lib/notifier.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createEventFeed, type EventFeed } from './service.ts';
import type { OfficeEvent } from './types.ts';

const NOW = '2026-11-30T08:00:00Z';
let database: TestDatabase;
let notifier: Notifier;
let other: Notifier;
let eventFeed: EventFeed;
let appointment: string;
let office: number;
const clock = handClock(NOW);

beforeEach(async () => {
  database = await testDatabase();
  clock.set(NOW);
  office = await testOffice(database.kysely, { code: 'oac' });
  appointment = (await (await bookingDesk(database, 'oac')).book()).id;
  const options = { ...database, onDeaf: () => {} };
  [notifier, other] = [createNotifier(options), createNotifier(options)];
  eventFeed = createEventFeed({
    db: database.kysely,
    notifier,
    clock,
    unit: testUnit(database.kysely, clock),
    log: { warn: () => {} },
  });
});
afterEach(async () => {
  eventFeed.close();
  await Promise.all([notifier.close(), other.close()]);
  await database.close();
});

/** Writes an event in a transaction that is committed when `commit` is called. */
async function write(actor: string) {
  const client = await database.pool.connect();
  await client.query("begin; set local app.office = '*'");
  await client.query(
    "insert into event (office_id, appointment_id, kind, at, actor) values ($1, $2, 'saved', $3, $4)",
    [office, appointment, clock.now().toString(), actor],
  );
  return {
    commit: async () => {
      await client.query('commit');
      client.release();
    },
  };
}
const happens = async (actor: string) => (await write(actor)).commit();

/** Somebody who watches, and whose news they hear of. */
async function watch() {
  const heard: string[] = [];
  const stop = await eventFeed.watch(office, (news: readonly OfficeEvent[]) =>
    heard.push(...news.map((each) => each.actor)),
  );
  return { heard, stop };
}

test('tells what happens from now on, once to each, and only while they watch', async () => {
  await happens('before');
  const [one, two] = [await watch(), await watch()];
  await happens('first');
  other.notify(office);
  await expect.poll(() => one.heard).toEqual(['first']);
  two.stop();
  await happens('second');
  notifier.notify(office);
  notifier.notify(office);
  await expect.poll(() => one.heard).toEqual(['first', 'second']);
  expect(two.heard).toEqual(['first']);
});

test('a watch that begins while the news can’t be read fails, and the next one hears all', async () => {
  await database.asOwner('alter table event rename to away');
  // PostgreSQL's: undefined_table.
  await expect(watch()).rejects.toMatchObject({ code: '42P01' });
  await database.asOwner('alter table away rename to event');
  const { heard } = await watch();
  await happens('afterwards');
  notifier.notify(office);
  await expect.poll(() => heard).toEqual(['afterwards']);
});

test('tells what was begun before and committed after something newer', async () => {
  const early = await write('early');
  const late = await write('late');
  const { heard } = await watch();
  await late.commit();
  notifier.notify(office);
  await expect.poll(() => heard).toEqual(['late']);
  clock.advance({ seconds: 10 });
  await early.commit();
  notifier.notify(office);
  await expect.poll(() => heard).toEqual(['late', 'early']);
});

test('forgets what is settled, and tells nothing twice over it', async () => {
  const { heard } = await watch();
  for (const actor of ['one', 'two', 'three']) {
    await happens(actor);
    notifier.notify(office);
    await expect.poll(() => heard.at(-1)).toBe(actor);
    clock.advance({ seconds: 40 });
  }
  notifier.notify(office);
  await happens('four');
  notifier.notify(office);
  await expect.poll(() => heard).toEqual(['one', 'two', 'three', 'four']);
});

test('nothing of another office is told', async () => {
  const { heard } = await watch();
  const elsewhere = await testOffice(database.kysely, { code: 'hisenda' });
  const others: string[] = [];
  await eventFeed.watch(elsewhere, (news) => others.push(...news.map((each) => each.actor)));
  await happens('here');
  notifier.notify(elsewhere);
  notifier.notify(office);
  await expect.poll(() => heard).toEqual(['here']);
  expect(others).toEqual([]);
});

test('what was missed is read from where somebody left', async () => {
  await happens('one');
  const [, one] = await eventFeed.since(office, 0);
  await happens('two');
  await happens('three');
  const missed = await eventFeed.since(office, one?.id ?? 0);
  expect(missed.map((each) => each.actor)).toEqual(['two', 'three']);
  expect(missed[0]).toMatchObject({ office, appointment, kind: 'saved' });
});

const marta = (): StaffViewer => ({
  kind: 'staff',
  staff: 7,
  name: 'Marta',
  office,
  role: 'coordinator',
  desk: null,
});

/** Returns the database, in which what is read of events can be kept back, each time once. */
function holding() {
  let held: PromiseWithResolvers<void> | null = null;
  let isReading = false;
  const reads = new WeakSet<object>();
  const db = database.kysely.withPlugin({
    transformQuery: ({ node, queryId }) => {
      if (node.kind === 'SelectQueryNode' && node.joins) reads.add(queryId);
      return node;
    },
    transformResult: async ({ result, queryId }) => {
      if (!held || isReading || !reads.has(queryId)) return result;
      isReading = true;
      await held.promise;
      return result;
    },
  });
  return {
    db,
    isReading: () => isReading,
    hold: () => {
      held = Promise.withResolvers();
    },
    letGo: () => held?.resolve(),
  };
}

test('what is being read for others is told once to whoever begins to follow meanwhile', async () => {
  const { db, isReading, hold, letGo } = holding();
  const log = { warn: () => {} };
  const slow = createEventFeed({ db, notifier, clock, unit: testUnit(db, clock), log });
  await slow.watch(office, () => {});
  const newest = await slow.newest(office);
  await happens('one');
  hold();
  notifier.notify(office);
  await expect.poll(isReading).toBe(true);
  const heard: string[] = [];
  const { missed } = await slow.follow(marta(), newest, (news) =>
    heard.push(...news.map((each) => each.actor)),
  );
  expect(missed.map((each) => each.actor)).toEqual(['one']);
  letGo();
  await happens('two');
  notifier.notify(office);
  await expect.poll(() => heard.at(-1)).toBe('two');
  expect(heard).toEqual(['two']);
  slow.close();
});

test('that somebody of the staff follows is recorded, not at each page', async () => {
  const viewer = marta();
  const heard: string[] = [];
  const follow = async () =>
    (await eventFeed.follow(viewer, null, (news) => heard.push(...news.map((each) => each.actor))))
      .stop;
  const watched = async () => {
    const { rows } = await within(database.kysely, office, (tx) =>
      sql<{ actor: string }>`select actor from audit where action = 'watched'`.execute(tx),
    );
    return rows.map((each) => each.actor);
  };
  (await follow())();
  clock.advance({ minutes: 14 });
  const stop = await follow();
  expect(await watched()).toEqual(['staff:7']);
  await happens('staff:8');
  notifier.notify(office);
  await expect.poll(() => heard).toEqual(['staff:8']);
  stop();
  clock.advance({ minutes: 1 });
  await follow();
  expect(await watched()).toEqual(['staff:7', 'staff:7']);
});
