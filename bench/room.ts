import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { CHROME, fakeDevices, launchBrowser, NO_CHROME } from '../e2e/support/browser.ts';
import { type Coturn, NO_COTURN, openCoturn } from '../e2e/support/coturn.ts';
import { press, say as word } from '../e2e/support/pages.ts';
import { openBareFront } from './lib/bare-room.ts';
import { temporaryFolder } from './lib/database.ts';
import { ensureBuilt, startServer } from './lib/server.ts';
import { type Bench, median, type Row, spread } from './lib/table.ts';
import { beginCalls, type Call, signInStaff, videoClock, videoTown } from './lib/video.ts';

const ROUNDS = 15;
/** The first are for getting warm. */
const WARM = 3;
const SETTLE_MS = 1_000;
/** A relay uses the real time: its credentials must not have expired by then. */
const DAY = nextMonday();

export const room: Bench = {
  name: 'room',
  about: 'From both in the room to the first picture on both sides, beside a bare page',
  run: async (say) => {
    const measure = 'Both in the room until both see each other';
    if (!CHROME) return [{ measure, value: `not measured: ${NO_CHROME}` }];
    await ensureBuilt();
    const browser = await launchBrowser(fakeDevices('fps=20'));
    try {
      const direct = await compare(browser, null, (line) => say(`direct, ${line}`));
      const rows = [rowOf(`${measure}, direct`, direct, 1.1)];
      const relayed = `${measure}, relayed by coturn`;
      if (NO_COTURN) return [...rows, { measure: relayed, value: `not measured: ${NO_COTURN}` }];
      await using relay = await openCoturn();
      const taken = await compare(browser, relay, (line) => say(`relayed, ${line}`));
      return [...rows, rowOf(relayed, taken, 1.15)];
    } finally {
      await browser.close();
    }
  },
};

/** How long each round took, in ms. */
interface Taken {
  ours: number[];
  bare: number[];
}

function rowOf(measure: string, { ours, bare }: Taken, most: number): Row {
  const ratio = median(ours) / median(bare);
  return {
    measure,
    value: `${spread(ours, 0)} ms`,
    against: `bare page, same signalling: ${spread(bare, 0)} ms`,
    ratio: ratio.toFixed(2),
    aim: `≤ ${most}`,
    met: ratio <= most,
  };
}

async function compare(
  browser: Browser,
  relay: Coturn | null,
  say: (line: string) => void,
): Promise<Taken> {
  const folder = temporaryFolder();
  const town = join(folder.path, 'town.yaml');
  writeFileSync(town, videoTown(relay ? 'always' : 'needed'));
  const front = await openBareFront();
  const server = await startServer(join(folder.path, 'data'), {
    BASE_URL: front.origin,
    TOWN_FILE: town,
    TRUSTED_PROXIES: '1',
    CLOCK: videoClock(DAY),
    ...(relay && {
      TURN_URLS: `turn:127.0.0.1:${relay.port}?transport=udp`,
      TURN_SECRET: relay.secret,
    }),
  });
  front.behind = server.port;
  const windows = openWindows(browser, front.origin);
  try {
    const staff = await signInStaff(front.origin);
    const [first, second] = await beginCalls(server, staff, DAY, 2);
    if (!first || !second) throw new Error('There are no calls');
    const two = async () => [await windows.open(''), await windows.open(staff.cookie)] as const;
    const ours = await openOurs(...(await two()), first);
    return await takeTurns({ ours, bare: await openBare(...(await two()), second) }, say);
  } finally {
    await windows.close();
    await server.stop();
    front.close();
    folder.remove();
  }
}

/** A window for each page: behind another page a browser draws once a second. */
function openWindows(browser: Browser, origin: string) {
  const contexts: BrowserContext[] = [];
  return {
    open: async (cookie: string): Promise<Page> => {
      const context = await browser.newContext({ baseURL: origin, locale: 'ca-ES' });
      contexts.push(context);
      await context.addCookies(cookiesOf(cookie, origin));
      await context.addInitScript(watch);
      return context.newPage();
    },
    close: async () => {
      for (const each of contexts) await each.close();
    },
  };
}

async function takeTurns(
  two: Record<keyof Taken, Two>,
  say: (line: string) => void,
): Promise<Taken> {
  const taken: Taken = { ours: [], bare: [] };
  for (let round = 0; round < ROUNDS; round++) {
    say(`round ${round + 1} of ${ROUNDS}`);
    const turns = round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const);
    for (const each of turns) {
      const ms = await time(two[each]);
      if (round >= WARM) taken[each].push(ms);
    }
  }
  return taken;
}

/** Two pages in a room, of which the agent's comes and goes. */
interface Two {
  citizen: Page;
  agent: Page;
  come(): Promise<unknown>;
  go(): Promise<unknown>;
}

/**
 * The browser's own records, the same in all pages: when a seat was given, and when another person was
 * first shown.
 */
interface Noted {
  seated: number | null;
  shown: number | null;
}

function watch(): void {
  const noted: Noted = { seated: null, shown: null };
  Object.assign(window, { noted });
  const now = () => performance.timeOrigin + performance.now();
  const plain = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await plain(...asked);
    if (answer.ok && answer.url.endsWith('/room/seat')) noted.seated = now();
    return answer;
  };
  const known = new WeakSet<HTMLVideoElement>();
  new MutationObserver(() => {
    for (const video of document.querySelectorAll<HTMLVideoElement>('.room-tile video')) {
      if (known.has(video)) continue;
      known.add(video);
      video.requestVideoFrameCallback(() => {
        noted.shown = now();
      });
    }
  }).observe(document, { subtree: true, childList: true });
}

/** The citizen waits in the product's room, and the agent comes in. */
async function openOurs(citizen: Page, agent: Page, call: Call): Promise<Two> {
  await citizen.goto(call.citizen);
  await press(citizen, word('room.enter'));
  await citizen.locator('.room-stage').waitFor();
  await agent.goto(call.agent.replace(/\/room$/, ''));
  const go = () => press(agent, word('room.desk.leave'));
  await untilShown([citizen, agent]);
  await go();
  return { citizen, agent, come: () => press(agent, word('room.desk.enter')), go };
}

async function openBare(citizen: Page, agent: Page, call: Call): Promise<Two> {
  const does = (page: Page, what: 'enter' | 'leave') => page.evaluate(`${what}()`);
  for (const [page, at] of [
    [citizen, call.citizen],
    [agent, call.agent],
  ] as const) {
    await page.goto(`/bare?${new URLSearchParams({ room: at })}`);
    await page.waitForFunction(() => document.title === 'ready');
  }
  await does(citizen, 'enter');
  return { citizen, agent, come: () => does(agent, 'enter'), go: () => does(agent, 'leave') };
}

/** Until each shows the other, and a moment for what is still under way then. */
async function untilShown(pages: readonly Page[]): Promise<void> {
  for (const each of pages) await each.waitForFunction(() => Reflect.get(window, 'noted').shown);
  await wait(SETTLE_MS);
}

/** From the moment when both have their seats, and their devices, until both have shown a picture of the other; in ms. */
async function time({ citizen, agent, come, go }: Two): Promise<number> {
  const pages = [citizen, agent];
  for (const each of pages) {
    await each.waitForFunction(() => !document.querySelector('.room-tile video'));
    await each.evaluate('Object.assign(noted, { seated: null, shown: null })');
  }
  await come();
  await untilShown(pages);
  const noted = await Promise.all(pages.map((each) => each.evaluate<Noted>('noted')));
  await go();
  const seated = noted[1]?.seated ?? Number.NaN;
  return Math.max(...noted.map((each) => each.shown ?? Number.NaN)) - seated;
}

const cookiesOf = (cookie: string, url: string) =>
  (cookie === '' ? [] : cookie.split('; ')).map((each) => {
    const [name = '', value = ''] = each.split(/=(.*)/s);
    return { name, value, url };
  });

function nextMonday(): Temporal.PlainDate {
  const tomorrow = Temporal.Now.plainDateISO().add({ days: 1 });
  return tomorrow.add({ days: (8 - tomorrow.dayOfWeek) % 7 });
}
