import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { CHROME, openBrowser } from './support/browser.ts';
import { freePort, until } from './support/processes.ts';
import { keepsConnections, type ProxyName } from './support/proxies/kinds.ts';
import { lacks, openBeforeTwo } from './support/proxies/proxy.ts';
import { openStub, type Stub } from './support/several/stubs.ts';

/*
 * Each proxy with the lines that its file of deploy/proxies has for several machines, before two stubs. What becomes of real processes is in
 * killed.e2e.ts and upgrade.e2e.ts.
 */

const NAMES: readonly ProxyName[] = ['nginx', 'caddy', 'haproxy'];

async function openTwo(name: ProxyName) {
  const [one, two] = [await openStub(), await openStub()];
  const port = await freePort();
  const proxy = await openBeforeTwo(name, port, [one.port, two.port]);
  const url = (path: string) => `http://localhost:${port}${path}`;
  return {
    stubs: [one, two] as const,
    url,
    /** Whether the first one is to get requests: it says so itself, or its operator says so to nginx. */
    setReady: async (isReady: boolean) => {
      one.isReady = isReady;
      if (name === 'nginx') await proxy.setDown(one.port, !isReady);
    },
    status: async (path: string, init: RequestInit = {}) => {
      const headers: HeadersInit = keepsConnections(name) ? {} : { Connection: 'close' };
      const answer = await fetch(url(path), { ...init, headers });
      await answer.text();
      return answer.status;
    },
    [Symbol.asyncDispose]: async () => {
      for (const each of [proxy, one, two]) await each[Symbol.asyncDispose]();
    },
  };
}

const SOME = Array.from({ length: 20 }, (_, nth) => nth);
const dies: Stub['answer'] = (asked) => asked.socket.destroy();

/** Shows a form, and then what was sent; dies at what is sent unless it `lives`. */
const forms =
  (lives: () => boolean): Stub['answer'] =>
  async (asked, answer) => {
    answer.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (asked.method !== 'POST')
      return answer.end(
        '<form method="post"><textarea name="text"></textarea><button>Envia</button></form>',
      );
    if (!lives()) return dies(asked, answer);
    answer.end(`<output>${await text(asked)}</output>`);
  };

describe.each(NAMES)('two machines behind %s', (name) => {
  test.skipIf(lacks(name))('share what is asked', async () => {
    await using two = await openTwo(name);
    for (const nth of SOME) expect(await two.status(`/ca/${nth}`)).toBe(200);
    for (const { asked } of two.stubs) expect(asked.length).toBeGreaterThan(4);
  });

  test.skipIf(lacks(name))(
    'a file of the newer version’s pages is found, wherever the request goes',
    async () => {
      await using two = await openTwo(name);
      const [older, newer] = two.stubs;
      // Version 0.1.0 says 503 while it starts.
      for (const lacking of [503, 404]) {
        older.answer = (_, answer) => {
          answer.statusCode = lacking;
          answer.end();
        };
        older.asked.length = 0;
        for (const _ of SOME) expect(await two.status('/assets/newer.css')).toBe(200);
        expect(older.asked.length).toBeGreaterThan(0);
      }
      // What no machine has is not found.
      newer.answer = older.answer;
      expect(await two.status('/assets/gone.css')).toBe(404);
    },
  );

  test.skipIf(lacks(name))(
    'when one dies at a request, what only reads is answered by the other, and what was sent is sent once',
    async () => {
      await using two = await openTwo(name);
      const [dying] = two.stubs;
      dying.answer = dies;
      for (const nth of SOME) expect(await two.status(`/ca/${nth}`)).toBe(200);
      expect(dying.asked.length).toBeGreaterThan(0);
      const statuses = [];
      for (const nth of SOME)
        statuses.push(await two.status(`/ca/sent/${nth}`, { method: 'POST', body: 'name=Rosa' }));
      expect(new Set(statuses).difference(new Set([200, 503]))).toEqual(new Set());
      const sent = two.stubs.flatMap(({ asked }) => asked).filter((each) => each.startsWith('P'));
      expect(sent.toSorted()).toEqual(SOME.map((nth) => `POST /ca/sent/${nth}`).toSorted());
    },
  );

  test.skipIf(lacks(name) || !CHROME)(
    'a form that was sent to one that died is sent again, as it was typed',
    async () => {
      await using two = await openTwo(name);
      let hasDied = false;
      const lives = () => {
        const has = hasDied;
        hasDied = true;
        return has;
      };
      for (const each of two.stubs) each.answer = forms(lives);
      const browser = await openBrowser();
      const page = await browser.newPage();
      await page.goto(two.url('/ca/form'));
      await page.locator('textarea').fill('No m’arriba la carta');
      await page.locator('button').click();
      const [said, anew] = [page.locator('output'), page.locator('button:visible').first()];
      await said.or(anew).first().waitFor();
      // Before HAProxy the browser may do it by itself.
      if (name !== 'haproxy' || !(await said.isVisible())) await anew.click();
      await said.waitFor();
      expect(new URLSearchParams((await said.textContent()) ?? '').get('text')).toBe(
        'No m’arriba la carta',
      );
      await browser.close();
    },
  );

  test.skipIf(lacks(name))('one that is not there misses nothing', async () => {
    await using two = await openTwo(name);
    const [gone] = two.stubs;
    await gone[Symbol.asyncDispose]();
    gone[Symbol.asyncDispose] = async () => {};
    for (const nth of SOME) expect(await two.status(`/ca/${nth}`)).toBe(200);
    const sent = () =>
      Promise.all(SOME.map(() => two.status('/ca', { method: 'POST', body: 'name=Rosa' })));
    const all = SOME.map(() => 200);
    // Debian's Caddy can't send a body to the other one until it knows that this one is gone (caddyserver/caddy#7546).
    if (name === 'caddy') await until('it is left out', async () => `${await sent()}` === `${all}`);
    expect(await sent()).toEqual(all);
  });

  test.skipIf(lacks(name))(
    'one that is to stop gets no more requests until it is ready again, but those for the files of its last pages',
    async () => {
      await using two = await openTwo(name);
      const [stopping, other] = two.stubs;
      const isLedTo = async () => {
        const sofar = stopping.asked.length;
        for (let times = 0; times < 4; times++) await two.status('/ca', { method: 'POST' });
        return stopping.asked.length > sofar;
      };
      await two.setReady(false);
      await until('it gets no more', async () => !(await isLedTo()));
      stopping.asked.length = 0;
      for (const nth of SOME) expect(await two.status(`/ca/${nth}`)).toBe(200);
      expect(stopping.asked).toEqual([]);
      other.answer = (_, answer) => {
        answer.statusCode = 404;
        answer.end();
      };
      for (const _ of SOME) expect(await two.status('/assets/older.css')).toBe(200);
      await two.setReady(true);
      await until('it gets some again', isLedTo);
    },
  );
});
