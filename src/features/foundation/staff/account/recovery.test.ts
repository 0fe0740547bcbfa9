import { symmetricEncrypt } from 'better-auth/crypto';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { testOffice } from '../../offices/testing.ts';
import { createStaff, type Staff } from '../service.ts';
import type { StaffSession } from '../types.ts';

const NOW = Temporal.Instant.from('2026-11-24T09:00:00Z');
const SECRET = 'test secret that is only for the tests of this file';
const PASSWORD = 'tres gats al terrat';
let database: TestDatabase;
let staff: Staff;
let addresses = 0;

const caller = (cookie = '') => ({
  ...{ address: `192.0.2.${++addresses}`, userAgent: 'test', cookie },
});
const jar = (cookies: string[]) => cookies.map((each) => each.split(';')[0]).join('; ');

/** An account that is ready, and its recovery codes. */
async function ready(email: string): Promise<string[]> {
  const roles = [{ office: 'oac', role: 'agent' as const }];
  const invited = await staff.invite({ email, name: 'Marta Roca', roles }, NOW);
  if (!invited.ok) throw new Error(invited.reason);
  const token = invited.url.split('/').at(-1) ?? '';
  await staff.choosePassword(token, PASSWORD, NOW);
  const state = await staff.findSetup(token, NOW);
  if (state?.step !== 'code') throw new Error('no secret');
  const totp = new TOTP({ secret: Secret.fromBase32(state.secret) });
  const code = totp.generate({ timestamp: systemClock.now().epochMilliseconds });
  const done = await staff.confirmCode(token, code, NOW);
  if (!done.ok) throw new Error(done.reason);
  return done.recoveryCodes;
}

async function enter(email: string, code: string) {
  const first = await staff.signIn(email, PASSWORD, caller());
  if (!first.ok) throw new Error(first.reason);
  return staff.enterCode(code, caller(jar(first.cookies)));
}

async function session(email: string, code: string): Promise<StaffSession> {
  const entered = await enter(email, code);
  const found = entered.ok && (await staff.session(new Headers({ cookie: jar(entered.cookies) })));
  if (!found) throw new Error('no session');
  return found;
}

const kept = async (email: string): Promise<string> => {
  const { rows } = await staff.transaction((client) =>
    client.query<{ kept: string }>(
      `select f."backupCodes" as kept from "twoFactor" f join "user" u on u.id = f."userId" where u.email = $1`,
      [email],
    ),
  );
  return rows[0]?.kept ?? '';
};

/** Stores the codes in the form of an earlier version. */
const keepEncrypted = async (email: string, codes: readonly string[], key = SECRET) => {
  const data = await symmetricEncrypt({ key, data: JSON.stringify(codes) });
  await staff.transaction((client) =>
    client.query(
      `update "twoFactor" set "backupCodes" = $2 where "userId" = (select id from "user" where email = $1)`,
      [email, data],
    ),
  );
};

beforeAll(async () => {
  database = await testDatabase();
  await testOffice(database.kysely, { code: 'oac' });
  staff = createStaff({
    ...{ connection: database.connection, baseUrl: 'http://localhost:3000', issuer: 'Vilaclara' },
    secret: SECRET,
  });
});
afterAll(async () => {
  await staff.close();
  await database.close();
});

describe('recovery codes', () => {
  test('are kept as salted hashes: what the database has opens nothing', async () => {
    const email = 'hashed@vilaclara.cat';
    const codes = await ready(email);
    const entries: string[] = JSON.parse(await kept(email));
    expect(entries).toHaveLength(10);
    const salts = new Set(entries.map((each) => each.split('.')[0]));
    expect([...salts]).toHaveLength(1);
    for (const each of entries) {
      expect(each).toMatch(/^[\w-]{22}\.[\w-]{43}$/);
      expect(await enter(email, each)).toMatchObject({ ok: false });
    }
    for (const code of codes) expect(await kept(email)).not.toContain(code);
    const other = JSON.parse(
      (await ready('other@vilaclara.cat')) && (await kept('other@vilaclara.cat')),
    );
    expect(salts.has(other[0].split('.')[0])).toBe(false);
  });

  test('open once, whether to sign in or to confirm, and are counted', async () => {
    const email = 'once@vilaclara.cat';
    const [first = '', second = ''] = await ready(email);
    const open = await session(email, first.toLowerCase());
    expect(await enter(email, first)).toMatchObject({ reason: 'wrong_code' });
    expect((await staff.account(open)).recoveryCodes).toBe(9);
    expect(await staff.confirmWithCode(open, second, caller())).toEqual({ ok: true });
    expect(await staff.confirmWithCode(open, second, caller())).toMatchObject({ ok: false });
    expect(await staff.confirmWithCode(open, first, caller())).toMatchObject({ ok: false });
    expect((await staff.account(open)).recoveryCodes).toBe(8);
  });

  test('open once when two browsers use one at the same moment', async () => {
    const email = 'twice@vilaclara.cat';
    const [code = '', another = ''] = await ready(email);
    const both = await Promise.all(
      [enter(email, code), enter(email, code)].map((each) => each.catch(() => ({ ok: false }))),
    );
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    const open = await session(email, another);
    expect((await staff.account(open)).recoveryCodes).toBe(8);
  });

  test('of an earlier version still open, and are hashed at their first use', async () => {
    const email = 'before@vilaclara.cat';
    const codes = await ready(email);
    await keepEncrypted(email, codes);
    const open = await session(email, codes[3] ?? '');
    expect(JSON.parse(await kept(email))).toHaveLength(9);
    expect((await staff.account(open)).recoveryCodes).toBe(9);
    expect(await enter(email, codes[3] ?? '')).toMatchObject({ reason: 'wrong_code' });
  });

  test('of an earlier version are hashed without waiting for a use; those of another key are none', async () => {
    const [one, two] = ['worker@vilaclara.cat', 'lost-key@vilaclara.cat'];
    const codes = await ready(one);
    const lost = await ready(two);
    await keepEncrypted(one, codes);
    await keepEncrypted(two, lost, 'another key than the one of this installation');
    expect(await staff.hashRecoveryCodes()).toBe(2);
    expect(await staff.hashRecoveryCodes()).toBe(0);
    expect(JSON.parse(await kept(one))).toHaveLength(10);
    expect(JSON.parse(await kept(two))).toEqual([]);
    expect(await enter(one, codes[9] ?? '')).toMatchObject({ ok: true });
    expect(await enter(two, lost[0] ?? '')).toMatchObject({ reason: 'wrong_code' });
  });

  test('that are made anew end the old ones', async () => {
    const email = 'anew@vilaclara.cat';
    const [code = '', old = ''] = await ready(email);
    const made = await staff.makeRecoveryCodes(await session(email, code));
    expect(made).toHaveLength(10);
    expect(await enter(email, old)).toMatchObject({ reason: 'wrong_code' });
    expect(await enter(email, made?.[0] ?? '')).toMatchObject({ ok: true });
  });
});
