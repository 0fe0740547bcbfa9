import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handClock } from '../../lib/clock.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../lib/db/testing.ts';
import { hashSecret, installationKey } from '../../lib/secrets.ts';
import { testBody } from '../bodies/testing.ts';
import { isUnused, readBearer } from './rules.ts';
import { createTokens, type Tokens } from './service.ts';

let database: TestDatabase;
let tokens: Tokens;
let oac: { id: number; code: string };
let ajuts: { id: number; code: string };

const clock = handClock('2026-11-30T07:00:00+01:00');

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db, pool } = database;
  tokens = createTokens({ db, pool, clock, key: installationKey(Buffer.alloc(32, 1)) });
  oac = { id: await testBody(db, { code: 'oac' }), code: 'oac' };
  ajuts = { id: await testBody(db, { code: 'ajuts' }), code: 'ajuts' };
});
afterAll(() => database.close());

const above = async <T>(query: ReturnType<typeof sql<T>>) =>
  (await within(database.kysely, INSTALLATION, (tx) => query.execute(tx))).rows;

test('opens its body, and the database keeps its hash alone', async () => {
  const { id, token } = await tokens.create(oac, 'CRM');
  expect(token).toMatch(/^fin_[\w-]{32}$/);
  expect(await tokens.find(token)).toEqual({ token: id, body: oac.id, code: 'oac', revision: 1 });
  const kept = await above(sql<{ hash: Buffer; row: string }>`
    select hash, token::text as row from token where id = ${id}`);
  expect(kept[0]?.hash).toEqual(hashSecret(token));
  expect(kept[0]?.row).not.toContain(token.slice(4));
});

test('is none when it is another, half of one, or something else', async () => {
  const { token } = await tokens.create(oac, 'CRM');
  for (const wrong of ['', 'fin_', token.slice(0, -1), `${token}A`, token.replace('fin_', 'FIN_')])
    expect(await tokens.find(wrong)).toBeNull();
  const last = token.endsWith('A') ? 'B' : 'A';
  expect(await tokens.find(token.slice(0, -1) + last)).toBeNull();
});

test('is over at once when it is revoked, and only its own body can', async () => {
  const { id, token } = await tokens.create(oac, 'CRM');
  expect(await tokens.revoke(ajuts, id)).toBe(false);
  expect(await tokens.find(token)).not.toBeNull();
  expect(await tokens.revoke(oac, id)).toBe(true);
  expect(await tokens.find(token)).toBeNull();
  expect(await tokens.revoke(oac, id)).toBe(false);
  expect((await tokens.list(oac)).find((each) => each.id === id)?.revokedAt).not.toBeNull();
  expect((await tokens.list(ajuts)).map((each) => each.id)).not.toContain(id);
  const trail = await above(sql<{ action: string }>`
    select action from audit where (data->>'token')::int = ${id} order by id`);
  expect(trail.map((each) => each.action)).toEqual(['token_created', 'token_revoked']);
});

test('says on which day it was last used, which is written once a day', async () => {
  const { id, token } = await tokens.create(oac, 'CRM');
  const info = async () => {
    const found = (await tokens.list(oac)).find((each) => each.id === id);
    if (!found) throw new Error('It is gone');
    return found;
  };
  const version = async () =>
    (await above(sql<{ xmin: string }>`select xmin::text from token where id = ${id}`))[0]?.xmin;
  expect((await info()).lastUsedOn).toBeNull();
  await tokens.find(token);
  expect((await info()).lastUsedOn).toBe('2026-11-30');
  const written = await version();
  await tokens.find(token);
  expect(await version()).toBe(written);
  clock.advance({ hours: 24 });
  await tokens.find(token);
  expect((await info()).lastUsedOn).toBe('2026-12-01');

  const after = (days: number) => clock.now().add({ hours: 24 * days });
  expect(isUnused(await info(), after(89))).toBe(false);
  expect(isUnused(await info(), after(90))).toBe(true);
  expect(isUnused({ ...(await info()), lastUsedOn: null }, after(89))).toBe(true);
  expect(isUnused({ ...(await info()), revokedAt: clock.now() }, after(90))).toBe(false);
});

test('that stood before uses were noted has no use that nobody saw, and counts as unused from then on', async () => {
  const { id } = await tokens.create(oac, 'CRM');
  const since = clock.now().add({ hours: 24 * 400 });
  await above(
    sql`update token set watched_since = ${since.toString().slice(0, 10)} where id = ${id}`,
  );
  const old = (await tokens.list(oac)).find((each) => each.id === id);
  if (!old) throw new Error('It is gone');
  expect(old.lastUsedOn).toBeNull();
  expect(isUnused(old, since.add({ hours: 24 * 89 }))).toBe(false);
  expect(isUnused(old, since.add({ hours: 24 * 90 }))).toBe(true);
});

test('of a body that is retired opens nothing', async () => {
  const id = await testBody(database.kysely, { code: 'antic' });
  const { token } = await tokens.create({ id }, 'CRM');
  await above(sql`update body set retired_at = now() where id = ${id}`);
  expect(await tokens.find(token)).toBeNull();
});

test("of the demo is each body's own, and the same each time", async () => {
  const first = await tokens.seedDemo(oac);
  expect(await tokens.seedDemo(oac)).toBe(first);
  expect(await tokens.seedDemo(ajuts)).not.toBe(first);
  expect((await tokens.find(first))?.body).toBe(oac.id);
});

test('of the demo opens nothing once demo mode is over, and does again when it comes back', async () => {
  const token = await tokens.seedDemo(oac);
  const { token: own } = await tokens.create(oac, 'CRM');
  expect(await tokens.endDemo(oac)).toBe(true);
  expect(await tokens.endDemo(oac)).toBe(false);
  expect(await tokens.find(token)).toBeNull();
  expect(await tokens.find(own)).not.toBeNull();
  expect(await tokens.seedDemo(oac)).toBe(token);
  expect(await tokens.find(token)).not.toBeNull();
});

test('looking for one leaves the connection behind the walls', async () => {
  const { token } = await tokens.create(oac, 'CRM');
  const client = await database.pool.connect();
  try {
    // The same connection as the pool would give: nothing said, nothing seen.
    await tokens.find(token);
    expect((await client.query('select from token')).rowCount).toBe(0);
  } finally {
    client.release();
  }
  for (let i = 0; i < 10; i++) {
    await tokens.find(token);
    expect((await database.pool.query('select from token')).rowCount).toBe(0);
  }
});

test.each([
  ['Bearer abc', 'abc'],
  ['bearer  abc ', 'abc'],
  ['Basic abc', null],
  ['Bearer', null],
  ['Bearer a b', null],
  [undefined, null],
])('the header %j carries %j', (header, token) => {
  expect(readBearer(header)).toBe(token);
});
