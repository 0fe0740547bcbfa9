import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { testOffice } from '../offices/testing.ts';
import { changeAddress, createStaff, readStaffId, type Staff } from './service.ts';

const NOW = Temporal.Instant.from('2026-11-24T09:00:00Z');
const [OLD, NEW] = ['tres gats al terrat', 'quatre gats al carrer'];
const EMAIL = 'marta@vilaclara.cat';
let database: TestDatabase;
let staff: Staff;
let addresses = 0;

const caller = (cookie = '') => ({
  address: `192.0.2.${++addresses}`,
  userAgent: 'test',
  cookie,
});
const jar = (cookies: string[]) => cookies.map((each) => each.split(';')[0]).join('; ');
const codeOf = (secret: string, step = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: systemClock.now().epochMilliseconds + step * 30_000,
  });
const opens = async (password: string) => (await staff.signIn(EMAIL, password, caller())).ok;

async function link(): Promise<string> {
  const roles = [{ office: 'oac', role: 'agent' as const }];
  const invited = await staff.invite({ email: EMAIL, name: 'Marta Roca', roles }, NOW);
  if (!invited.ok) throw new Error(invited.reason);
  return invited.url.split('/').at(-1) ?? '';
}

async function chosen(token: string, password: string): Promise<string> {
  expect(await staff.choosePassword(token, password, NOW)).toEqual({ ok: true });
  const state = await staff.findSetup(token, NOW);
  if (state?.step !== 'code') throw new Error('no secret');
  return state.secret;
}

async function session(secret: string): Promise<Headers> {
  const first = await staff.signIn(EMAIL, OLD, caller());
  if (!first.ok) throw new Error(first.reason);
  const second = await staff.enterCode(codeOf(secret, 1), caller(jar(first.cookies)));
  if (!second.ok) throw new Error(second.reason);
  return new Headers({ cookie: jar(second.cookies) });
}

beforeAll(async () => {
  database = await testDatabase();
  await testOffice(database.kysely, { code: 'oac' });
  staff = createStaff({
    ...{ connection: database.connection, baseUrl: 'http://localhost:3000', issuer: 'Vilaclara' },
    secret: 'test secret that is only for the tests of this file',
  });
});
afterAll(async () => {
  await staff.close();
  await database.close();
});

describe('who sets themselves up anew', () => {
  test('comes in as before until the authenticator is confirmed, and then only anew', async () => {
    const first = await link();
    const secret = await chosen(first, OLD);
    expect(await opens(OLD)).toBe(false);
    expect((await staff.confirmCode(first, codeOf(secret), NOW)).ok).toBe(true);
    const open = await session(secret);

    const second = await link();
    await chosen(second, 'un de massa que es canvia');
    const next = await chosen(second, NEW);
    expect(await staff.session(open)).not.toBeNull();
    expect([await opens(OLD), await opens(NEW)]).toEqual([true, false]);

    expect((await staff.confirmCode(second, codeOf(secret), NOW)).ok).toBe(false);
    expect((await staff.confirmCode(second, codeOf(next), NOW)).ok).toBe(true);
    expect(await staff.session(open)).toBeNull();
    expect([await opens(OLD), await opens(NEW)]).toEqual([false, true]);
  });

  test('leaves nothing of what they chose on the invitation', async () => {
    const { rows } = await staff.transaction((client) =>
      client.query(
        `select i.password_hash, i.secret, i.user_id = s.user_id as became
         from invitation i join public.staff s on s.id = i.staff_id where i.used_at is not null`,
      ),
    );
    expect(rows).toEqual([{ password_hash: null, secret: null, became: true }]);
  });
});

test('who changes a colleague’s address and invites them anew is told of at the old address', async () => {
  const secret = await chosen(await link(), OLD);
  const mails = async () => {
    const { rows } = await staff.transaction((client) =>
      client.query<{ to: string }>(
        `select facts ->> 'sentTo' as to from public.staff_mail where kind = 'set_up_anew' order by 1`,
      ),
    );
    return rows.map((each) => each.to);
  };
  const before = await mails();
  const [MINE, id] = [
    'stranger@vilaclara.cat',
    await staff.transaction((client) => readStaffId(client, EMAIL)),
  ];
  await staff.transaction((client) =>
    changeAddress(client, { staff: id ?? 0, by: 7, now: NOW, email: MINE }),
  );
  const invited = await staff.transaction((client) =>
    staff.openInvitation(client, { staff: id ?? 0, by: 7, now: NOW, facts: {} }),
  );
  const token = invited.url.split('/').at(-1) ?? '';
  const theirs = await chosen(token, NEW);
  expect(await mails()).toEqual(before);
  expect((await staff.confirmCode(token, codeOf(theirs), NOW)).ok).toBe(true);
  expect(await mails()).toEqual([...before, EMAIL, MINE].sort());
  expect(secret).not.toBe(theirs);
});

describe('a password that attackers try first', () => {
  const BREACHED = 'NeedForSpeed!';
  const LOCAL = 'Vilaprova-2026';

  test('can’t be chosen at set-up, nor one that is a name of the town', async () => {
    const token = await link();
    for (const [password, reason] of [
      [BREACHED, 'breached'],
      [LOCAL, 'local'],
    ] as const)
      expect(await staff.choosePassword(token, password, NOW)).toEqual({ ok: false, reason });
    expect(await staff.findSetup(token, NOW)).toMatchObject({ step: 'password' });
  });
});
