import { spawnSync } from 'node:child_process';
import { Hono } from 'hono';
import { renderToString } from 'preact-render-to-string';
import { beforeEach, describe, expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { openAssets } from '../../assets.ts';
import { phoneDoor, phonePath } from './door.tsx';
import { PhoneSection } from './section.tsx';

const BASE = 'https://192.168.1.20:3443';
const SECRET = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6';
const COOKIE = `__Host-demo-phone=${SECRET}`;

let refused: string[];
let app: Hono;
beforeEach(() => {
  refused = [];
  app = new Hono();
  app.use(
    phoneDoor({
      baseUrl: BASE,
      secret: SECRET,
      assets: openAssets('/nowhere'),
      clock: handClock('2026-12-01T11:00:00Z'),
      cookies: () => ['__Host-demo-life=one'],
      onRefused: (c) => void refused.push(c.req.path),
    }),
  );
  app.all('*', (c) => c.text('a page'));
});

/** Asks as a browser at an address. */
const ask = (path: string, cookie = '', from = '192.168.1.33') =>
  app.request(
    BASE + path,
    { headers: { Cookie: cookie, 'Accept-Language': 'en' } },
    { incoming: { socket: { remoteAddress: from, remotePort: 1, remoteFamily: 'IPv4' } } },
  );

describe('the door of a demo in the own network', () => {
  test('opens by the code, which gives a cookie for this host alone', async () => {
    const come = await ask(phonePath(SECRET));
    expect(come.status).toBe(303);
    expect(come.headers.get('Location')).toBe('/');
    const [held, life] = come.headers.getSetCookie();
    expect(held).toMatch(
      /^__Host-demo-phone=.{32}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(life).toBe('__Host-demo-life=one');
    expect(await (await ask('/ca', COOKIE)).text()).toBe('a page');
    expect(refused).toEqual([]);
  });

  test.each([
    ['/', ''],
    ['/ca', '__Host-demo-phone=zzB2c3D4e5F6g7H8i9J0k1L2m3N4o5P6'],
    ['/ca', `demo-phone=${SECRET}`],
    [phonePath('zzB2c3D4e5F6g7H8i9J0k1L2m3N4o5P6'), ''],
    [`${phonePath(SECRET)}/more`, ''],
    ['/ca/offline/more', ''],
  ])('refuses whoever has it not: %s %s', async (path, cookie) => {
    const answer = await ask(path, cookie);
    expect(answer.status).toBe(403);
    const html = await answer.text();
    expect(html).toContain('The code is missing');
    expect(html).not.toContain(SECRET);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(refused).toHaveLength(1);
  });

  test('has no page and no line in the log for whoever comes too often without it', async () => {
    for (let nth = 0; nth < 30; nth++) await ask('/');
    const answer = await ask('/');
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([429, '3']);
    expect(refused).toHaveLength(30);
    expect((await ask('/ca', COOKIE)).status).toBe(200);
    expect((await ask('/', '', '192.168.1.34')).status).toBe(403);
  });

  test.each(['/sw.js', '/ca/offline', '/icon.svg'])(
    'lets in for %s, which browsers fetch without cookies',
    async (path) => expect((await ask(path)).status).toBe(200),
  );

  test.each(['8.8.8.8', '2001:db8::1', ''])(
    'refuses %s, which is not of the network',
    async (from) => {
      expect((await ask(phonePath(SECRET), COOKIE, from)).status).toBe(403);
    },
  );
});

/** Returns what a camera reads on a page: by zbarimg, from a picture of its code. */
function readCode(html: string): string {
  const size = Number(/viewBox="0 0 (\d+) \d+"/.exec(html)?.[1]);
  const dark = new Set([...html.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x} ${y}`));
  const scale = 6;
  const side = size * scale;
  const pixels = Buffer.alloc(side * side, 255);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      if (dark.has(`${Math.floor(x / scale)} ${Math.floor(y / scale)}`)) pixels[y * side + x] = 0;
  const picture = Buffer.concat([Buffer.from(`P5 ${side} ${side} 255\n`), pixels]);
  const { stdout, stderr } = spawnSync('zbarimg', ['--quiet', '--raw', 'pgm:-'], {
    input: picture,
    encoding: 'utf8',
  });
  return stdout.trim() || stderr;
}

test('the code on the page leads to the address that is written beside it', () => {
  const link = BASE + phonePath(SECRET);
  const phone = { link, fingerprint: 'AA:BB', isThere: () => false };
  const html = renderToString(PhoneSection({ t: translateTo('en'), phone }));
  expect(readCode(html)).toBe(link);
  expect(html).toContain(`<p class="csv">${link}</p>`);
  expect(html).toContain('aria-label="QR code of the address');
  expect(html).toContain('AA:BB');
  expect(html).toContain('in another network now');
});
