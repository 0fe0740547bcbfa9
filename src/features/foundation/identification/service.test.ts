import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { identityProvider } from '../../../domain/office/identity.ts';
import { handClock } from '../../../lib/clock.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { type KeyMaterial, purposeKey } from '../../../lib/secrets.ts';
import { createIdentification, type Identification } from './service.ts';
import { identifiedAs, providerSaying, settingsOf } from './testing.ts';
import type { Identified, Wanted } from './types.ts';

const BASE = 'https://cita.vilaclara.example';
const AGENT = 'Mozilla/5.0 (Old phone)';
const ROSA = '12345678Z';
const WANTED: Wanted = {
  provider: 'valid',
  level: 'substantial',
  language: 'ca',
  next: '/ca/folder',
  from: '/ca/identify',
  back: '/ca',
  purpose: { for: 'session' },
  transaction: null,
};

/** A provider whose answers are posted. */
const SAML = identityProvider.parse({
  kind: 'saml',
  code: 'saml',
  name: { ca: 'SAML' },
  entity: 'x',
  endpoint: 'https://idp.example/sso',
  certificates: ['x'],
});

let database: TestDatabase;
let service: Identification;
let said: Identified;
const clock = handClock('2026-12-01T09:00:00Z');
let materials: KeyMaterial[] = [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }];

beforeAll(async () => {
  database = await testDatabase();
  const provider = providerSaying(() => said);
  service = createIdentification({
    ...{ db: database.kysely, clock, baseUrl: BASE },
    forms: purposeKey(() => materials),
    people: purposeKey(() => materials),
    declared: async () => [settingsOf('valid'), settingsOf('clave'), SAML],
    adapt: () => provider,
  });
});
afterAll(() => database.close());
beforeEach(() => {
  said = identifiedAs(ROSA);
});

/** A browser that keeps its cookies. */
function browser(agent = AGENT) {
  const jar = new Map<string, string>();
  const sent = () => ({
    agent,
    cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
  });
  const keep = (cookies: readonly string[]) => {
    for (const each of cookies) {
      const [pair = ''] = each.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (each.includes('Max-Age=0')) jar.delete(name);
      else jar.set(name, value);
    }
  };
  return {
    sent,
    keep,
    jar,
    /** Begins an attempt; returns the address to which the provider sends the browser back. */
    async begin(wanted: Partial<Wanted> = {}) {
      const begun = await service.start({ ...WANTED, ...wanted }, sent());
      if (!begun.ok || begun.departure.kind !== 'redirect') throw new Error('It did not begin');
      keep(begun.cookies);
      const state = new URL(begun.departure.url).searchParams.get('state') ?? '';
      return new URL(`${BASE}/identify/${wanted.provider ?? 'valid'}/return?state=${state}&code=1`);
    },
    async identify(wanted: Partial<Wanted> = {}) {
      const url = await this.begin(wanted);
      const ended = await service.finish(wanted.provider ?? 'valid', url, sent());
      if (!ended.ok) throw new Error(`Not identified: ${ended.failed.reason} ${ended.code}`);
      keep(ended.cookies);
      return ended;
    },
    session: async () => (await service.read(sent())).session,
  };
}

describe('a person', () => {
  test('is the same whichever provider says so, with the name that was said last', async () => {
    const first = await browser().identify();
    said = identifiedAs(ROSA, { name: { full: 'Rosa S. Vidal', given: null, family: null } });
    const second = await browser().identify({ provider: 'clave' });
    expect(second.identification.person).toBe(first.identification.person);
    const person = await service.person(first.identification.person);
    expect(person?.name.full).toBe('Rosa S. Vidal');
    expect(person?.id.identifier).toBe(ROSA);
  });

  test('with another identifier is another one, though the name is the same', async () => {
    const first = await browser().identify();
    said = identifiedAs('X0000000T');
    expect((await browser().identify()).identification.person).not.toBe(
      first.identification.person,
    );
  });

  test('is added once by two answers at the same time', async () => {
    said = identifiedAs('Y0000000Z');
    const all = await Promise.all([1, 2, 3, 4].map(() => browser().identify()));
    expect(new Set(all.map((each) => each.identification.person)).size).toBe(1);
  });

  test('is nowhere in clear in the database', async () => {
    await browser().identify();
    const client = await database.connectAsOwner();
    await client.query("set app.office = '*'");
    const texts = [];
    for (const table of ['person', 'identification', 'citizen_session', 'identification_attempt']) {
      const { rows } = await client.query(`select t::text as text from ${table} t`);
      texts.push(...rows.map((row: { text: string }) => row.text));
    }
    await client.end();
    expect(texts.length).toBeGreaterThan(2);
    const all = texts.join('\n');
    for (const secret of [ROSA, 'Soler', '/ca/folder'])
      for (const form of [secret, Buffer.from(secret).toString('hex')])
        expect(all).not.toContain(form);
  });

  test('has the evidence as it came', async () => {
    const { identification } = await browser().identify();
    const found = await service.evidence(identification.id);
    expect(found?.evidence.map((each) => each.bytes.toString())).toEqual([`evidence of ${ROSA}`]);
  });

  test('is found by the next version of the key, and its sealed data stays readable', async () => {
    const before = await browser().identify();
    materials = [...materials, { version: 2, key: Buffer.alloc(32, 2), isActive: true }];
    expect(await service.rewrap()).toBeGreaterThan(0);
    expect(await service.rewrap()).toBe(0);
    materials = materials.slice(1);
    const after = await browser().identify();
    expect(after.identification.person).toBe(before.identification.person);
    expect((await service.evidence(before.identification.id))?.evidence).toHaveLength(1);
  });

  test('is what they want to be called', async () => {
    const { identification } = await browser().identify();
    await service.wish(identification.person, { called: 'Rosa' });
    expect((await service.person(identification.person))?.wishes).toMatchObject({ called: 'Rosa' });
  });

  test('is one person while two versions of the key are live', async () => {
    const [one = materials[0], ...rest] = materials;
    const both = [...materials, { version: 9, key: Buffer.alloc(32, 9), isActive: false }];
    said = identifiedAs('K0000000T');
    materials = both;
    const before = await browser().identify();
    materials = both.map((each) => ({ ...each, isActive: true }));
    const after = await browser().identify();
    materials = one ? [one, ...rest] : rest;
    expect(after.identification.person).toBe(before.identification.person);
  });

  test('who is erased has nothing left, sessions included', async () => {
    said = identifiedAs('Z0000000M');
    const at = browser();
    const { identification } = await at.identify();
    await service.erase(identification.person);
    expect(await service.person(identification.person)).toBeNull();
    expect(await service.evidence(identification.id)).toBeNull();
    expect(await at.session()).toBeNull();
  });
});

describe('evidence', () => {
  test('says what the person was asked to confirm, beside what the provider gave', async () => {
    const act = { for: 'act', appointment: 'a', office: 1, act: 'b', link: 0 } as const;
    const transaction = { hash: 'h', words: 'Alta' };
    const { identification } = await browser().identify({ purpose: act, transaction });
    const kept = (await service.evidence(identification.id))?.evidence.at(-1);
    expect(kept?.type).toBe('application/vnd.finestreta.transaction+json');
    expect(JSON.parse(`${kept?.bytes}`)).toEqual({ ...transaction, isSigned: false });
    said = identifiedAs(ROSA, { transaction: 'h' });
    const signed = await browser().identify({ purpose: act, transaction });
    expect(await service.of(signed.identification.id)).toMatchObject({
      purpose: 'act',
      transaction: { hash: 'h', isSigned: true },
    });
  });

  test('of an act on which no act relies goes with the person', async () => {
    said = identifiedAs('Y0000000Z');
    const act = { for: 'act', appointment: 'a', office: 1, act: 'b', link: 0 } as const;
    const { identification } = await browser().identify({ purpose: act });
    expect(await service.erase(identification.person)).toBe(true);
    expect(await service.evidence(identification.id)).toBeNull();
  });

  test('of sessions alone is deleted after ninety days, but for the last one', async () => {
    said = identifiedAs('L0000000T');
    const { identification: first } = await browser().identify();
    clock.advance({ hours: 1 });
    const { identification: last } = await browser().identify();
    clock.advance({ hours: 91 * 24 });
    await service.sweep();
    expect(await service.evidence(first.id)).toBeNull();
    expect(await service.evidence(last.id)).not.toBeNull();
  });
});

describe('rows of a person', () => {
  test('are seen by transactions of this person alone', async () => {
    const { identification: rosas } = await browser().identify();
    said = identifiedAs('X0000000T');
    await browser().identify();
    const seen = (person: string) =>
      within(database.kysely, { person }, async (tx) => ({
        people: (await tx.selectFrom('person').select('id').execute()).map((each) => each.id),
        of: new Set(
          (await tx.selectFrom('identification').select('person_id').execute()).map(
            (each) => each.person_id,
          ),
        ),
        offices: await tx.selectFrom('office').select('id').execute(),
      }));
    expect(await seen(rosas.person)).toEqual({
      people: [rosas.person],
      of: new Set([rosas.person]),
      offices: [],
    });
    const asOffice = await within(database.kysely, 1, (tx) =>
      tx.selectFrom('person').select('id').execute(),
    );
    expect(asOffice).toEqual([]);
  });
});

describe('rows of a person, written', () => {
  test('are not written by transactions of the person, nor by an office for another one', async () => {
    const { identification } = await browser().identify();
    const { person } = identification;
    const as = (scope: Parameters<typeof within>[1], write: (tx: Tx) => Promise<unknown>) =>
      within(database.kysely, scope, write);
    const link = (tx: Tx) =>
      tx
        .insertInto('person_appointment')
        .values({
          person_id: person,
          appointment_id: '00000000-0000-4000-8000-000000000001',
          office_id: 1,
          identification_id: null,
          how: 'link',
          linked_at: clock.now().toString(),
        })
        .execute();
    await expect(as({ person }, link)).rejects.toThrow(/row-level security/);
    await expect(as(1, link)).rejects.toThrow(/row-level security/);
    const changed = await within(database.kysely, { person }, (tx) =>
      tx.updateTable('person').set({ lookup: 'x' }).executeTakeFirst(),
    );
    expect(changed.numUpdatedRows).toBe(0n);
    const gone = await within(database.kysely, { person }, (tx) =>
      tx.deleteFrom('identification').executeTakeFirst(),
    );
    expect(gone.numDeletedRows).toBe(0n);
  });
});

describe('an attempt', () => {
  const finish = (url: URL, sent: { cookie: string; agent: string }, provider = 'valid') =>
    service.finish(provider, url, sent);

  test('counts once', async () => {
    const at = browser();
    const url = await at.begin();
    expect((await finish(url, at.sent())).ok).toBe(true);
    expect(await finish(url, at.sent())).toMatchObject({ ok: false, code: 'spent' });
  });

  test('belongs to the browser that began it', async () => {
    const url = await browser().begin();
    expect(await finish(url, { cookie: '', agent: AGENT })).toMatchObject({ code: 'no_browser' });
    const other = browser();
    await other.begin();
    expect(await finish(url, other.sent())).toMatchObject({ ok: false, code: 'other_browser' });
  });

  test('of one provider takes no answer of another (mix-up)', async () => {
    const at = browser();
    const url = await at.begin();
    expect(await finish(url, at.sent(), 'clave')).toMatchObject({
      ok: false,
      failed: { reason: 'refused' },
      code: 'other_provider',
    });
  });

  test('of a version of the key that nobody has is none', async () => {
    const at = browser();
    const url = await at.begin();
    url.searchParams.set('state', '00000000-0000-8fff-b000-000000000000.x');
    expect(await finish(url, at.sent())).toMatchObject({ ok: false, code: 'other_browser' });
  });

  test('ends after a while', async () => {
    const at = browser();
    const url = await at.begin();
    clock.advance({ minutes: 20 });
    expect(await finish(url, at.sent())).toMatchObject({ failed: { reason: 'expired' } });
    const other = await at.begin();
    clock.advance({ minutes: 20 });
    await service.sweep();
    expect(await finish(other, at.sent())).toMatchObject({ code: 'spent' });
  });

  test('fails when the level is lower than demanded, whatever the adapter says', async () => {
    said = identifiedAs(ROSA, { level: 'low' });
    const at = browser();
    const url = await at.begin();
    expect(await finish(url, at.sent())).toMatchObject({
      failed: { reason: 'too_low', wanted: { next: '/ca/folder' } },
    });
  });

  test('takes the first posted answer only, and only with the code that leads back', async () => {
    const at = browser();
    const url = await at.begin({ provider: 'saml' });
    const id = url.searchParams.get('state')?.split('.')[0] ?? '';
    expect(await service.deposit('clave', id, new URLSearchParams())).toBeNull();
    const back = await service.deposit('saml', id, new URLSearchParams({ SAMLResponse: 'x' }));
    expect(await service.deposit('saml', id, new URLSearchParams())).toBeNull();
    expect(back).toContain(`${BASE}/identify/saml/return?`);
    const stolen = new URL(back ?? '');
    stolen.searchParams.delete('response_code');
    expect(await finish(stolen, at.sent(), 'saml')).toMatchObject({ code: 'other_answer' });
  });

  test('of an act fails when the provider confirms another act', async () => {
    said = identifiedAs(ROSA, { transaction: 'other' });
    const at = browser();
    const url = await at.begin({ transaction: { hash: 'this', words: 'Alta al padró' } });
    expect(await finish(url, at.sent())).toMatchObject({ code: 'other_transaction' });
  });
});

describe('a session', () => {
  test('is of the person, with the level and the organisation for which they act', async () => {
    said = identifiedAs(ROSA, { represents: { identifier: 'Q0000000J', name: 'Cooperativa' } });
    const at = browser();
    await at.identify();
    expect(await at.session()).toMatchObject({
      id: { scheme: 'dni', identifier: ROSA },
      level: 'substantial',
      represents: { identifier: 'Q0000000J', name: 'Cooperativa' },
    });
  });

  test('has another secret after each identification (fixation)', async () => {
    const at = browser();
    await at.identify();
    const before = at.sent();
    await at.identify();
    expect((await service.read(before)).session).toBeNull();
    expect(await at.session()).not.toBeNull();
  });

  test('ends when its secret comes from another browser', async () => {
    const at = browser();
    await at.identify();
    const stolen = { ...at.sent(), agent: 'curl/8' };
    expect(await service.read(stolen)).toEqual({ session: null, isMoved: true });
    expect(await at.session()).toBeNull();
  });

  test('ends half an hour after the last request, and after four hours', async () => {
    const at = browser();
    await at.identify();
    clock.advance({ minutes: 29 });
    expect(await at.session()).not.toBeNull();
    clock.advance({ minutes: 29 });
    expect(await at.session()).not.toBeNull();
    clock.advance({ minutes: 30 });
    expect(await at.session()).toBeNull();
    await at.identify();
    for (let minutes = 0; minutes < 240; minutes += 20) {
      expect(await at.session()).not.toBeNull();
      clock.advance({ minutes: 20 });
    }
    expect(await at.session()).toBeNull();
  });

  test.each([1, 24])('is no longer valid when the clock is set back by %i hours', async (hours) => {
    const at = browser();
    await at.identify();
    clock.advance({ hours: -hours });
    expect(await at.session()).toBeNull();
    clock.advance({ hours });
    expect(await at.session()).not.toBeNull();
  });

  test('is left at the provider too', async () => {
    said = identifiedAs(ROSA, { session: 'token-1' });
    const at = browser();
    await at.identify();
    const left = await service.leave(at.sent());
    expect(left.departure).toMatchObject({ url: expect.stringContaining('out?token-1&') });
    at.keep(left.cookies);
    expect(await at.session()).toBeNull();
    expect((await service.leave(at.sent())).departure).toBeNull();
  });
});
