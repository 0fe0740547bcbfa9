import { createHash } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { unitOf } from '../audit/service.ts';
import { createOffices } from '../offices/service.ts';
import { testOffice } from '../offices/testing.ts';
import { hashOfEntry } from './rules.ts';
import { createRegistry, numberText, type Registry } from './service.ts';
import type { Direction } from './types.ts';

const MORNING = '2026-12-01T09:00:00+01:00';
const clock = handClock(MORNING);
const quiet = { notify: () => {}, notifyTopic: () => {} };
const opened: TestDatabase[] = [];
let database: TestDatabase;
let office: Office;
let registry: Registry;
let unit: ReturnType<typeof unitOf>;

beforeEach(async () => {
  clock.set(MORNING);
  database = await testDatabase();
  opened.push(database);
  const db = database.kysely;
  const offices = createOffices(db);
  office = await offices.byId(await testOffice(db));
  unit = unitOf({ db, clock, notifier: quiet });
  registry = createRegistry({ db, clock, unit });
});
afterAll(() => Promise.all(opened.map((each) => each.close())));

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const SYSTEM = { kind: 'system', why: 'test' } as const;

const enter = (
  about: string,
  { content = about, direction = 'entry' as Direction, after = async () => {} } = {},
) =>
  unit(SYSTEM, office.id, async (each) => {
    const entry = await registry.register(each, office, {
      direction,
      about,
      content: hashOf(content),
    });
    await after();
    return entry;
  });

const rows = () =>
  within(database.kysely, office.id, (tx) =>
    tx.selectFrom('registry_entry').selectAll().orderBy('number').execute(),
  );

describe('a registry', () => {
  test('has a book of entries and a book of exits, each with its numbers', async () => {
    const numbers = [
      await enter('a'),
      await enter('b'),
      await enter('c', { direction: 'exit' }),
      await enter('d'),
    ];
    expect(numbers.map(numberText)).toEqual([
      'E2026000001',
      'E2026000002',
      'S2026000001',
      'E2026000003',
    ]);
    expect(await registry.verify(office)).toEqual({ ok: true, entries: 4 });
  });

  test('has no gaps and no doubles when fifty come at once and some fail after they had a number', async () => {
    const about = Array.from({ length: 50 }, (_, nth) => `case ${nth}`);
    const fail = async () => {
      throw new Error('the deed fails');
    };
    const results = await Promise.allSettled(
      about.map((each, nth) => enter(each, nth % 5 === 0 ? { after: fail } : {})),
    );
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    expect((await rows()).map(({ number }) => number)).toEqual(
      Array.from({ length: 40 }, (_, nth) => nth + 1),
    );
    expect(await registry.verify(office)).toEqual({ ok: true, entries: 40 });
  });

  test('registers one thing once, and tells when it is another thing by the same name', async () => {
    const first = await enter('case 1');
    const [again, also] = await Promise.all([enter('case 1'), enter('case 1')]);
    expect([again.id, also.id]).toEqual([first.id, first.id]);
    await expect(enter('case 1', { content: 'other' })).rejects.toThrow('another content');
    expect(await rows()).toHaveLength(1);
  });

  test('counts what came on a Saturday from the Monday, and keeps its true time', async () => {
    clock.set('2026-12-05T23:30:00+01:00');
    const entry = await enter('case 1');
    expect([entry.countsFrom.toString(), entry.at.toString()]).toEqual([
      '2026-12-07',
      '2026-12-05T22:30:00Z',
    ]);
  });

  test('follows the order of time where somebody waited for the book', async () => {
    clock.set('2026-12-31T23:59:59.999+01:00');
    const { promise: isFirst, resolve: first } = Promise.withResolvers<void>();
    const { promise: go, resolve: letGo } = Promise.withResolvers<void>();
    const old = enter('old year', {
      after: async () => {
        first();
        await go;
      },
    });
    await isFirst;
    const waiting = enter('new year');
    clock.set('2027-01-01T00:00:01+01:00');
    letGo();
    const entries = await Promise.all([old, waiting]);
    expect(entries.map(numberText)).toEqual(['E2026000001', 'E2027000001']);
    expect(await registry.verify(office)).toEqual({ ok: true, entries: 2 });
  });
});

describe('a closed day', () => {
  test('is closed once it has ended, once, with what it had', async () => {
    await enter('a');
    await enter('b', { direction: 'exit' });
    expect(await registry.closeDays(office)).toBe(0);
    clock.set('2026-12-02T00:10:00+01:00');
    const closed = await Promise.all([registry.closeDays(office), registry.closeDays(office)]);
    expect(closed.toSorted()).toEqual([0, 1]);
    clock.set('2026-12-09T12:00:00+01:00');
    await enter('c');
    expect(await registry.closeDays(office)).toBe(7);
    expect(await registry.closeDays(office)).toBe(0);
    expect(await registry.verify(office)).toEqual({ ok: true, entries: 3 });
  });

  test('gets no entry from a server whose clock is a little behind', async () => {
    await enter('a');
    clock.set('2026-12-02T00:10:00+01:00');
    await registry.closeDays(office);
    clock.set('2026-12-01T23:59:59+01:00');
    const entry = await enter('b');
    expect(entry.at.toString()).toBe('2026-12-01T23:00:00Z');
    expect(await registry.verify(office)).toEqual({ ok: true, entries: 2 });
  });
});

describe('a check', () => {
  test('is right while entries are made', async () => {
    let isDone = false;
    const writing = (async () => {
      for (let nth = 0; nth < 40; nth++) await enter(`case ${nth}`);
      isDone = true;
    })();
    const verdicts: boolean[] = [];
    while (!isDone) verdicts.push((await registry.verify(office)).ok);
    await writing;
    expect(verdicts.length).toBeGreaterThan(1);
    expect(new Set(verdicts)).toEqual(new Set([true]));
  });
});

describe('what somebody with the database did', () => {
  const asOwner = (...statements: string[]) =>
    database.asOwner(
      'alter table registry_entry disable trigger user; alter table audit disable trigger user',
      ...statements,
      'alter table registry_entry enable trigger user; alter table audit enable trigger user',
    );
  beforeEach(async () => {
    for (const each of ['a', 'b', 'c']) await enter(each);
  });

  test.each([
    ['an entry is deleted', "delete from registry_entry where about = 'b'"],
    ['the last entry is deleted', "delete from registry_entry where about = 'c'"],
    [
      'an hour is changed',
      "update registry_entry set at = at - interval '1 day' where about = 'b'",
    ],
    ['a content is changed', "update registry_entry set content = '\\x00' where about = 'a'"],
    [
      'an entry is added',
      `insert into registry_entry select gen_random_uuid(), office_id, direction, year, 4, at, counts_from, 'd', content, hash, hash
       from registry_entry where about = 'c'`,
    ],
  ])('is found: %s', async (_what, statement) => {
    await asOwner(statement);
    expect((await registry.verify(office)).ok).toBe(false);
  });

  /** Adds an entry as the service would have, with a line on the trail that the next seal covers. */
  const backdate = async (to: string, written: string) => {
    const [last] = (await rows()).toReversed();
    const entry = {
      ...{ id: '00000000-0000-4000-8000-000000000001', office: office.id },
      ...({ direction: 'entry', year: 2026, number: last!.number + 1, about: 'late' } as const),
      at: Temporal.Instant.from(to),
      countsFrom: Temporal.PlainDate.from(to.slice(0, 10)),
      content: hashOf('late'),
      previous: last!.hash.toString('hex'),
    };
    const hash = hashOfEntry(entry);
    const data = JSON.stringify({ entry: entry.id, hash, number: numberText(entry) });
    await asOwner(
      `insert into registry_entry values ('${entry.id}', ${office.id}, 'entry', 2026, ${entry.number}, '${to}',
        '${entry.countsFrom}', 'late', '\\x${entry.content}', '\\x${entry.previous}', '\\x${hash}')`,
      `update registry_book set number = ${entry.number}, at = '${to}', hash = '\\x${hash}'`,
      `insert into audit (office_id, actor, action, at, data) values (${office.id}, 'system', 'registered', '${written}', '${data}')`,
    );
  };

  test('is found: an entry is dated back to the evening before', async () => {
    clock.set('2026-12-02T08:00:00+01:00');
    await backdate('2026-12-01T22:00:00+01:00', '2026-12-02T08:00:00+01:00');
    expect(await registry.verify(office)).toMatchObject({ ok: false, number: 'E2026000004' });
  });

  test.each(['2026-12-01', '2026-12-02'])(
    'is found: an entry and its line are dated back to %s, which is closed',
    async (day) => {
      clock.set('2026-12-03T08:00:00+01:00');
      await registry.closeDays(office);
      const at = `${day}T22:00:00+01:00`;
      await backdate(at, at);
      expect((await registry.verify(office)).ok).toBe(false);
      await database.asOwner(
        'alter table registry_day disable trigger user',
        `update registry_day set entries = entries + 1, last_entry = (select hash from registry_book where direction = 'entry') where day = '${day}'`,
        'alter table registry_day enable trigger user',
      );
      expect(await registry.verify(office)).toMatchObject({ ok: false, number: day });
    },
  );

  test('is found: a closed day is taken out, or another one put in', async () => {
    clock.set('2026-12-03T08:00:00+01:00');
    await registry.closeDays(office);
    const days = (statement: string) =>
      database.asOwner(
        'alter table registry_day disable trigger user',
        statement,
        'alter table registry_day enable trigger user',
      );
    await days("update registry_day set day = '2026-12-05' where day = '2026-12-02'");
    expect(await registry.verify(office)).toMatchObject({ ok: false, number: '2026-12-05' });
    await days("delete from registry_day where day = '2026-12-05'");
    expect(await registry.verify(office)).toMatchObject({ ok: false, number: '2026-12-02' });
  });

  test('is refused to the service itself', async () => {
    await expect(
      within(database.kysely, office.id, (tx) =>
        tx.updateTable('registry_entry').set({ about: 'x' }).execute(),
      ),
    ).rejects.toThrow();
    await expect(
      within(database.kysely, office.id, (tx) => tx.deleteFrom('registry_day').execute()),
    ).rejects.toThrow();
  });
});
