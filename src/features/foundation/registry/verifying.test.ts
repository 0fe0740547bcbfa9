import { createHash } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { notingAnswers } from '../../../lib/db/testing/answers.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { unitOf } from '../audit/service.ts';
import { createOffices } from '../offices/service.ts';
import { testOffice } from '../offices/testing.ts';
import { createRegistry, type Registry } from './service.ts';
import type { Direction } from './types.ts';
import { verifyRegistry } from './verifying.ts';

const MORNING = '2026-12-01T09:00:00+01:00';
const clock = handClock(MORNING);
const quiet = { notify: () => {}, notifyTopic: () => {} };
const opened: TestDatabase[] = [];
let database: TestDatabase;
let office: Office;
let registry: Registry;
let enter: (many: number, direction?: Direction) => Promise<void>;

beforeEach(async () => {
  clock.set(MORNING);
  database = await testDatabase();
  opened.push(database);
  const db = database.kysely;
  office = await createOffices(db).byId(await testOffice(db));
  const unit = unitOf({ db, clock, notifier: quiet });
  registry = createRegistry({ db, clock, unit });
  let nth = 0;
  enter = async (many, direction = 'entry') => {
    for (let left = many; left > 0; left--) {
      const about = `${direction} ${++nth}`;
      const content = createHash('sha256').update(about).digest('hex');
      await unit({ kind: 'system', why: 'test' } as const, office.id, (each) =>
        registry.register(each, office, { direction, about, content }),
      );
    }
  };
});
afterAll(() => Promise.all(opened.map((each) => each.close())));

/** Checks with pages of three rows. Returns the verdict, how many statements it took, and how many rows the largest answer had. */
async function check() {
  const { kysely, answers, largest } = notingAnswers(database.kysely);
  const verdict = await within(kysely, office.id, (tx) => verifyRegistry(tx, office, 3));
  return { verdict, statements: answers.length, largest: largest('id') };
}

describe('a check of a long registry', () => {
  test('reads it in parts, and twice as many for twice as much', async () => {
    await enter(12);
    await enter(12, 'exit');
    const short = await check();
    expect(short).toMatchObject({ verdict: { ok: true, entries: 24 }, largest: 3 });
    await enter(12);
    await enter(12, 'exit');
    const long = await check();
    expect(long).toMatchObject({ verdict: { ok: true, entries: 48 }, largest: 3 });
    expect(long.statements).toBeLessThanOrEqual(2 * short.statements);
  });

  test('knows what its days had, also a day without entries', async () => {
    await enter(4);
    clock.set('2026-12-02T09:00:00+01:00');
    await enter(5, 'exit');
    clock.set('2026-12-05T09:00:00+01:00');
    await registry.closeDays(office);
    await enter(2);
    expect((await check()).verdict).toEqual({ ok: true, entries: 11 });
  });
});

describe('a check in parts finds', () => {
  const asOwner = (...statements: string[]) =>
    database.asOwner(
      'alter table registry_entry disable trigger user; alter table audit disable trigger user; alter table registry_day disable trigger user',
      ...statements,
      'alter table registry_entry enable trigger user; alter table audit enable trigger user; alter table registry_day enable trigger user',
    );
  const id = (about: string) => `(select id from registry_entry where about = '${about}')`;
  const line = (about: string) => `data ->> 'entry' = ${id(about)}::text`;
  beforeEach(async () => {
    await enter(20);
    await enter(20, 'exit');
    await enter(20);
    clock.set('2026-12-02T09:00:00+01:00');
    await registry.closeDays(office);
  });

  test.each<[string, string, object]>([
    [
      'an entry that was deleted',
      "delete from registry_entry where about = 'entry 8'",
      { number: 'E2026000009', what: 'removed' },
    ],
    [
      'the last exits deleted',
      "delete from registry_entry where about in ('exit 39', 'exit 40')",
      { number: expect.any(String), what: 'removed' },
    ],
    [
      'an entry without a line',
      `delete from audit where ${line('entry 8')}`,
      { number: 'E2026000008', what: 'added' },
    ],
    [
      'an exit without a line',
      `delete from audit where ${line('exit 40')}`,
      { number: 'S2026000020', what: 'added' },
    ],
    [
      'an entry whose content was changed',
      "update registry_entry set content = '\\x00' where about = 'entry 8'",
      { number: 'E2026000008', what: 'changed' },
    ],
    [
      'the last entry, which became an exit',
      "update registry_entry set direction = 'exit' where about = 'entry 60'",
      { number: 'S2026000040', what: 'changed' },
    ],
    [
      'a second line with another hash',
      `insert into audit (office_id, actor, action, at, data) select office_id, actor, action, at, data || '{"hash": "00"}' from audit where ${line('entry 1')}`,
      { number: 'E2026000001', what: 'changed' },
    ],
    [
      'a day that has other counts',
      'update registry_day set exits = exits + 1',
      { number: '2026-12-01', what: 'changed' },
    ],
    [
      'a day without a line',
      "delete from audit where action = 'registry_closed'",
      { number: '2026-12-01', what: 'added' },
    ],
    [
      'a day that was deleted',
      'delete from registry_day',
      { number: '2026-12-01', what: 'removed' },
    ],
  ])('%s', async (_what, statement, fault) => {
    await asOwner(statement);
    expect((await check()).verdict).toEqual({ ok: false, ...fault });
    expect(await registry.verify(office)).toEqual({ ok: false, ...fault });
  });

  test('nothing where lines of one book stand long after those of the other', async () => {
    expect((await check()).verdict).toEqual({ ok: true, entries: 60 });
  });

  test('nothing where the trail has an order of its own', async () => {
    await asOwner(
      `insert into audit (office_id, actor, action, at, data) select office_id, actor, action, at, data from audit where ${line('entry 2')}`,
      `delete from audit where id = (select min(id) from audit where ${line('entry 2')})`,
    );
    expect((await check()).verdict).toEqual({ ok: true, entries: 60 });
  });
});
