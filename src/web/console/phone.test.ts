import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Appointment } from '../../domain/appointment.ts';
import { within } from '../../lib/db/database.ts';
import { LANGUAGES } from '../../lib/i18n/languages.ts';
import { faultsOf } from '../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, MARTA, NURIA } from './testing.ts';

const EXCHANGE = {
  url: 'wss://sip.vilaclara.example:8443/ws',
  domain: 'sip.vilaclara.example',
  desks: { 'taula-1': '101' },
};

/** Serves in the other office. */
const OTHER = 'carme.bosch@vilaclara.example';

let world: ConsoleWorld;
let marta: string;
let nuria: string;
let rosa: Appointment;

const get = (path: string, cookie = marta) => world.app.request(path, { headers: { cookie } });
const post = (path: string, form: Record<string, string> = {}, cookie = marta) =>
  world.app.request(path, { method: 'POST', body: new URLSearchParams(form), headers: { cookie } });
const all = async (name: string) =>
  within(world.database.kysely, '*', async (tx) => {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(
      tx,
    );
    return rows;
  });

beforeAll(async () => {
  world = await consoleWorld();
  [marta, nuria] = [await world.signIn(MARTA), await world.signIn(NURIA)];
  rosa = await world.book('09:10', {
    citizen: { name: 'Rosa Güell', email: null, phone: '+34612345678' },
  });
});
afterAll(() => world.close());

describe('without an exchange', () => {
  test('numbers are links, and no page asks for the microphone or connects to another host', async () => {
    const answer = await get(`/console/oac/appointment/${rosa.id}`);
    expect(await answer.text()).not.toContain('id="phone"');
    expect(answer.headers.get('Content-Security-Policy')).not.toContain('wss:');
    expect(answer.headers.get('Permissions-Policy') ?? '').not.toContain('microphone=(self)');
  });

  test('there are no credentials', async () => {
    expect((await post('/console/oac/phone/credentials')).status).toBe(409);
    expect((await post('/console/oac/phone/caller', { number: '+34612345678' })).status).toBe(409);
  });
});

describe('with an exchange', () => {
  beforeAll(() =>
    within(world.database.kysely, '*', (tx) =>
      sql`update office set revision = revision + 1,
        settings = jsonb_set(settings, '{phone,exchange}', ${JSON.stringify(EXCHANGE)}::jsonb) where code = 'oac'`.execute(
        tx,
      ),
    ),
  );

  test('pages of a desk with an extension may use the microphone, and no other page', async () => {
    const answer = await get(`/console/oac/appointment/${rosa.id}`);
    const page = await answer.text();
    expect(page).toContain('data-extension="101"');
    expect(answer.headers.get('Permissions-Policy')).toMatch(/camera=\(\).*microphone=\(self\)/);
    expect(page).not.toMatch(/password|exchange knows/i);
    const others = await get('/console/oac', nuria);
    expect(await others.text()).not.toContain('id="phone"');
    expect(others.headers.get('Content-Security-Policy')).not.toContain('wss:');
  });

  test.each(LANGUAGES)('the page is valid HTML in %s', async (language) => {
    const cookie = `${marta}; staff_language=${language}`;
    const page = await (await get(`/console/oac/appointment/${rosa.id}`, cookie)).text();
    expect(await faultsOf(page)).toEqual([]);
    expect(page).not.toMatch(/undefined|softphone\.\w+/);
  });

  test('credentials belong to the desk, expire, and aren’t stored; a desk without an extension gets none', async () => {
    const answer = await post('/console/oac/phone/credentials');
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    const now = Math.floor(world.clock.now().epochMilliseconds / 1000);
    expect(await answer.json()).toMatchObject({
      url: EXCHANGE.url,
      uri: 'sip:101@sip.vilaclara.example',
      user: `${now + 900}:101`,
      seconds: 900,
    });
    expect((await post('/console/oac/phone/credentials', {}, nuria)).status).toBe(409);
    const albert = await world.signIn(OTHER);
    expect((await post('/console/oac/phone/credentials', {}, albert)).status).toBe(404);
    expect((await post('/console/oac/phone/credentials', {}, '')).status).toBe(401);
  });

  test('a caller is found by the whole number, with or without the exchange’s prefix, and it is recorded', async () => {
    const ask = async (number: string) =>
      (await post('/console/oac/phone/caller', { number })).json() as Promise<
        { name: string; href: string }[]
      >;
    const before = (await all('audit')).filter((each) => each.action === 'searched').length;
    const expected = [
      expect.objectContaining({
        name: 'Rosa Güell',
        href: `/console/oac/appointment/${rosa.id}`,
        isOpen: true,
      }),
    ];
    expect(await ask('+34612345678')).toEqual(expected);
    expect(await ask('0612345678')).toEqual(expected);
    expect(await ask('+34699999999')).toEqual([]);
    const searched = (await all('audit')).filter((each) => each.action === 'searched');
    expect(searched.length).toBe(before + 3);
    expect(JSON.stringify(searched)).not.toContain('612345678');
    // A part of a number would find strangers.
    expect(await ask('3456')).toEqual([]);
    expect(await ask('anonymous')).toEqual([]);
  });

  const report = {
    id: '7b0e1f0a-52a2-4c9e-8f3a-5d2b7a9c1e01',
    direction: 'out',
    attempt: '1',
    rang: '12',
    talked: '',
    status: '486',
    endedBy: 'other',
    codec: 'opus',
    loss: '0.5',
    jitter: '3',
    rtt: '40',
  };

  test('the result of a call is saved once; an invalid one isn’t', async () => {
    const call = { ...report, appointment: rosa.id };
    expect((await post('/console/oac/phone/call', call)).status).toBe(204);
    expect((await post('/console/oac/phone/call', { ...call, rang: '99' })).status).toBe(204);
    const [kept, ...more] = await all('call');
    expect(more).toEqual([]);
    expect(kept).toMatchObject({ appointment_id: rosa.id, rang_seconds: 12, status: 486 });
    for (const wrong of [
      { id: 'x' },
      { rang: '-1' },
      { rang: '1.5' },
      { status: '99' },
      { loss: '101' },
      { rtt: 'x' },
    ])
      expect((await post('/console/oac/phone/call', { ...call, ...wrong })).status).toBe(422);
  });

  test('a call to another desk’s appointment saves nothing', async () => {
    const other = { ...report, id: '7b0e1f0a-52a2-4c9e-8f3a-5d2b7a9c1e02', appointment: report.id };
    expect((await post('/console/oac/phone/call', other)).status).toBe(204);
    const kept = (await all('call')).find((each) => each.id === other.id);
    expect(kept).toMatchObject({ appointment_id: null, attempt: null });
  });

  test('an answer by a machine is undone while nothing is written, and only then', async () => {
    const page = `/console/oac/appointment/${rosa.id}`;
    expect((await post(`${page}/voicemail`, { number: '1' })).status).toBe(409);
    await post(`${page}/attempt`, { number: '1', outcome: 'answered', note: '' });
    expect((await post(`${page}/voicemail`, { number: '2' })).status).toBe(409);
    expect((await post(`${page}/voicemail`, { number: '1' })).status).toBe(204);
    const html = await (await get(page)).text();
    expect(html).toContain('Bústia de veu');
    expect(html).toContain('12 s sonant');
    expect(html).toContain('data-action="call"');

    await post(`${page}/attempt`, { number: '2', outcome: 'answered', note: '' });
    await within(world.database.kysely, '*', (tx) =>
      sql`update encounter set version = 2 where appointment_id = ${rosa.id}`.execute(tx),
    );
    expect((await post(`${page}/voicemail`, { number: '2' })).status).toBe(409);
    const albert = await world.signIn(OTHER);
    expect((await post(`${page}/voicemail`, { number: '2' }, albert)).status).toBe(404);
  });
});
