import { Hono, type Context as Request } from 'hono';
import { beforeEach, describe, expect, test } from 'vitest';
import { translateTo } from '../../lib/i18n/translate.ts';
import { openAssets } from '../assets.ts';
import { shutTown } from '../operation/shut.ts';
import { mount, open } from '../routes.ts';
import { demoBar, lifeCookies } from './bar.tsx';
import { OUTPUT } from './it/pages.tsx';
import { streamed } from './it/streamed.ts';
import type { SendTools } from './send.tsx';
import { toolRoutes } from './tools.ts';
import type { AgainRefusal, Trial, Trials } from './types.ts';

let done: string[];
let refusal: AgainRefusal | null;
let token: string;
let app: Hono;

const trials = (): Trials => ({
  start: (what) => {
    done.push(what);
    return what !== 'drill';
  },
  last: () => null,
  hasBackup: () => false,
  async *follow() {
    yield 'one <b>\n';
    yield 'two\n';
  },
  mail: { isFailing: () => false, fail: (isFailing) => void done.push(`mail ${isFailing}`) },
});

const again = () => ({
  seconds: () => 7,
  refusal: async () => refusal,
  begin: async () => {
    if (!refusal) done.push('again');
    return refusal;
  },
  life: () => 'new',
  endOf: (life: string) => (life === 'old' ? Temporal.Instant.from('2026-12-01T10:05:00Z') : null),
});

const send: SendTools = {
  again: async (c, on) => {
    token = on.token;
    return c.text(`again ${on.refusal ?? 'asked'}`);
  },
  it: async (c, on) => {
    token = on.token;
    return c.text(`it ${on.refused ?? ''}`);
  },
  run: async (c) => c.text('run'),
  elsewhere: async (c) => c.text('elsewhere', 403),
};

beforeEach(async () => {
  done = [];
  refusal = null;
  token = '';
  app = new Hono();
  const tools = { phone: null, again: again(), trials: trials() };
  const config = { trustedProxies: 0, baseUrl: 'http://localhost:3000' };
  mount(app, toolRoutes({ tools, config, send }), { of: { demo: open } });
  await ask('/demo/it');
});

const ask = (path: string, fields?: Record<string, string>, from = '127.0.0.1') =>
  app.request(
    `http://localhost:3000${path}`,
    {
      headers: {
        Host: 'localhost:3000',
        ...(fields && { 'Content-Type': 'application/x-www-form-urlencoded' }),
      },
      ...(fields && { method: 'POST', body: new URLSearchParams(fields) }),
    },
    { incoming: { socket: { remoteAddress: from, remotePort: 1, remoteFamily: 'IPv4' } } },
  );

/** Everything that runs or removes something. */
const DEEDS: [string, Record<string, string>][] = [
  ['/demo/again', {}],
  ['/demo/it/run', { what: 'doctor' }],
  ['/demo/it/mail', { fails: 'yes' }],
];

describe('what runs or removes something in a demo', () => {
  test.each(DEEDS)('is done for a form of this machine: %s', async (path, fields) => {
    expect((await ask(path, { ...fields, token })).status).toBe(303);
    expect(done).toHaveLength(1);
  });

  test.each(DEEDS)(
    'is not done for another machine, nor without the form: %s',
    async (path, fields) => {
      for (const [given, from] of [
        [{ ...fields, token }, '192.168.1.33'],
        [fields, '127.0.0.1'],
        [{ ...fields, token: `${token}x` }, '127.0.0.1'],
      ] as const)
        expect((await ask(path, given, from)).status).toBe(403);
      expect(done).toEqual([]);
    },
  );

  test.each(['/demo/again', '/demo/it', '/demo/it/run'])(
    'shows %s to this machine alone',
    async (path) => {
      expect((await ask(path, undefined, '192.168.1.33')).status).toBe(403);
      expect((await ask(path)).status).not.toBe(403);
    },
  );

  test('says why it is not begun', async () => {
    refusal = 'other';
    expect(await (await ask('/demo/again')).text()).toBe('again other');
    expect(await (await ask('/demo/again', { token })).text()).toBe('again other');
    const drill = await ask('/demo/it/run', { what: 'drill' satisfies Trial, token });
    expect(drill.headers.get('Location')).toBe('/demo/it?refused=drill');
    expect((await ask('/demo/it/run', { what: 'restore', token })).status).toBe(404);
    expect(done).toEqual(['drill']);
  });
});

test('a page goes on with what a command prints, which is text', async () => {
  const page = new Response(`<main><pre>${OUTPUT}</pre></main>`, { headers: { 'X-A': 'b' } });
  const whole = await streamed(page, translateTo('en'), {
    ...trials(),
    last: () => ({
      what: 'doctor',
      command: 'finestreta doctor',
      startedAt: Temporal.Instant.from('2026-12-01T10:05:00Z'),
      ended: { code: 1, seconds: 2.5 },
      output: '',
    }),
  });
  expect(whole.headers.get('X-A')).toBe('b');
  const html = await whole.text();
  expect(html).toContain('<main><pre>one &lt;b&gt;\ntwo\n');
  expect(html).toContain('Ended after 2.5 s with exit code 1.');
  expect(html.endsWith('</pre></main>')).toBe(true);
});

test('while the demo begins again, pages say so and come back by themselves', async () => {
  const meanwhile = shutTown(openAssets('/nowhere'), { why: 'again', seconds: () => 7 });
  const page = await meanwhile.request('/console/oac', { headers: { 'Accept-Language': 'en' } });
  expect(page.status).toBe(503);
  expect(page.headers.get('Refresh')).toBe('2');
  expect(page.headers.get('Retry-After')).toBe('2');
  expect(await page.text()).toContain('It takes about 7 seconds.');
  const form = await meanwhile.request('/ca/oac', { method: 'POST' });
  expect(form.headers.get('Refresh')).toBe('2; url=/');
  expect((await meanwhile.request('/readyz')).status).toBe(503);
  const problem = await meanwhile.request('/api/v1/offices');
  expect(problem.headers.get('Content-Type')).toContain('application/problem+json');
});

describe('the bar of a demo', () => {
  const bar = async (life: string, hasLink = true) => {
    const page = new Hono().use(
      demoBar({ baseUrl: 'http://localhost:3000', again: again(), hasLink }),
    );
    page.get('/', (c: Request) => c.text(String(c.get('demoBar' as never) !== undefined)));
    return page.request('/', {
      headers: { Cookie: `demo-life=${life}`, 'Sec-Fetch-Dest': 'document' },
    });
  };

  test('tells a telephone once that the demo has begun again', async () => {
    expect((await bar('old', false)).headers.getSetCookie()).toEqual(
      lifeCookies(again(), 'http://localhost:3000'),
    );
    for (const life of ['new', 'unknown', ''])
      expect((await bar(life, false)).headers.getSetCookie()).toEqual([]);
    expect((await bar('old')).headers.getSetCookie()).toEqual([]);
  });
});
