import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROME, NO_CHROME, openBrowser, visit } from './support/browser.ts';
import {
  type Caller,
  callFrom,
  isChallenge,
  type Page,
  solve,
  startsOf,
} from './support/caller.ts';
import { heading, say } from './support/pages.ts';
import { NO_POSTGRES, POSTGRES_BIN, type Postgres, startPostgres } from './support/postgres.ts';
import { temporaryFolder } from './support/processes.ts';
import { writeTown } from './support/proving-town.ts';
import { axeFaults, ibmFaults, openViewer, overflowAt, smallTargets } from './support/scan.ts';
import { type RunningServer, startServer } from './support/server.ts';

/** A town's own limits: ten times kept at once by an address, three appointments a person, a challenge when busy. */
const TIMES = '/ca/oac/prova/times?channel=phone&language=ca';
const folder = temporaryFolder();
const TOWN_FILE = writeTown(folder.path, 40);
afterAll(() => folder.remove());

/** The configuration of a real town: the demo has no limits. */
const env = { DEMO: '0', TOWN_FILE };

/** Every free time of the next days, but for the first: the clock is the real one, and they pass while the tests run. */
async function allStarts(caller: Caller): Promise<string[]> {
  const starts: string[] = [];
  let path = TIMES;
  for (let pages = 0; pages < 4; pages++) {
    const page = await caller.get(path);
    starts.push(...startsOf(page));
    path = `${TIMES}&from=${/name="from" value="([^"]+)"/.exec(page.html)?.[1] ?? ''}`;
  }
  const soon = Temporal.Now.instant().add({ hours: 2 });
  return [...new Set(starts)].filter((each) => Temporal.Instant.compare(each, soon) > 0);
}

const ROSA = { whom: 'self', anything: 'no', name: 'Rosa Soler' };

/** Books as a person does, page by page; answers the last page. */
async function book(caller: Caller, start: string, details: Record<string, string>): Promise<Page> {
  const chosen = await caller.post(TIMES, { start });
  if (chosen.status !== 303 || !chosen.to) return chosen;
  const typed = await caller.post(chosen.to, { ...ROSA, ...details });
  return typed.to ? caller.post(typed.to, {}) : typed;
}

/**
 * Tries to hold every time: many at once, each as another person, solving every challenge. Returns the
 * begun bookings.
 */
async function hoard(callers: Caller[], starts: string[]): Promise<Set<string>> {
  const got = new Set<string>();
  const want = async (start: string, nth: number): Promise<void> => {
    const caller = callers[nth % callers.length];
    if (!caller) return;
    const lie = { 'X-Forwarded-For': `198.51.100.${nth % 250}`, Forwarded: `for=203.0.113.${nth}` };
    const answer = await caller.post(TIMES, { start }, lie);
    // Work is done for a few only: the test would do nothing else.
    const last =
      isChallenge(answer) && nth < 12 ? await caller.post(TIMES, solve(answer), lie) : answer;
    if (last.status === 303 && last.to) got.add(last.to);
    else expect([200, 409, 429]).toContain(last.status);
    if (last.status === 429) expect(Number(last.retryAfter)).toBeGreaterThan(0);
  };
  const left = [...starts.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) await want(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return got;
}

const changed = (page: Page, what: RegExp, into: string): Page => {
  expect(page.html).toMatch(what);
  return { ...page, html: page.html.replace(what, into) };
};

describe('a hoarder of times', () => {
  let server: RunningServer;
  let starts: string[] = [];
  beforeAll(async () => {
    server = await startServer({ env });
    starts = await allStarts(callFrom('127.0.9.9', server.port));
  });
  afterAll(() => server?.stop());

  it('gets ten, whoever they say they are; and a neighbour books meanwhile, unasked', async () => {
    expect(starts.length).toBeGreaterThan(300);
    const hoarder = callFrom('127.0.0.2', server.port);
    const hoarding = hoard([hoarder], starts.slice(0, 300));
    const neighbour = callFrom('127.0.0.3', server.port);
    const email = 'rosa@vilaclara.example';
    const booked = await book(neighbour, starts[0] ?? '', { email, phone: '612 345 678' });
    expect(booked.to).toMatch(/\/appointment\/[\w-]+\/confirmed$/);
    const got = await hoarding;
    expect(got.size).toBeGreaterThanOrEqual(3);
    expect(got.size).toBeLessThanOrEqual(10);
    const after = callFrom('127.0.0.4', server.port);
    expect(isChallenge(await after.post(TIMES, { start: starts[1] ?? '' }))).toBe(false);
  });

  it('learns that work done at one address is worth nothing at another, nor twice', async () => {
    const caller = callFrom('127.0.0.5', server.port);
    const begin = (nth: number) => caller.post(TIMES, { start: starts[nth] ?? '' });
    for (let nth = 0; nth < 3; nth++) expect((await begin(nth)).status).toBe(303);
    const challenge = await begin(3);
    expect(isChallenge(challenge)).toBe(true);
    const solved = solve(challenge);
    const other = callFrom('127.0.0.6', server.port);
    for (let nth = 0; nth < 3; nth++) await other.post(TIMES, { start: starts[nth] ?? '' });
    expect(isChallenge(await other.post(TIMES, solved))).toBe(true);
    expect(isChallenge(await caller.post(TIMES, { ...solved, start: starts[4] ?? '' }))).toBe(true);
    const [one, two] = [await caller.post(TIMES, solved), await caller.post(TIMES, solved)];
    expect(one.status).toBe(303);
    expect(two.to).toBe(one.to);
  });

  it('of one e-mail, gets three appointments from twenty addresses at once', async () => {
    const email = 'pau@vilaclara.example';
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        book(callFrom(`127.0.1.${nth + 1}`, server.port), starts[nth + 20] ?? '', {
          email,
          phone: `612 000 ${100 + nth}`,
        }),
      ),
    );
    expect(asked.filter((each) => each.status === 303)).toHaveLength(3);
    expect(asked.filter((each) => each.status === 409)).toHaveLength(17);
  });

  it('a client that only searches, without a pause, must wait; others can go on', async () => {
    const robot = callFrom('127.0.0.7', server.port);
    // All at once: one after the other, a slow machine would make the pauses that a person makes.
    const pages = await Promise.all(Array.from({ length: 150 }, () => robot.get(TIMES)));
    const looks = pages.map((each) => each.status);
    expect(looks.filter((each) => each === 200).length).toBeGreaterThanOrEqual(100);
    expect(looks).toContain(429);
    expect((await callFrom('127.0.0.8', server.port).get(TIMES)).status).toBe(200);
  });
});

describe.skipIf(!POSTGRES_BIN)(
  `two servers on one database${POSTGRES_BIN ? '' : `: ${NO_POSTGRES}`}`,
  () => {
    let postgres: Postgres;
    const servers: RunningServer[] = [];
    beforeAll(async () => {
      postgres = await startPostgres();
      const shared = { ...env, DATABASE_URL: await postgres.createDatabase() };
      const first = await startServer({ env: shared });
      servers.push(first, await startServer({ env: shared, dataDir: first.dataDir }));
    });
    afterAll(async () => {
      for (const server of servers.reverse()) await server.stop();
      await postgres?.[Symbol.asyncDispose]();
    });

    it('keep ten for one address between them', async () => {
      const callers = servers.map(({ port }) => callFrom('127.0.0.2', port));
      const starts = await allStarts(callFrom('127.0.9.9', servers[0]?.port ?? 0));
      const got = await hoard(callers, starts.slice(0, 120));
      expect(got.size).toBeGreaterThanOrEqual(3);
      expect(got.size).toBeLessThanOrEqual(10);
    });
  },
);

describe.skipIf(!CHROME)(`a challenge in a browser${CHROME ? '' : `: ${NO_CHROME}`}`, () => {
  let server: RunningServer;
  let browser: Browser;
  beforeAll(async () => {
    const strict = '{ challenge: always, holdsPerAddress: 3, openPerPerson: 1 }';
    server = await startServer({ env: { TOWN_FILE: writeTown(folder.path, 2, strict) } });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('is passed by itself, and announces it to screen readers', async () => {
    await using visitor = await visit(browser, server.baseUrl, { javaScriptEnabled: true });
    const page = await visitor.context.newPage();
    // The announcements for a screen reader, stored before the page goes away.
    const told: string[] = [];
    await page.exposeFunction('told', (text: string) => told.push(text));
    await page.addInitScript(() => {
      const { told } = globalThis as unknown as { told(text: string): void };
      const isStatus = (node: Node) => (node as Element).getAttribute?.('role') === 'status';
      new MutationObserver((changes) => {
        for (const { target } of changes) if (isStatus(target)) told(target.textContent ?? '');
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(TIMES);
    await page.locator('details[open]').getByRole('radio').last().check();
    await page.getByRole('button', { name: say('citizen.continue'), exact: true }).click();
    await page.waitForURL(/\/details$/, { timeout: 60_000 });
    expect(await heading(page)).toBe(say('citizen.details.title'));
    expect(told.slice(0, 2)).toEqual([
      say('limits.challenge.working'),
      say('limits.challenge.done'),
    ]);
    expect(visitor.foreign).toEqual([]);
  });

  it('without scripts it asks to wait, and the form is whole', async () => {
    await using visitor = await visit(browser, server.baseUrl);
    const page = await visitor.context.newPage();
    await page.goto(TIMES);
    await page.locator('details[open]').getByRole('radio').last().check();
    await page.getByRole('button', { name: say('citizen.continue'), exact: true }).click();
    expect(await heading(page)).toBe(say('limits.challenge.title'));
    await page.getByText(say('limits.challenge.wait', { seconds: 20 })).waitFor();
    await page.getByRole('button', { name: say('citizen.continue'), exact: true }).click();
    // Too early, and the same challenge goes on.
    await page.getByText(/Encara és massa aviat/).waitFor();
  });

  it('and each refusal can be read by everybody', async () => {
    const caller = callFrom('127.0.2.1', server.port);
    const [starts, pages] = [await allStarts(caller), new Map<string, Page>()];
    const challenge = await caller.post(TIMES, { start: starts[0] ?? '' });
    // As it is where no script runs; and at work that doesn't end while it is looked at.
    pages.set('waiting', changed(challenge, /data-challenge/, 'data-nothing'));
    pages.set(
      'early',
      changed(
        await caller.post(TIMES, { ...solve(challenge), answer: '' }),
        /data-challenge/,
        'data-nothing',
      ),
    );
    pages.set(
      'working',
      changed(
        challenge,
        /data-challenge="\w+"(.*) data-below="\d+"/,
        `data-challenge="${'0'.repeat(64)}"$1 data-below="999999999"`,
      ),
    );
    const begin = async (start: string) =>
      caller.post(TIMES, solve(await caller.post(TIMES, { start })));
    const person = { whom: 'self', anything: 'no', name: 'Rosa Soler', phone: '612 345 678' };
    for (const start of starts.slice(1, 3)) {
      const typed = await caller.post((await begin(start)).to ?? '', person);
      pages.set('booked enough', await caller.post(typed.to ?? '', {}));
    }
    for (const start of starts.slice(3, 6)) pages.set('held enough', await begin(start));
    expect([...pages.values()].map(({ status }) => status)).toEqual([200, 429, 200, 409, 429]);

    await using viewer = await openViewer(browser, server.baseUrl);
    for (const [name, { status, html }] of pages) {
      await viewer.show({ name, language: 'ca', path: TIMES, status, html });
      const { page } = viewer;
      const found = [
        ...(await axeFaults(page)),
        ...(await ibmFaults(page)),
        ...(await smallTargets(page, 24)),
      ];
      expect({ name, found, over: await overflowAt(page, 320) }).toEqual({
        name,
        found: [],
        over: 0,
      });
    }
  });
});
