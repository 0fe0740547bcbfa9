import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { handClock } from '../lib/clock.ts';
import { translateTo } from '../lib/i18n/translate.ts';
import { createLimiter } from '../lib/limiter.ts';
import { installationKey } from '../lib/secrets.ts';
import { clientAddress, senders, undeclaredProxy } from './address.ts';
import { openAssets } from './assets.ts';
import { FormError, readForm } from './form.ts';
import { createLimits } from './limiter.ts';
import { samePage, sendPage } from './respond.tsx';
import { isCrossSite, securityHeaders } from './security.ts';

const assets = openAssets('/nowhere');

test('without a build the sources are served, with their imports', async () => {
  const app = new Hono().use(assets.serve);
  const css = await app.request(assets.citizenCss);
  expect(css.headers.get('Content-Type')).toBe('text/css; charset=utf-8');
  const text = await css.text();
  expect(text).not.toContain('@import');
  expect(text).toContain('.card');
  expect((await app.request('/assets/font.woff2')).status).toBe(200);
  expect((await app.request('/assets/../package.json')).status).toBe(404);
});

test("a page has a policy without 'unsafe-inline', and a personal one is not stored", async () => {
  const app = new Hono().use(securityHeaders('https://cita.example'));
  app.get('/:language/x', (c) =>
    sendPage(c, assets, {
      t: translateTo('ca'),
      title: 'X',
      town: { name: 'Vilaclara', languages: ['ca', 'es'] },
      isPersonal: true,
      children: <h1>X</h1>,
    }),
  );
  const page = await app.request('/ca/x?a=1');
  const policy = page.headers.get('Content-Security-Policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-inline');
  expect(page.headers.get('Cache-Control')).toBe('no-store');
  expect(page.headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(page.headers.get('Strict-Transport-Security')).toContain('max-age=31536000');
  const html = await page.text();
  expect(html).toMatch(/^<!DOCTYPE html><html lang="ca"/);
  expect(html).toContain('href="/es/x?a=1" lang="es" hreflang="es"');
});

test('pages and stylesheets are compressed for clients that accept it', async () => {
  const app = new Hono().use(assets.serve);
  app.get('/ca', (c) =>
    sendPage(c, assets, {
      t: translateTo('ca'),
      title: 'X',
      town: { name: 'Vilaclara', languages: ['ca'] },
      children: <h1>X</h1>,
    }),
  );
  const encodingOf = async (path: string, accepted: string) =>
    (await app.request(path, { headers: { 'Accept-Encoding': accepted } })).headers.get(
      'Content-Encoding',
    );
  expect(await encodingOf('/ca', 'gzip, br')).toBe('gzip');
  expect(await encodingOf('/ca', 'gzip;q=0')).toBeNull();
  expect(await encodingOf('/ca', '')).toBeNull();
  expect(await encodingOf(assets.citizenCss, 'gzip, br')).toBe('br');
  expect(await encodingOf(assets.citizenCss, 'gzip')).toBe('gzip');
  expect(await encodingOf('/assets/font.woff2', 'gzip, br')).toBeNull();
});

test.each([
  ['our own page', { 'Sec-Fetch-Site': 'same-origin' }, false],
  ['an old browser on our page', { Origin: 'https://cita.example' }, false],
  [
    'a browser that reached us by another name',
    { Origin: 'http://lan:3000', Host: 'lan:3000' },
    false,
  ],
  ['no browser', {}, false],
  ['another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }, true],
  ['a neighbour on the same domain', { 'Sec-Fetch-Site': 'same-site' }, true],
  ['another site, old browser', { Origin: 'https://evil.example', Host: 'cita.example' }, true],
  ['a sandbox', { Origin: 'null', Host: 'cita.example' }, true],
])('a write from %s', async (_, headers, refused) => {
  const app = new Hono().post('/', (c) => c.text(String(isCrossSite(c, 'https://cita.example'))));
  const answer = await app.request('/', { method: 'POST', headers: headers as HeadersInit });
  expect(await answer.text()).toBe(String(refused));
});

test('only unsubscribing from reminders is open to other sites: a mail program posts there', async () => {
  const app = new Hono().post('*', (c) => c.text(String(isCrossSite(c, 'https://cita.example'))));
  const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://mail.example' };
  const refused = async (path: string) =>
    (await app.request(path, { method: 'POST', headers })).text();
  expect(await refused('/ca/notices/token')).toBe('false');
  for (const path of [
    '/ca/notices',
    '/ca/notices/token/x',
    '/ca/appointment/notices',
    '/x/ca/notices/y',
  ])
    expect(await refused(path)).toBe('true');
});

test('a limiter lets a burst pass, then says how long to wait', () => {
  const clock = handClock('2026-12-09T08:00:00Z');
  const limiter = createLimiter(clock, { burst: 3, perMinute: 6 });
  expect([1, 2, 3].map(() => limiter.take('a'))).toEqual([0, 0, 0]);
  expect(limiter.take('a')).toBe(10);
  expect(limiter.take('b')).toBe(0);
  clock.advance({ seconds: 10 });
  expect(limiter.take('a')).toBe(0);
  expect(limiter.take('a')).toBe(10);
  clock.advance({ hours: -1 });
  expect(limiter.take('a')).toBe(10);
  clock.advance({ seconds: 10 });
  expect(limiter.take('a')).toBe(0);
});

test('one address can begin a limited number of bookings, and still finish them', () => {
  const clock = handClock('2026-11-30T08:00:00+01:00');
  const limits = createLimits(clock);
  const post = (path: string, address = '192.0.2.1') =>
    limits.take({ method: 'POST', path }, address);
  const begin = (address?: string) => post('/ca/oac/volant-padro/times', address);
  let kept = 0;
  for (let minute = 0; minute < 20; minute++) {
    while (begin() === 0) kept++;
    clock.advance({ minutes: 1 });
  }
  // The maximum of simultaneous holds, each extended: far from a day of a town's desks.
  expect(kept).toBe(20 + 19 * 2);
  expect(begin('192.0.2.2')).toBe(0);
  expect(post('/ca/oac/booking/x/check')).toBe(0);
});

test('one address can ask for lost links a few times', () => {
  const limits = createLimits(handClock('2026-11-30T08:00:00+01:00'));
  const ask = () => limits.take({ method: 'POST', path: '/ca/lost-link' }, '192.0.2.1');
  expect(Array.from({ length: 6 }, ask)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(ask()).toBe(300);
  expect(limits.take({ method: 'POST', path: '/ca/lost-link' }, '192.0.2.2')).toBe(0);
  expect(limits.take({ method: 'GET', path: '/ca/lost-link' }, '192.0.2.1')).toBe(0);
});

test('verification codes can be tried as often as an office needs, with any code', () => {
  const limits = createLimits(handClock('2026-11-30T08:00:00+01:00'));
  const ask = (path = '/ca/verify', address = '192.0.2.1') =>
    limits.take({ method: 'POST', path }, address);
  for (let nth = 0; nth < 30; nth++)
    expect(ask(nth % 2 ? '/ca/verify' : '/eu/verify/file')).toBe(0);
  expect([ask(), ask('/es/verify/file'), ask('/en/verify/eni')]).toEqual([10, 10, 10]);
  expect(ask('/ca/verify', '192.0.2.2')).toBe(0);
  expect(limits.take({ method: 'GET', path: '/ca/verify' }, '192.0.2.1')).toBe(0);
});

test('one address can fetch and put for programs as often as those who sign need, whatever the method', () => {
  const limits = createLimits(handClock('2026-11-30T08:00:00+01:00'));
  const ask = (method: string, path: string, address = '192.0.2.1') =>
    limits.take({ method, path }, address);
  for (let nth = 0; nth < 60; nth++)
    expect(ask(nth % 2 ? 'POST' : 'GET', '/signature/program/storage')).toBe(0);
  expect(ask('GET', '/signature/program/retrieve')).toBe(1);
  expect(ask('POST', '/signature/program/retrieve', '192.0.2.2')).toBe(0);
  expect(ask('GET', '/ca/signature/program')).toBe(0);
});

test('one address puts a few entries on the wait list, for any people', () => {
  const limits = createLimits(handClock('2026-11-30T08:00:00+01:00'));
  const post = (path: string) => limits.take({ method: 'POST', path }, '192.0.2.1');
  const join = () => post('/ca/oac/volant-padro/waiting');
  expect(Array.from({ length: 10 }, join).every((wait) => wait === 0)).toBe(true);
  expect(join()).toBe(300);
  // Existing entries can still be answered and left.
  expect(post('/ca/waiting/secret')).toBe(0);
  expect(post('/ca/waiting/secret/leave')).toBe(0);
});

test('the sign-in through the town’s provider is limited, though it is only read', () => {
  const limits = createLimits(handClock('2026-11-30T08:00:00+01:00'));
  const get = (path: string) => limits.take({ method: 'GET', path }, '192.0.2.1');
  expect(Array.from({ length: 60 }, () => get('/staff/sso')).every((wait) => wait === 0)).toBe(
    true,
  );
  expect(get('/staff/sso')).toBe(2);
  expect(get('/staff/sign-in')).toBe(0);
});

test('a client that searches free times without a pause must wait; other pages and other clients don’t', () => {
  const limits = createLimits(handClock('2026-11-30T08:00:00+01:00'));
  const get = (path: string, address = '192.0.2.1') =>
    limits.take({ method: 'GET', path }, address);
  const times = '/ca/oac/volant-padro/times';
  for (let nth = 0; nth < 120; nth++) expect(get(times)).toBe(0);
  for (const path of [times, '/ca/oac/booking/x/time', '/ca/appointment/x/change'])
    expect(get(path)).toBe(1);
  expect(get('/ca/oac/volant-padro')).toBe(0);
  expect(get(times, '192.0.2.2')).toBe(0);
  expect(limits.take({ method: 'POST', path: times }, '192.0.2.1')).toBe(0);
});

test('an undeclared proxy gives one warning', async () => {
  const told: string[] = [];
  const log = { warn: (words: string) => told.push(words) };
  const ask = async (proxies: number, headers: Record<string, string>) => {
    const app = new Hono().use(undeclaredProxy(proxies, log)).get('/', (c) => c.text('here'));
    for (let nth = 0; nth < 2; nth++)
      expect(await (await app.request('/', { headers })).text()).toBe('here');
  };
  await ask(0, {});
  await ask(1, { 'X-Forwarded-For': '192.0.2.1' });
  expect(told).toEqual([]);
  await ask(0, { 'X-Forwarded-For': '192.0.2.1' });
  expect(told).toHaveLength(1);
});

test('a sender is the same all day, another one tomorrow, and the same within its network', async () => {
  const clock = handClock('2026-11-30T08:00:00Z');
  const senderOf = senders(installationKey(Buffer.alloc(32, 7)), clock, 1);
  const app = new Hono().get('/', (c) => c.text(senderOf(c).toString('hex')));
  const from = async (address: string) =>
    (await app.request('/', { headers: { 'X-Forwarded-For': address } })).text();
  const home = await from('2001:db8:1:2::3');
  expect(home).toMatch(/^[0-9a-f]{48}$/);
  expect(await from('2001:db8:1:2:ffff::9')).toBe(home);
  expect(await from('2001:db8:1:3::3')).not.toBe(home);
  clock.set('2026-11-30T23:59:59Z');
  expect(await from('2001:db8:1:2::3')).toBe(home);
  clock.advance({ seconds: 1 });
  expect(await from('2001:db8:1:2::3')).not.toBe(home);
});

test('the client is the address that our own proxies saw, not a claimed one', async () => {
  const app = new Hono();
  app.get('/:proxies', (c) => c.text(clientAddress(c, Number(c.req.param('proxies')))));
  const headers = { 'X-Forwarded-For': '6.6.6.6, 192.0.2.1, 10.0.0.2' };
  const seen = async (proxies: number) => (await app.request(`/${proxies}`, { headers })).text();
  expect(await seen(0)).toBe('unknown');
  expect(await seen(1)).toBe('10.0.0.2');
  expect(await seen(2)).toBe('192.0.2.1');
});

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2::'],
  ['2001:db8::1', '2001:db8:0:0::'],
  ['::1', '0:0:0:0::'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::'],
  ['fe80::1%eth0', 'fe80:0:0:0::'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['192.0.2.1', '192.0.2.1'],
])('a client at %s counts as %s', async (address, expected) => {
  const app = new Hono().get('/', (c) => c.text(clientAddress(c, 1)));
  const answer = await app.request('/', { headers: { 'X-Forwarded-For': address } });
  expect(await answer.text()).toBe(expected);
});

test('a form is read completely, and a long or foreign one refused', async () => {
  const app = new Hono().post('/', async (c) => {
    try {
      const form = await readForm(c);
      return c.json([form.text('a'), form.all('b'), form.has('c')]);
    } catch (error) {
      if (error instanceof FormError) return c.text('', error.status);
      throw error;
    }
  });
  const send = (body: string, type = 'application/x-www-form-urlencoded') =>
    app.request('/', { method: 'POST', body, headers: { 'Content-Type': type } });
  expect(await (await send('a=%C3%A7+1&b=1&b=2')).json()).toEqual(['ç 1', ['1', '2'], false]);
  expect(await (await send('a=x%00y&b=%00&b=%0%000')).json()).toEqual(['xy', ['', '%00'], false]);
  expect((await send(`a=${'x'.repeat(70_000)}`)).status).toBe(413);
  expect((await send('{}', 'application/json')).status).toBe(415);
});

test('the same page in another language', () => {
  expect(samePage(new URL('http://x/ca/oac/p/times?channel=phone'), 'eu')).toBe(
    '/eu/oac/p/times?channel=phone',
  );
  expect(samePage(new URL('http://x/nothing'), 'eu')).toBe('/eu');
});
