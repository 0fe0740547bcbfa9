import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, type Visitor, visit } from './support/browser.ts';
import { listen } from './support/console.ts';
import { type Front, openFront } from './support/front.ts';
import { signIn } from './support/pages.ts';
import { POSTGRES_BIN, type Postgres, startPostgres } from './support/postgres.ts';
import { until } from './support/processes.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { DEMO_TOWN, MORNING } from './support/town.ts';

const DESKS = ['marta.soler', 'jordi.puig', 'ane.etxeberria'];
const COORDINATOR = 'nuria.roca';
const BOOKINGS = 12;

/** The events of a page's stream, and its announcements. A page that was loaded anew would have lost them. */
interface Heard {
  news: { id: string; appointment: string }[];
  said: string[];
}

/** Runs in the page before anything else. */
function listenIn(): void {
  const heard: Heard = { news: [], said: [] };
  Object.assign(window, { heard });
  const Source = window.EventSource;
  window.EventSource = class extends Source {
    constructor(...given: ConstructorParameters<typeof Source>) {
      super(...given);
      this.addEventListener('news', (event) =>
        heard.news.push({
          id: event.lastEventId,
          appointment: (JSON.parse(event.data) as { appointment: string }).appointment,
        }),
      );
    }
  };
  document.addEventListener('DOMContentLoaded', () => {
    const live = document.querySelector('#live');
    if (!live) return;
    new MutationObserver(() => {
      if (live.textContent) heard.said.push(live.textContent);
    }).observe(live, { childList: true });
  });
}

describe.skipIf(!CHROME || !POSTGRES_BIN)('four consoles before two processes', () => {
  let browser: Browser;
  let postgres: Postgres;
  let databaseUrl: string;
  let front: Front;
  let servers: RunningServer[];
  const pages = new Map<string, Page>();
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    [browser, postgres, front] = [await openBrowser(), await startPostgres(), await openFront()];
    databaseUrl = await postgres.createDatabase();
    const origin = `http://localhost:${front.port}`;
    const env = {
      ...{ DATABASE_URL: databaseUrl, BASE_URL: origin, CLOCK: MORNING, TOWN_FILE: DEMO_TOWN },
      INSTALLATION_KEY: randomBytes(32).toString('base64'),
    };
    servers = [await startServer({ env }), await startServer({ env })];
    front.behind.push(...servers.map((each) => each.port));
    const access = await servers[0]!.access();
    for (const name of [...DESKS, COORDINATOR]) {
      const visitor = await visit(browser, origin, { javaScriptEnabled: true });
      visitors.push(visitor);
      const page = await visitor.context.newPage();
      await signIn(page, access, `${name}@vilaclara.example`);
      await page.addInitScript(listenIn);
      await listen(page);
      pages.set(name, page);
    }
  }, 300_000);
  afterAll(async () => {
    for (const each of visitors) await each[Symbol.asyncDispose]();
    await browser?.close();
    for (const each of servers ?? []) await each.stop();
    await front?.[Symbol.asyncDispose]();
    await postgres?.[Symbol.asyncDispose]();
  });

  const heardBy = (name: string): Promise<Heard> =>
    pages.get(name)!.evaluate(() => (window as unknown as { heard: Heard }).heard);

  /** Books whatever is first, as a citizen's other system does; tries again where the process died that was asked. */
  async function bookOne(nth: number, token: string): Promise<void> {
    const api = `http://localhost:${front.port}/api/v1/offices/oac`;
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' };
    const day = '2026-11-25';
    await until(`booking ${nth}`, async () => {
      try {
        const query = new URLSearchParams({ ...choice, from: day, to: day });
        const found = await fetch(`${api}/slots?${query}`, { headers });
        const { slots } = (await found.json()) as { slots: { start: string }[] };
        const citizen = {
          name: `Persona ${nth}`,
          email: `p${nth}@example.cat`,
          phone: '612345678',
        };
        const body = { ...choice, start: slots[nth]?.start, citizen, externalId: `n${nth}` };
        const answer = await fetch(`${api}/appointments`, {
          ...{ method: 'POST', headers, body: JSON.stringify(body) },
        });
        return answer.status === 201 || answer.status === 200;
      } catch {
        return false;
      }
    });
  }

  /** The appointments of each desk, as they are in the database. */
  async function byDesk(): Promise<Map<string, string[]>> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query("set app.office = '*'");
    const { rows } = await client.query<{ id: string; name: string }>(
      'select a.id, g.name from appointment a join desk g on g.id = a.desk_id',
    );
    await client.end();
    return new Map(
      [...Map.groupBy(rows, (each) => each.name)].map(([name, all]) => [
        name,
        all.map((each) => each.id).sort(),
      ]),
    );
  }

  test('one process is killed while citizens book: no page misses an event, each is announced once', async () => {
    const token = (await servers[0]!.access()).tokens.oac ?? '';
    for (let nth = 0; nth < BOOKINGS; nth++) {
      await bookOne(nth, token);
      if (nth === BOOKINGS / 2) await servers[0]!.kill9();
    }
    const desks = await byDesk();
    const all = [...desks.values()].flat().sort();
    expect(all).toHaveLength(BOOKINGS);
    const expected = new Map<string, string[]>([
      [COORDINATOR, all],
      ...DESKS.map((name, nth) => [name, desks.get(`Taula ${[1, 2, 4][nth]}`) ?? []] as const),
    ]);
    for (const [name, theirs] of expected) {
      await until(
        `${name} heard of all`,
        async () => (await heardBy(name)).news.length >= theirs.length,
        60,
      );
      const { news } = await heardBy(name);
      expect(news.map((each) => each.appointment).sort(), name).toEqual(theirs);
      // The events are read out, each once: one by one, or by their number.
      const count = async () =>
        (await heardBy(name)).said.reduce((sum, text) => {
          const many = /^(\d+) canvis/.exec(text);
          const lines = text.split('. ').filter((each) => each.startsWith('Nova cita'));
          return sum + (many ? Number(many[1]) : lines.length);
        }, 0);
      await until(`${name} was read all`, async () => (await count()) >= theirs.length, 30);
      expect(await count(), name).toBe(theirs.length);
      for (const id of theirs)
        await pages.get(name)!.locator(`a[href*="/appointment/${id}"]`).first().waitFor();
    }
  }, 240_000);
});
