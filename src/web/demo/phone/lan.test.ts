import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wireUnder } from '../../../context.ts';
import { DEMO_TOWN } from '../../../paths.ts';
import { createApp, createLanApp } from '../../app.ts';
import { policyOf } from '../../routes.ts';
import { type Instance, openInstance } from '../../testing/instance.ts';
import { NO_TOOLS } from '../types.ts';

const LAN = { address: '192.168.1.20', port: 3443, url: 'https://192.168.1.20:3443' };
const SECRET = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6';

let instance: Instance;
let there: ReturnType<typeof wireUnder>;
let app: Hono;
beforeAll(async () => {
  const text = readFileSync(DEMO_TOWN, 'utf8');
  instance = await openInstance(text, '2026-12-01T10:05:00+01:00');
  const { context } = instance;
  there = wireUnder(LAN.url, { ...context, config: { ...context.config, lan: LAN } });
  app = createLanApp(there, { publicDir: '/nowhere', door: { secret: SECRET }, again: null });
});
afterAll(async () => {
  await there.close();
  await instance.close();
});

const ask = (path: string, init: RequestInit = {}) =>
  app.request(
    LAN.url + path,
    {
      ...init,
      headers: {
        Host: '192.168.1.20:3443',
        Cookie: `__Host-demo-phone=${SECRET}`,
        ...init.headers,
      },
    },
    {
      incoming: {
        rawHeaders: [],
        socket: { remoteAddress: '192.168.1.33', remotePort: 1, remoteFamily: 'IPv4' },
      },
    },
  );

describe('what a demo serves to the own network', () => {
  test('is for citizens: no route of staff, of the demo, of tokens or of a hub is in it', async () => {
    const policies = (of: Hono) => new Set(of.routes.map(({ handler }) => policyOf(handler)));
    const ofStaff = ['signed-in', 'operator', 'member', 'desk', 'attends', 'coordinator'] as const;
    const here = policies(app);
    const whole = policies(createApp(instance.context, { publicDir: '/nowhere', tools: NO_TOOLS }));
    for (const each of [...ofStaff, 'administrator', 'demo', 'hub'] as const) {
      expect(whole, each).toContain(each);
      expect(here, each).not.toContain(each);
    }
    for (const each of ['token', 'key', 'feed'] as const) expect(here, each).not.toContain(each);
    const paths = app.routes.map(({ path }) => path);
    expect(
      paths.filter((each) => /^\/(api|console|staff|demo|metrics|open311)/.test(each)),
    ).toEqual([]);
    for (const path of ['/console/oac', '/staff/sign-in', '/demo', '/demo/access.json', '/metrics'])
      expect((await ask(path)).status, path).toBe(404);
  });

  test('has its own address in links and cookies, and its own limits', async () => {
    const page = await ask('/ca/oac');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain(`<link rel="canonical" href="${LAN.url}/ca/oac"`);
    const begun = await ask('/ca/identify', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ provider: 'demo' }),
    });
    expect(begun.status).toBe(303);
    expect(begun.headers.getSetCookie().join()).toMatch(/__Host-[^,]*; Secure/);
    const answers = await Promise.all(
      Array.from({ length: 70 }, () => ask('/ca/lost-link', { method: 'POST' })),
    );
    expect(answers.some(({ status }) => status === 429)).toBe(true);
  });

  test('answers to no other name', async () => {
    expect((await ask('/ca', { headers: { Host: 'vilaclara.example' } })).status).toBe(400);
  });

  test('leaves the town open when it is closed', async () => {
    const other = wireUnder('https://192.168.1.21:3443', instance.context);
    await other.close();
    expect(await instance.context.offices.list()).not.toEqual([]);
    expect(other.room).toBe(instance.context.room);
  });
});
