import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { testOffice } from '../offices/testing.ts';
import { createAuditSeals, record } from './service.ts';

const clock = handClock('2026-11-30T08:00:00Z');
const viewer = { kind: 'staff', staff: 7, name: 'Anna', role: 'agent', desk: 1 } as const;
const opened: TestDatabase[] = [];
let database: TestDatabase;
let office: number;
let other: number;
let seals: ReturnType<typeof createAuditSeals>;

beforeEach(async () => {
  database = await testDatabase();
  opened.push(database);
  office = await testOffice(database.kysely, { code: 'oac' });
  other = await testOffice(database.kysely, { code: 'hisenda' });
  const key = installationKey(Buffer.alloc(32, 7));
  seals = createAuditSeals({ db: database.kysely, clock, key });
});
afterAll(() => Promise.all(opened.map((each) => each.close())));

const write = (count: number, of = office) =>
  within(database.kysely, of, async (tx) => {
    for (let nth = 0; nth < count; nth++) {
      const data = { nth, words: 'ñ"\\' };
      const entry = {
        viewer: { ...viewer, office: of },
        office: of,
        action: 'opened' as const,
        now: clock.now(),
      };
      await record(tx, { ...entry, data });
    }
  });

/** Changes the trail in ways that a database administrator could. */
const tamper = (statement: string) =>
  database.asOwner(
    'begin',
    'alter table audit disable trigger user',
    'alter table audit_seal disable trigger user',
    statement,
    'alter table audit enable trigger user',
    'alter table audit_seal enable trigger user',
    'commit',
  );

describe('a trail that was sealed', () => {
  beforeEach(async () => {
    await write(3);
    await write(2, other);
    expect(await seals.seal(office)).toMatchObject({ number: 1, rows: 3 });
    expect(await seals.seal(other)).toMatchObject({ number: 1, rows: 2 });
    await write(4);
    expect(await seals.seal(office)).toMatchObject({ number: 2, rows: 4 });
    expect(await seals.seal(office)).toBeNull();
  });

  test('is found as it was', async () => {
    await write(1);
    expect(await seals.verify(office)).toMatchObject({ ok: true, seals: 2, rows: 7 });
    expect(await seals.verify(other)).toMatchObject({ ok: true, seals: 1, rows: 2 });
  });

  const nth = (n: number) =>
    `(select id from audit where office_id = (select id from office where code = 'oac') order by id offset ${n} limit 1)`;
  test.each([
    ['a row is gone', `delete from audit where id = ${nth(5)}`, 2, 'removed'],
    ['the first is gone', `delete from audit where id = ${nth(0)}`, 1, 'removed'],
    ['another actor', `update audit set actor = 'staff:8' where id = ${nth(1)}`, 1, 'changed'],
    [
      'another hour',
      `update audit set at = at + interval '1 us' where id = ${nth(4)}`,
      2,
      'changed',
    ],
    ['other data', `update audit set data = '{"nth": 9}' where id = ${nth(6)}`, 2, 'changed'],
    [
      'moved to another office',
      `update audit set office_id = (select id from office where code = 'hisenda') where id = ${nth(2)}`,
      1,
      'removed',
    ],
    [
      'a row was slipped in',
      `insert into audit (id, office_id, actor, action, at) overriding system value select 0, id, 'staff:9', 'opened', now() from office where code = 'oac'`,
      0,
      '',
    ],
    [
      'a seal is gone',
      `delete from audit_seal where number = 1 and office_id = (select id from office where code = 'oac')`,
      2,
      'removed',
    ],
    [
      'a seal and its rows are gone',
      `with gone as (delete from audit where id <= ${nth(2)} and office_id = (select id from office where code = 'oac')) delete from audit_seal where number = 1 and office_id = (select id from office where code = 'oac')`,
      2,
      'removed',
    ],
  ])('shows it: %s', async (_, statement, seal, what) => {
    await tamper(statement);
    if (what) expect(await seals.verify(office)).toEqual({ ok: false, seal, what });
  });

  test('shows a row that was slipped in between', async () => {
    await tamper(
      `insert into audit (id, office_id, actor, action, at) overriding system value
       select ${nth(3)} - 1 + 1000, id, 'staff:9', 'opened', now() from office where code = 'oac'`,
    );
    await tamper(`update audit_seal set last_id = last_id + 2000 where number = 2`);
    expect(await seals.verify(office)).toEqual({ ok: false, seal: 2, what: 'added' });
  });

  test('can’t be sealed anew without the key', async () => {
    await tamper(`update audit set actor = 'staff:8' where id = ${nth(1)}`);
    await tamper('delete from audit_seal');
    const forger = createAuditSeals({
      db: database.kysely,
      clock,
      key: installationKey(Buffer.alloc(32, 8)),
    });
    await forger.seal(office);
    expect(await seals.verify(office)).toEqual({ ok: false, seal: 1, what: 'changed' });
  });
});

test('what is still being written is not passed over by a seal', async () => {
  const client = await database.pool.connect();
  await client.query("begin; set local app.office = '*'");
  await client.query(
    "insert into audit (office_id, actor, action, at) values ($1, 'staff:7', 'opened', now())",
    [office],
  );
  expect(await seals.seal(office)).toBeNull(); // waits a moment, then lets it be
  await client.query('commit');
  client.release();
  expect(await seals.seal(office)).toMatchObject({ number: 1, rows: 1 });
  expect(await seals.verify(office)).toMatchObject({ ok: true, seals: 1, rows: 1 });
});

test.each(['audit', 'audit_seal', 'event'])('nobody empties %s', async (table) => {
  await expect(database.asOwner(`truncate ${table} cascade`)).rejects.toThrow(/append-only/);
});
