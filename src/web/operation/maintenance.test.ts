import { globSync, readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOffices, type Offices } from '../../features/foundation/offices/service.ts';
import { testOffice } from '../../features/foundation/offices/testing.ts';
import { handClock } from '../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../lib/db/testing.ts';
import { openAssets } from '../assets.ts';
import { faultsOf } from '../citizen/testing.ts';
import { readForm } from '../form.ts';
import { townMemory } from './known-town.ts';
import { maintenance } from './maintenance.ts';
import { shutTown } from './shut.ts';
import { keptForm, SECRET_FIELDS, unavailable } from './unavailable.tsx';

const assets = openAssets('/nowhere');
const clock = handClock('2026-11-30T22:00:00+01:00');
const OPENS = '2026-12-01T08:30:00+01:00';
let database: TestDatabase;
let real: Offices;

beforeAll(async () => {
  database = await testDatabase();
  await testOffice(database.kysely, {
    settings: {
      contact: { phone: '+34 930 100 010' },
      walkIn: [{ address: 'Plaça Major, 1', hours: { ca: 'De 9 a 14 h' } }],
    },
  });
  real = createOffices(database.kysely);
});
afterAll(() => database.close());

function doors(until: string | null, from: Offices = real) {
  const { remember, latest } = townMemory();
  const offices = remember(from);
  const config = { closed: { until: until === null ? null : Temporal.Instant.from(until) } };
  const app = new Hono().use(maintenance({ config, clock, offices, assets, latest }));
  app.all('*', (c) => c.text('open'));
  return { app, offices, latest };
}

test('maintenance shows its end, in the town’s time zone, and other contacts', async () => {
  const page = await doors(OPENS).app.request('/ca/oac/volant-padro');
  const html = await page.text();
  expect(page.status).toBe(503);
  expect(page.headers.get('Retry-After')).toBe(String(10.5 * 3600));
  expect(html).toContain('dimarts, 1 de desembre');
  expect(html).toContain('8:30');
  expect(html).toContain('tel:+34930100010');
  expect(html).toContain('Plaça Major, 1');
  expect(html).not.toMatch(/manteniment/i);
  expect(await faultsOf(html)).toEqual([]);
});

test('maintenance without a known end shows no hour', async () => {
  const page = await doors(null).app.request('/es');
  expect(page.status).toBe(503);
  expect(Number(page.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(await page.text()).toContain('Todavía no sabemos');
});

test('the pages about the site stay readable, and no booking page', async () => {
  const { app } = doors(OPENS);
  const open = async (path: string) => (await (await app.request(path)).text()) === 'open';
  for (const path of ['/ca/privacy', '/eu/help', '/en/offline'])
    expect(await open(path)).toBe(true);
  for (const path of ['/', '/ca', '/ca/help/times', '/xx/privacy', '/embed/ca/oac/x.json'])
    expect(await open(path), path).toBe(false);
  expect((await app.request('/ca/oac/x/times', { method: 'POST' })).status).toBe(503);
});

test('maintenance ends by itself at the hour', async () => {
  const { app } = doors(OPENS);
  clock.set('2026-12-01T08:29:59+01:00');
  expect((await app.request('/ca')).status).toBe(503);
  clock.set(OPENS);
  expect(await (await app.request('/ca')).text()).toBe('open');
  clock.set('2026-11-30T22:00:00+01:00');
});

test('without a database the pages still show the last known telephones', async () => {
  let isAway = false;
  const away = async () => Promise.reject(new Error('away'));
  const sometimes: Offices = {
    ...real,
    town: () => (isAway ? away() : real.town()),
    list: () => (isAway ? away() : real.list()),
  };
  const { app, offices, latest } = doors(OPENS, sometimes);
  const elsewhere = new Hono().all('*', (c) => unavailable(c, assets, latest()));
  isAway = true;
  expect(await (await app.request('/ca')).text()).not.toContain('tel:');
  expect(await (await elsewhere.request('/ca')).text()).not.toContain('tel:');
  isAway = false;
  await Promise.all([offices.town(), offices.list()]);
  isAway = true;
  for (const each of [app, elsewhere]) {
    const html = await (await each.request('/eu/oac')).text();
    expect(html).toContain('lang="eu"');
    expect(html).toContain('tel:+34930100010');
    expect(await faultsOf(html)).toEqual([]);
  }
});

test('without a database, staff are told what they can do, and aren’t sent to citizens’ pages', async () => {
  const { offices, latest } = doors(OPENS, real);
  await Promise.all([offices.town(), offices.list()]);
  const app = new Hono().all('*', (c) => unavailable(c, assets, latest()));
  for (const path of ['/console', '/console/oac/next?from=bar', '/staff/keys']) {
    const answer = await app.request(path, { headers: { 'Accept-Language': 'es' } });
    const html = await answer.text();
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '30']);
    expect(html).toContain('El servicio no responde');
    expect([...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      '#main',
      '/console',
      path,
    ]);
    expect(await faultsOf(html)).toEqual([]);
  }
  expect(await (await app.request('/consoles')).text()).toContain('tel:');
});

test('what was sent meanwhile stays on the page, and is sent again from there', async () => {
  const app = new Hono().post('/:first/:how', async (c) => {
    if (c.req.param('how') === 'read') await readForm(c);
    return unavailable(c, assets, null, await keptForm(c, 'http://localhost'));
  });
  const sent = async (path: string, fields: string, headers: Record<string, string> = {}) => {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const answer = await app.request(path, {
      method: 'POST',
      body: fields,
      headers: { ...type, ...headers },
    });
    expect(answer.status).toBe(503);
    return answer.text();
  };
  for (const how of ['read', 'unread']) {
    const html = await sent(`/ca/${how}?step=2`, 'name=Rosa&needs=a%22%3Cb&needs=c');
    expect(html).toContain(`<form method="post" action="/ca/${how}?step=2"`);
    expect(html).toContain('<input type="hidden" name="name" value="Rosa"');
    expect(html).toMatch(/name="needs" value="a&quot;(<|&lt;)b".*name="needs" value="c"/s);
  }
  expect(await faultsOf(await sent('/ca/unread', 'name=Rosa'))).toEqual([]);
  const maybe = 'Potser ja està fet';
  expect(await sent('/ca/unread', 'name=Rosa')).toContain(maybe);
  const lost = 'Potser no ha arribat';
  expect(await sent('/ca/unread', 'name=Rosa')).not.toContain(lost);
  for (const secret of ['password=x', 'name=Rosa&code=123456']) {
    const html = await sent('/ca/unread', secret);
    expect(html).not.toContain('<form');
    expect(html).toContain(lost);
  }
  expect(await sent('/console/unread', 'notes=x')).toContain('name="notes" value="x"');
  // Names that only look like those of a secret.
  for (const name of ['opinion', 'answers.home.postalCode', 'mapping'])
    expect(await sent('/ca/unread', `${name}=x`), name).toContain(`name="${name}"`);
  const foreign = { 'Sec-Fetch-Site': 'cross-site' };
  expect(await sent('/ca/unread', 'name=Rosa', foreign)).not.toContain('<form');
  const file = { 'Content-Type': 'multipart/form-data; boundary=x' };
  expect(await sent('/ca/unread', '--x--', file)).not.toContain('<form');
});

test('while a town is being opened, a file of another version is not there, so that a proxy asks another machine', async () => {
  const app = shutTown(assets, { why: 'opening' });
  expect((await app.request('/ca')).status).toBe(503);
  expect((await app.request('/assets/citizen-other.css')).status).toBe(404);
});

test('without a database, a file that comes in parts is not begun anew', async () => {
  const app = new Hono().all('*', (c) => unavailable(c, assets, null));
  const asked = await app.request('/ca/x/upload/1', {
    method: 'HEAD',
    headers: { 'Tus-Resumable': '1.0.0' },
  });
  expect([asked.status, asked.headers.get('Retry-After')]).toEqual([423, '30']);
  expect((await app.request('/ca/x', { method: 'HEAD' })).status).toBe(503);
});

test('every field for a password, or for a code that counts once, is one that no page keeps', () => {
  const fields = globSync('src/**/*.tsx').flatMap((path) => [
    ...readFileSync(path, 'utf8').matchAll(
      /(?<=\s)(?:type="password"|autocomplete="(?:one-time-code|new-password|current-password)")/g,
    ),
  ]);
  const names = fields.map(({ input, index }) => {
    const element = input.slice(input.lastIndexOf('<', index));
    return /\sname="([^"]+)"/.exec(element)?.[1];
  });
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !SECRET_FIELDS.has(name ?? ''))).toEqual([]);
});
