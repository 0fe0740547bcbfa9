import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCOPES } from '../../../domain/scopes.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { hashSecret, installationKey } from '../../../lib/secrets.ts';
import { testUnit } from '../audit/testing.ts';
import { testOffice } from '../offices/testing.ts';
import { isUnused } from './rules.ts';
import { createTokens, type Tokens } from './service.ts';
import { makeToken } from './testing.ts';

let database: TestDatabase;
let tokens: Tokens;
let oac: { id: number; code: string; timeZone: string };
let ajuts: { id: number; code: string; timeZone: string };

const timeZone = 'Europe/Madrid';
const clock = handClock('2026-11-30T07:00:00+01:00');

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db, pool } = database;
  tokens = createTokens({
    db,
    pool,
    clock,
    key: installationKey(Buffer.alloc(32, 1)),
    unit: testUnit(db, clock),
  });
  oac = { id: await testOffice(db, { code: 'oac' }), code: 'oac', timeZone };
  ajuts = { id: await testOffice(db, { code: 'ajuts' }), code: 'ajuts', timeZone };
});
afterAll(() => database.close());

const ANYWHERE = '198.51.100.7';
const isLetIn = async (token: string) => (await tokens.find(token, ANYWHERE)).ok;

const above = async <T>(query: ReturnType<typeof sql<T>>) =>
  (await within(database.kysely, INSTALLATION, (tx) => query.execute(tx))).rows;

test('opens its office, and the database keeps its hash alone', async () => {
  const { id, token } = await makeToken(tokens, oac);
  expect(token).toMatch(/^fin_[\w-]{32}$/);
  expect(await tokens.find(token, ANYWHERE)).toEqual({
    ok: true,
    access: { token: id, office: oac.id, code: 'oac', revision: 1, scopes: SCOPES },
  });
  const kept = await above(sql<{ hash: Buffer; row: string }>`
    select hash, token::text as row from token where id = ${id}`);
  expect(kept[0]?.hash).toEqual(hashSecret(token));
  expect(kept[0]?.row).not.toContain(token.slice(4));
});

test('is none when it is another, half of one, or something else', async () => {
  const { token } = await makeToken(tokens, oac);
  for (const wrong of ['', 'fin_', token.slice(0, -1), `${token}A`, token.replace('fin_', 'FIN_')])
    expect(await isLetIn(wrong)).toBe(false);
  const last = token.endsWith('A') ? 'B' : 'A';
  expect(await isLetIn(token.slice(0, -1) + last)).toBe(false);
});

test('is over at once when it is revoked, and only its own office can', async () => {
  const { id, token } = await makeToken(tokens, oac);
  expect(await tokens.revoke(ajuts, id)).toBe(false);
  expect(await isLetIn(token)).toBe(true);
  expect(await tokens.revoke(oac, id)).toBe(true);
  expect(await isLetIn(token)).toBe(false);
  expect(await tokens.revoke(oac, id)).toBe(false);
  expect((await tokens.list(oac)).find((each) => each.id === id)?.revokedAt).not.toBeNull();
  expect((await tokens.list(ajuts)).map((each) => each.id)).not.toContain(id);
  const trail = await above(sql<{ action: string }>`
    select action from audit where (data->>'token')::int = ${id} order by id`);
  expect(trail.map((each) => each.action)).toEqual(['token_created', 'token_revoked']);
});

test('says on which day it was last used, which is written once a day', async () => {
  const { id, token } = await makeToken(tokens, oac);
  const info = async () => {
    const found = (await tokens.list(oac)).find((each) => each.id === id);
    if (!found) throw new Error('It is gone');
    return found;
  };
  const version = async () =>
    (await above(sql<{ xmin: string }>`select xmin::text from token where id = ${id}`))[0]?.xmin;
  expect((await info()).lastUsedOn).toBeNull();
  await tokens.find(token, ANYWHERE);
  expect((await info()).lastUsedOn).toBe('2026-11-30');
  const written = await version();
  await tokens.find(token, ANYWHERE);
  expect(await version()).toBe(written);
  clock.advance({ hours: 24 });
  await tokens.find(token, ANYWHERE);
  expect((await info()).lastUsedOn).toBe('2026-12-01');

  const after = (days: number) => clock.now().add({ hours: 24 * days });
  expect(isUnused(await info(), after(89))).toBe(false);
  expect(isUnused(await info(), after(90))).toBe(true);
  expect(isUnused({ ...(await info()), lastUsedOn: null }, after(89))).toBe(true);
  expect(isUnused({ ...(await info()), revokedAt: clock.now() }, after(90))).toBe(false);
});

test('that stood before uses were noted has no use that nobody saw, and counts as unused from then on', async () => {
  const { id } = await makeToken(tokens, oac);
  const since = clock.now().add({ hours: 24 * 200 });
  await above(
    sql`update token set watched_since = ${since.toString().slice(0, 10)} where id = ${id}`,
  );
  const old = (await tokens.list(oac)).find((each) => each.id === id);
  if (!old) throw new Error('It is gone');
  expect(old.lastUsedOn).toBeNull();
  expect(isUnused(old, since.add({ hours: 24 * 89 }))).toBe(false);
  expect(isUnused(old, since.add({ hours: 24 * 90 }))).toBe(true);
});

test('has the scopes that it was made with, and what it was given is on the trail', async () => {
  const scopes = ['slots:read', 'appointments:write'] as const;
  const { id, token } = await makeToken(tokens, oac, { scopes, networks: '192.0.2.0/24' });
  expect(await tokens.find(token, '192.0.2.9')).toMatchObject({ ok: true, access: { scopes } });
  const [entry] = await above(sql<{ data: object }>`
    select data from audit where action = 'token_created' and (data->>'token')::int = ${id}`);
  expect(entry?.data).toMatchObject({ scopes, networks: ['192.0.2.0/24'] });
});

test('is none from elsewhere, and a look from there is no use of it', async () => {
  const { id, token } = await makeToken(tokens, oac, { networks: '192.0.2.0/24 2001:db8::/32' });
  for (const address of ['198.51.100.7', '2001:db9::1', 'unknown', ''])
    expect(await tokens.find(token, address)).toEqual({ ok: false, why: 'elsewhere', token: id });
  const info = (await tokens.list(oac)).find((each) => each.id === id);
  expect(info?.lastUsedOn).toBeNull();
  for (const address of ['192.0.2.200', '::ffff:192.0.2.200', '2001:db8:1::1'])
    expect((await tokens.find(token, address)).ok).toBe(true);
});

test('opens its office until the end of its last day there, and nothing after', async () => {
  const own = handClock('2026-11-30T07:00:00+01:00');
  const { kysely: db, pool } = database;
  const key = installationKey(Buffer.alloc(32, 1));
  const service = createTokens({ db, pool, clock: own, key, unit: testUnit(db, own) });
  const { id, token } = await makeToken(service, oac, { lastDay: '2026-12-01' });
  own.set('2026-12-01T23:59:59+01:00');
  expect((await service.find(token, ANYWHERE)).ok).toBe(true);
  own.set('2026-12-02T00:00:00+01:00');
  expect(await service.find(token, ANYWHERE)).toEqual({ ok: false, why: 'expired', token: id });
});

test('is not made when something is wrong with the request', async () => {
  const before = await tokens.list(oac);
  const request = { name: ' ', scopes: ['all'], lastDay: '2030-01-01', networks: 'home' };
  expect(await tokens.create(oac, request)).toEqual({
    ok: false,
    mistakes: {
      name: { reason: 'missing' },
      scopes: { reason: 'unknown_scope', text: 'all' },
      lastDay: { reason: 'too_far', text: '730' },
      networks: { reason: 'not_a_network', text: 'home' },
    },
  });
  expect(await tokens.list(oac)).toEqual(before);
});

test('of an office that is retired opens nothing', async () => {
  const id = await testOffice(database.kysely, { code: 'antic' });
  const { token } = await makeToken(tokens, { id, timeZone });
  await above(sql`update office set retired_at = now() where id = ${id}`);
  expect(await isLetIn(token)).toBe(false);
});

test("of the demo is each office's own, and the same each time", async () => {
  const first = await tokens.seedDemo(oac);
  expect(await tokens.seedDemo(oac)).toBe(first);
  expect(await tokens.seedDemo(ajuts)).not.toBe(first);
  expect(await tokens.find(first, ANYWHERE)).toMatchObject({
    ok: true,
    access: { office: oac.id, scopes: SCOPES },
  });
});

test('of the demo stays in force while the demo is started now and then', async () => {
  const own = handClock('2026-11-30T07:00:00+01:00');
  const { kysely: db, pool } = database;
  const service = createTokens({
    db,
    pool,
    clock: own,
    key: installationKey(Buffer.alloc(32, 2)),
    unit: testUnit(db, own),
  });
  const token = await service.seedDemo(oac);
  for (let months = 0; months < 30; months += 5) {
    expect((await service.find(token, ANYWHERE)).ok).toBe(true);
    own.advance({ hours: 24 * 30 * 5 });
    await service.seedDemo(oac);
  }
});

test('of the demo opens nothing once demo mode is over, and does again when it comes back', async () => {
  const token = await tokens.seedDemo(oac);
  const { token: own } = await makeToken(tokens, oac);
  expect(await tokens.endDemo(oac)).toBe(true);
  expect(await tokens.endDemo(oac)).toBe(false);
  expect(await isLetIn(token)).toBe(false);
  expect(await isLetIn(own)).toBe(true);
  expect(await tokens.seedDemo(oac)).toBe(token);
  expect(await isLetIn(token)).toBe(true);
});

test('looking for one leaves the connection under row-level security', async () => {
  const { token } = await makeToken(tokens, oac);
  const client = await database.pool.connect();
  try {
    // The same connection as the pool would give: nothing said, nothing seen.
    await tokens.find(token, ANYWHERE);
    expect((await client.query('select from token')).rowCount).toBe(0);
  } finally {
    client.release();
  }
  for (let i = 0; i < 10; i++) {
    await tokens.find(token, ANYWHERE);
    expect((await database.pool.query('select from token')).rowCount).toBe(0);
  }
});
