import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { type KeyMaterial, purposeKey } from '../../../lib/secrets.ts';
import { testOffice } from '../offices/testing.ts';
import { createStaff, type Staff } from './service.ts';
import { authPool } from './store.ts';
import type { Caller } from './types.ts';
import { readSealed } from './views.ts';

const BASE = 'http://localhost:3000';
const PASSWORD = 'quatre gats al terrat';
const NOW = Temporal.Instant.from('2026-11-30T08:00:00Z');
const material = (version: number): KeyMaterial => ({
  ...{ version, key: Buffer.alloc(32, version + 7), isActive: true },
});
let kept: readonly KeyMaterial[] = [material(0)];
let database: TestDatabase;
let staff: Staff;

beforeAll(async () => {
  database = await testDatabase();
  await testOffice(database.kysely, { code: 'oac' });
  const key = purposeKey(() => kept);
  const secret = { staff: key, links: key };
  staff = createStaff({
    ...{ connection: database.connection, baseUrl: BASE, secret, issuer: 'Vilaclara' },
  });
});
afterAll(async () => {
  await staff.close();
  await database.close();
});

const caller = (cookie = ''): Caller => ({ cookie, address: '127.0.0.1', userAgent: 'x' });
const jar = (cookies: readonly string[]) => cookies.map((each) => each.split(';')[0]).join('; ');
const codeOf = (secret: string, step = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: Temporal.Now.instant().epochMilliseconds + step * 30_000,
  });
const isIn = async (cookie: string) => (await staff.session(new Headers({ cookie }))) !== null;

async function invite(email: string): Promise<string> {
  const person = { email, name: 'Marta', roles: [{ office: 'oac', role: 'coordinator' }] } as never;
  const invitation = await staff.invite(person, NOW);
  if (!invitation.ok) throw new Error(invitation.reason);
  return invitation.url.split('/').at(-1) ?? '';
}

async function ready(email: string): Promise<string> {
  const token = await invite(email);
  expect(await staff.choosePassword(token, PASSWORD, NOW)).toEqual({ ok: true });
  const state = await staff.findSetup(token, NOW);
  if (state?.step !== 'code') throw new Error('no secret');
  expect(await staff.confirmCode(token, codeOf(state.secret), NOW)).toMatchObject({ ok: true });
  return state.secret;
}

async function challenge(email: string): Promise<string> {
  const result = await staff.signIn(email, PASSWORD, caller());
  if (!result.ok) throw new Error(result.reason);
  return jar(result.cookies);
}

/** A time code opens once, so each sign-in forgets which were used. */
async function enter(secret: string, cookie: string): Promise<string> {
  const pool = authPool({ connection: database.connection });
  await pool.query('delete from used_code');
  await pool.end();
  const result = await staff.enterCode(codeOf(secret), caller(cookie));
  if (!result.ok) throw new Error(result.reason);
  return jar(result.cookies);
}

const sealed = async () => {
  const pool = authPool({ connection: database.connection });
  const all = await readSealed(pool);
  await pool.end();
  return all.map((each) => each.sealed);
};

test('a rotation signs nobody out, and an earlier key ends once nothing is encrypted by it', async () => {
  const secret = await ready('marta@vilaclara.cat');
  const before = await enter(secret, await challenge('marta@vilaclara.cat'));
  const begun = await challenge('marta@vilaclara.cat');
  const invited = await invite('pau@vilaclara.cat');
  expect(await isIn(before)).toBe(true);

  kept = [material(0), material(1)];
  expect(await isIn(before)).toBe(true);
  expect(await isIn(before.replace(/session_token=./, 'session_token=_'))).toBe(false);
  expect(await isIn(await enter(secret, begun))).toBe(true);
  const after = await enter(secret, await challenge('marta@vilaclara.cat'));
  expect(await isIn(after)).toBe(true);
  expect(await staff.findSetup(invited, NOW)).toMatchObject({ email: 'pau@vilaclara.cat' });

  expect(await staff.rewrapSecrets()).toBe(1);
  expect(await staff.rewrapSecrets()).toBe(0);
  expect((await sealed()).every((each) => each.startsWith('$ba$1$'))).toBe(true);

  kept = [material(1)];
  expect(await isIn(after)).toBe(true);
  expect(await isIn(before)).toBe(false);
  expect(await isIn(await enter(secret, await challenge('marta@vilaclara.cat')))).toBe(true);
});
