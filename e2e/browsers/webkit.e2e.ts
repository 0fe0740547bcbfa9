import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openClient } from '../support/client.ts';
import { say } from '../support/pages.ts';
import { until } from '../support/processes.ts';
import { MORNING, openTown, type Town } from '../support/town.ts';
import { bookVideo } from '../support/video.ts';
import { type Desktop, NO_DESKTOP, openDesktop } from './support/desktop.ts';
import { NO_WEBKIT, startWebKit, type WebKit } from './support/webkit.ts';

describe.skipIf(NO_WEBKIT || NO_DESKTOP)('WebKit', () => {
  let town: Town;
  let desktop: Desktop;
  let webkit: WebKit;

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    desktop = await openDesktop('ca');
    webkit = await startWebKit(desktop);
  });
  afterAll(async () => {
    await webkit?.[Symbol.asyncDispose]();
    await desktop?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });

  test('shows each page of the citizen’s side on a telephone, with nothing beside the screen', async () => {
    const { manage } = await bookVideo(openClient(town.origin, 'ca'));
    const kinds = new Set<string>();
    const times = '/ca/oac/volant-padro/times?channel=phone&language=ca';
    const waiting = [manage, times, '/ca'];
    const faults: string[] = [];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const kind = kindOf(path);
      if (kinds.has(kind)) continue;
      kinds.add(kind);
      await webkit.go(town.origin + path);
      const { heading, width, widest, links } = await webkit.run<Seen>(LOOK);
      if (!heading) faults.push(`${kind}: no heading`);
      if (width !== 360 || widest > width) faults.push(`${kind}: ${widest} px in ${width}`);
      waiting.push(...links.filter((link) => /^\/ca(\/|$)/.test(link) && !/\.\w+$/.test(link)));
    }
    expect(faults).toEqual([]);
    expect([...kinds]).toEqual(expect.arrayContaining(SOME_KINDS));
  });

  test('books an appointment', async () => {
    await book(webkit);
    expect(await heading(webkit)).toBe(say('citizen.confirmed.title'));
  });

  test('books an appointment without scripts', async () => {
    await webkit[Symbol.asyncDispose]();
    webkit = await startWebKit(desktop, false);
    await webkit.go('data:text/html,<title>still</title><script>document.title = "ran"</script>');
    expect(await webkit.run('return document.title')).toBe('still');
    await book(webkit);
    expect(await heading(webkit)).toBe(say('citizen.confirmed.title'));
  });

  async function book(browser: WebKit): Promise<void> {
    const comesTo = (part: string) =>
      until(part, async () => (await browser.address()).includes(part));
    await browser.go(`${town.origin}/ca/oac/volant-padro`);
    await browser.press(say('citizen.procedure.seeTimes'));
    await comesTo('/times');
    await browser.click('.days input[type="radio"]');
    await browser.press(say('citizen.continue'));
    await comesTo('/details');
    await browser.type('#name', 'Aina Safor');
    await browser.type('#phone', '612 345 678');
    await goOnToCheck(browser);
    await browser.press(say('citizen.check.confirm'));
    await comesTo('/confirmed');
  }
});

/** Pages that the walk along the links must have come to. */
const SOME_KINDS = ['/ca', '/ca/oac', '/ca/oac/volant-padro'].concat(
  ['', '/change', '/contact', '/cancel', '/documents', '/device', '/companions'].map(
    (page) => `/ca/appointment/:secret${page}`,
  ),
);

/** Returns a page's path without its secret and its query. */
const kindOf = (path: string): string =>
  path.replace(/[?#].*$/, '').replace(/\/[\w-]{20,}(?=\/|$)/, '/:secret');

interface Seen {
  heading: string;
  width: number;
  /** How wide the page is, in pixels. */
  widest: number;
  /** The paths that it leads to. */
  links: string[];
}

const LOOK = `
  const links = [...document.links].filter((link) => link.origin === location.origin && !link.download);
  return {
    heading: document.querySelector('h1')?.textContent,
    width: innerWidth,
    widest: document.documentElement.scrollWidth,
    links: links.map((link) => link.pathname + link.search),
  };`;

/** Continues past as many pages of details as there are. */
async function goOnToCheck(browser: WebKit): Promise<void> {
  let here = await browser.address();
  while (!here.includes('/check')) {
    const before = here;
    await browser.press(say('citizen.continue'));
    here = await until('another page', async () => {
      const now = await browser.address();
      return now !== before && now;
    });
  }
}

const heading = (browser: WebKit): Promise<string> =>
  browser.run('return document.querySelector("h1").textContent');
