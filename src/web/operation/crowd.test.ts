import type pg from 'pg';
import { describe, expect, it, test } from 'vitest';
import { atMost } from '../../lib/db/reading/few.ts';
import type { Door } from '../../lib/http/recognised.ts';
import { PUBLIC } from '../../paths.ts';
import { openAssets } from '../assets.ts';
import { faultsOf } from '../citizen/testing.ts';
import { keepQuick } from './crowd.ts';

test('what comes to a process that answers nothing is refused early: figures, then pages, last what was begun', async () => {
  const waiting: (() => void)[] = [];
  const fetch = () =>
    new Promise<Response>((resolve) => waiting.push(() => resolve(new Response('done'))));
  const quick = keepQuick(fetch, openAssets(PUBLIC), { trustedProxies: 1 });
  let asked = 0;
  /** Each from an address of its own. */
  const ask = async (path: string, { headers, ...init }: RequestInit = {}) => {
    const from = { 'X-Forwarded-For': `10.0.${asked >> 8}.${asked++ & 255}` };
    const request = new Request(`http://localhost${path}`, {
      ...init,
      headers: { ...headers, ...from },
    });
    return quick(request, {});
  };
  const taken = Array.from({ length: 1_000 }, () => ask('/ca/oac'));
  const isRefused = (answer: Response) => answer.status === 503;
  await new Promise(setImmediate);
  const refused = await Promise.all(taken.slice(waiting.length));
  expect(waiting.length).toBeGreaterThan(100);
  expect(refused.length).toBeGreaterThan(100);
  expect(refused.every(isRefused)).toBe(true);

  const page = await ask('/ca/oac', { headers: { 'Accept-Language': 'ca' } });
  expect(Number(page.headers.get('Retry-After'))).toBeGreaterThanOrEqual(2);
  expect(await page.text()).toContain('Ara hi ha massa gent alhora');
  const file = await ask('/api/v1/offices/oac/open-data.csv');
  expect(file.headers.get('Content-Type')).toContain('application/problem+json');
  const ready = ask('/readyz');
  await new Promise(setImmediate);
  waiting.at(-1)?.();
  expect(await (await ready).text()).toBe('done');

  const before = waiting.length;
  const booking = ask('/ca/oac/booking/x/check', { method: 'POST' });
  await new Promise(setImmediate);
  expect(waiting.length).toBe(before + 1);
  for (const answer of waiting) answer();
  expect((await booking).status).toBe(200);
  await Promise.all(taken);
  // So long has it been in one turn of its loop.
  await new Promise(setImmediate);
  const next = ask('/console/oac/figures');
  await new Promise(setImmediate);
  waiting.at(-1)?.();
  expect((await next).status).toBe(200);
});

test('a page that refuses leads to what was asked for, in its language, as often as it is asked for', async () => {
  const never = () => new Promise<Response>(() => {});
  const quick = keepQuick(never, openAssets(PUBLIC), { trustedProxies: 1 });
  let asked = 0;
  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const from = { 'X-Forwarded-For': `10.0.${asked >> 8}.${asked++ & 255}` };
    const init = { method, headers: { 'Accept-Language': 'ca', ...headers, ...from } };
    return quick(new Request(`http://localhost${path}`, init), {});
  };
  for (let each = 0; each < 1_000; each++) void ask('/ca/oac');
  await new Promise(setImmediate);
  const refused = async (...how: Parameters<typeof ask>) => {
    const answer = await ask(...how);
    const after = Number(answer.headers.get('Retry-After'));
    expect([answer.status, 2 <= after && after <= 7]).toEqual([503, true]);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    return answer.text();
  };
  const page = await refused('/ca/oac?a=1&b=%22');
  expect(page).toContain('Ara hi ha massa gent alhora');
  expect(page).toContain('<a href="/ca/oac?a=1&amp;b=%22">');
  expect(await faultsOf(page)).toEqual([]);
  for (let each = 0; each < 30; each++)
    expect(await refused(`/ca/oac/${each}`)).toBe(page.replace('oac?a=1&amp;b=%22', `oac/${each}`));
  expect(await refused('/ca/"><script>')).toContain('<a href="/ca/%22%3E%3Cscript%3E">');
  expect(await refused('//elsewhere.example/')).toContain('<a href="/">');
  expect(await refused('/open-data/oac/figures.csv')).toContain('Ara hi ha massa gent alhora');
  expect(await refused('/eu/oac')).toContain('Jende gehiegi');
  expect(await refused('/x', { 'Accept-Language': 'es' })).toContain('demasiada gente');
  const ofStaff = await refused('/console/oac', { 'Accept-Language': 'es' });
  expect(ofStaff).toContain('<a class="owner" href="/console"');
  expect(ofStaff).toContain('demasiada gente');
  // Not pages.
  const head = await ask('/ca/oac', {}, 'HEAD');
  expect(head.status).toBe(503);
  const problem = await ask('/api/v1/offices');
  expect(problem.headers.get('Content-Type')).toContain('application/problem+json');
});

test('what one request reads is read before the next begins to', async () => {
  const connect = atMost(1, async () => ({ release() {} }) as unknown as pg.PoolClient);
  const order: string[] = [];
  const fetch = async ({ url }: Request) => {
    for (let times = 0; times < 3; times++) {
      (await connect()).release();
      order.push(new URL(url).hostname);
    }
    return new Response('done');
  };
  const quick = keepQuick(fetch, openAssets(PUBLIC), { trustedProxies: 0 });
  await Promise.all(['a', 'b'].map((town) => quick(new Request(`http://${town}/x.csv`), {})));
  expect(order.join('')).toBe('aaabbb');
});

test('who waits aside keeps nobody out', async () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let there = 0;
  const fetch = async (_request: Request, bindings: unknown) => {
    there++;
    await (bindings as Door).aside?.(opened);
    return new Response('done');
  };
  const quick = keepQuick(fetch, openAssets(PUBLIC), { trustedProxies: 1 });
  const ask = (from: number) =>
    quick(
      new Request('http://localhost/ca/oac', {
        headers: { 'X-Forwarded-For': `10.0.${from >> 8}.${from & 255}` },
      }),
      {},
    );
  const taken: Promise<Response>[] = [];
  for (let from = 0; from < 1_000; from++) {
    taken.push(Promise.resolve(ask(from)));
    if (from % 20 === 0) await new Promise(setImmediate);
  }
  await new Promise(setImmediate);
  expect(there).toBe(1_000);
  open();
  const answers = await Promise.all(taken);
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});

describe('who holds many requests', () => {
  /** A town in which every request waits until it is let go; a session with this cookie is that of an agent. */
  function slowTown(trustedProxies = 1) {
    const waiting: { from: string; done: () => void }[] = [];
    const fetch = (request: Request, bindings: unknown) => {
      const session = /session_token=(\w+)/.exec(request.headers.get('Cookie') ?? '')?.[1];
      const account = session && { nuria1: 'nuria', nuria2: 'nuria', pere1: 'pere' }[session];
      if (account) (bindings as Door).recognise?.(account);
      const from = session ?? request.headers.get('X-Forwarded-For') ?? '';
      return new Promise<Response>((resolve) =>
        waiting.push({ from, done: () => resolve(new Response('done')) }),
      );
    };
    const quick = keepQuick(fetch, openAssets(PUBLIC), { trustedProxies });
    const ask = (times: number, headers: Record<string, string>, path = '/ca/oac') => {
      for (let n = 0; n < times; n++)
        void quick(new Request(`http://localhost${path}`, { headers }), {});
      return new Promise(setImmediate);
    };
    const under = (from: string) => waiting.filter((each) => each.from === from).length;
    const letGo = async () => {
      for (const { done } of waiting.splice(0)) done();
      // What waits begins in the turn after.
      for (let n = 0; n < 3; n++) await new Promise(setImmediate);
    };
    return { ask, under, letGo, all: () => waiting.length };
  }
  const from = (address: string) => ({ 'X-Forwarded-For': address });
  const agent = (session: string) => ({
    ...from('192.0.2.1'),
    Cookie: `finestreta.session_token=${session}`,
  });

  it('at one address has a dozen under way, whatever they wrote before the proxy’s word', async () => {
    const town = slowTown();
    for (let n = 0; n < 40; n++) await town.ask(1, from(`10.0.0.${n}, 192.0.2.1`));
    expect(town.all()).toBe(8);
    await town.ask(40, from('192.0.2.2'));
    expect(town.under('192.0.2.2')).toBe(8);
  });

  it('in one network of IPv6, likewise', async () => {
    const town = slowTown();
    for (let n = 0; n < 40; n++) await town.ask(1, from(`2001:db8:1:2::${n.toString(16)}`));
    expect(town.all()).toBe(8);
    await town.ask(1, from('2001:db8:1:3::1'));
    expect(town.all()).toBe(9);
  });

  it('without a trusted proxy, is known by the connection alone', async () => {
    const town = slowTown(0);
    for (let n = 0; n < 40; n++) await town.ask(1, from(`10.0.0.${n}`));
    expect(town.all()).toBe(8);
  });

  it('as an agent, has a share of their own once the session was seen to be valid', async () => {
    const town = slowTown();
    await town.ask(1, agent('nuria1'));
    await town.ask(1, agent('pere1'));
    await town.letGo();
    await town.ask(40, from('192.0.2.1'));
    await town.ask(40, agent('nuria1'));
    await town.ask(3, agent('pere1'));
    expect([town.under('192.0.2.1'), town.under('nuria1'), town.under('pere1')]).toEqual([
      ...[8, 8, 3],
    ]);
  });

  it('gets no more by two sessions, nor by a cookie that was made up', async () => {
    const town = slowTown();
    await town.ask(1, agent('nuria1'));
    await town.ask(1, agent('nuria2'));
    await town.letGo();
    await town.ask(20, agent('nuria1'));
    await town.ask(20, agent('nuria2'));
    expect(town.all()).toBe(8);
    for (let n = 0; n < 5; n++) await town.letGo();
    for (let n = 0; n < 40; n++) await town.ask(1, agent(`forged${n}`));
    expect(town.all()).toBe(8);
  });
});
