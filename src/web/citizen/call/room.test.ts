import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bookThrough,
  faultsOf,
  MARIA,
  startsIn,
  type TestTown,
  TIMES,
  testTown,
  WEDNESDAY,
} from '../testing.ts';

let town: TestTown;
let manage: string;
let start: Temporal.Instant;

beforeAll(async () => {
  town = await testTown();
  const times = '/ca/oac/volant-padro/times?channel=video&language=ca';
  const first = startsIn((await town.get(times)).html)[0] ?? '';
  start = Temporal.Instant.from(first);
  const details = await town.submit(times, { start: first });
  const check = await town.submit(details.path, MARIA);
  manage = (await town.post(check.path, {})).path.replace(/\/confirmed$/, '');
});
afterAll(() => town.close());

const post = (what: string, form: Record<string, string> = {}) =>
  town.post(`${manage}/room/${what}`, form);

test('too early, it says when it opens; no action is possible', async () => {
  const page = await town.get(`${manage}/room`);
  expect(page.html).toContain('La sala s’obre');
  expect(await faultsOf(page.html)).toEqual([]);
  expect((await town.get(manage)).html).not.toContain(`${manage}/room`);
  expect((await post('seat')).status).toBe(409);
  await post('phone');
  expect((await town.get(`${manage}/room`)).html).not.toContain('et trucarem');
});

describe('once it is open', () => {
  beforeAll(() => town.clock.set(start.subtract({ minutes: 10 }).toString()));

  test('the appointment’s page leads there; opening it doesn’t enter', async () => {
    expect((await town.get(manage)).html).toContain(`href="${manage}/room"`);
    const page = await town.get(`${manage}/room`);
    expect(await faultsOf(page.html)).toEqual([]);
    expect(page.html).toMatch(/Qui t’atendrà/);
    expect(page.headers.get('Permissions-Policy')).toContain('camera=(self), microphone=(self)');
    const { bySecret } = town.deps.appointments;
    expect((await bySecret(manage.split('/').at(-1) ?? ''))?.status).toBe('booked');
  });

  test('the room shows papers, consents and invitations in frames, and no other page may be framed', async () => {
    const policyOf = async (path: string, dest: string) => {
      const page = await town.get(path, { 'Sec-Fetch-Dest': dest });
      return { policy: page.headers.get('Content-Security-Policy'), html: page.html };
    };
    const room = await policyOf(`${manage}/room`, 'document');
    expect(room.policy).toMatch(/; frame-src 'self'; frame-ancestors 'none'$/);
    expect(room.html).toContain('interactive-widget=resizes-content');
    for (const path of ['documents', 'companions', `acts/${randomUUID()}`]) {
      const framed = await policyOf(`${manage}/${path}`, 'iframe');
      expect(framed.policy).toMatch(/; frame-ancestors 'self'$/);
      expect(framed.html).not.toMatch(/<header|<footer/);
      const whole = await policyOf(`${manage}/${path}`, 'document');
      expect(whole.policy).toMatch(/; frame-ancestors 'none'$/);
      expect(whole.html).toMatch(/<header/);
    }
    // Providers refuse frames, so that identifying for an act opens beside.
    const identify = `${manage}/acts/${randomUUID()}/identify`;
    for (const path of [manage, `${manage}/room`, '/ca', identify])
      expect((await policyOf(path, 'iframe')).policy).toMatch(/; frame-ancestors 'none'$/);
  });

  test('the citizen takes a seat, and only that seat can act', async () => {
    const entered = await post('seat');
    expect(entered.status).toBe(200);
    const { seat } = JSON.parse(entered.html);
    expect((await post('signal', { seat, to: seat, signals: '[]' })).status).toBe(409);
    expect((await post('signal', { seat: 'x', to: seat, signals: '[]' })).status).toBe(410);
    expect((await post('say', { seat, id: randomUUID(), text: 'Hola' })).status).toBe(409);
    expect((await post('say', { seat, id: 'x', text: 'Hola' })).status).toBe(422);
    expect(JSON.parse((await town.get(`${manage}/room/servers`)).html)).toMatchObject({
      iceTransportPolicy: 'all',
    });
    expect((await town.get(`${manage}/room/stream?seat=x`)).status).toBe(410);
    expect((await post('leave', { seat: 'x' })).status).toBe(204);
    expect((await post('seat', { again: '1' })).status).toBe(410);
    expect((await post('leave', { seat })).status).toBe(204);
    expect((await town.get(`${manage}/room/stream?seat=${seat}`)).status).toBe(410);
  });

  test('without scripts the citizen can ask for a phone call', async () => {
    const asked = await town.submit(`${manage}/room/phone`, {});
    expect(asked.html).toContain('et trucarem al 612');
    expect(await faultsOf(asked.html)).toEqual([]);
  });
});

describe('for somebody who must write', () => {
  test('no page offers the telephone, and each has other ways', async () => {
    town.clock.set(WEDNESDAY);
    const { manage: own, start: at } = await bookThrough(
      town,
      { ...MARIA, email: 'text@example.cat', anything: 'yes', needs: 'real_time_text' },
      { times: TIMES.replace('phone', 'video') },
    );
    town.clock.set(Temporal.Instant.from(at).subtract({ minutes: 5 }).toString());
    const room = (await town.get(`${own}/room`)).html;
    expect(await faultsOf(room)).toEqual([]);
    for (const none of ['data-phone', 'room/phone"']) expect(room).not.toContain(none);
    expect(room).toContain('mailto:');
    for (const page of ['', '/device'])
      expect((await town.get(own + page)).html).not.toContain('change?channel=phone');
    expect((await town.post(`${own}/room/phone`, {})).html).not.toContain('et trucarem');
  });

  test('papers and invitations open where they lead back', async () => {
    const { html } = await town.get(`${manage}/room`);
    for (const page of ['documents', 'companions'])
      expect(html).toMatch(new RegExp(`<a href="${manage}/${page}">`));
    expect(html).not.toContain('_blank');
  });
});

test('strangers get no information', async () => {
  for (const path of ['room', 'room/stream'])
    expect((await town.get(`/ca/appointment/unknown/${path}`)).status).toBe(404);
  for (const path of ['seat', 'leave', 'signal', 'phone'])
    expect((await town.post(`/ca/appointment/unknown/room/${path}`, {})).status).toBe(404);
});

test('after the end it leads to the appointment', async () => {
  await town.post(`${manage}/cancel`, {});
  town.clock.set(start.add({ hours: 4 }).toString());
  expect((await town.get(`${manage}/room`)).path).toBe(manage);
  expect((await post('seat')).status).toBe(409);
});
