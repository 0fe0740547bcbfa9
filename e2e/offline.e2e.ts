import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser } from './support/browser.ts';
import { book, heading, manageUrl, say, seen } from './support/pages.ts';
import { startServer } from './support/server.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const MARIA = { name: 'Maria Puig', phone: '612 345 678', email: 'maria@example.com' };

/** Returns the browser's storage: the addresses in its caches, and the scope of its worker. */
const kept = (page: Page): Promise<{ pages: string[]; scope: string | null }> =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (each) => (await caches.open(each)).keys()));
    const registration = await navigator.serviceWorker.getRegistration();
    return {
      pages: requests.flat().map((each) => new URL(each.url).pathname),
      scope:
        registration?.active?.state === 'activated' ? new URL(registration.scope).pathname : null,
    };
  });

const untilKept = (page: Page) =>
  expect.poll(() => kept(page)).toEqual({ pages: ['/ca/offline'], scope: '/ca' });

describe.skipIf(!CHROME)('a lost connection', () => {
  let browser: Browser;
  let town: Town;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    context = await browser.newContext({ baseURL: town.origin, locale: 'ca-ES' });
    page = await context.newPage();
  });
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  test('nothing is stored for a visitor who only looks around', async () => {
    for (const path of ['/ca', '/ca/oac', '/ca/oac/volant-padro', '/ca/cookies'])
      await page.goto(path);
    await page.waitForLoadState('networkidle');
    expect(await kept(page)).toEqual({ pages: [], scope: null });
  });

  test('a citizen with a booking reads, without a connection, that nothing is lost and which number to call', async () => {
    await book(page, MARIA);
    await untilKept(page);
    const manage = manageUrl(page);
    await context.setOffline(true);
    await page.goto(manage);
    expect(await heading(page)).toBe(say('offline.title'));
    expect(page.url()).toBe(manage);
    const text = await seen(page);
    expect(text).toContain('+34 930 100 010');
    expect(text).not.toContain('Maria');
    await context.setOffline(false);
    await page.getByRole('link', { name: say('offline.again') }).click();
    await page.getByText('Maria Puig').first().waitFor();
    expect(page.url()).toBe(manage);
  });

  test('staff’s pages and forms are left to the browser', async () => {
    await context.setOffline(true);
    await expect(page.goto('/staff/sign-in')).rejects.toThrow('ERR_INTERNET_DISCONNECTED');
    await context.setOffline(false);
  });

  test('it can be taken back: the next look forgets the page and the worker', async () => {
    await page.goto('/ca');
    await untilKept(page);
    await town.server.stop();
    town.server = await startServer({
      dataDir: town.server.dataDir,
      port: town.server.port,
      env: { BASE_URL: town.origin, CLOCK: MORNING, OFFLINE_PAGE: '0' },
    });
    await page.goto('/ca');
    await expect.poll(() => kept(page)).toEqual({ pages: [], scope: null });
    expect(await (await fetch(`${town.origin}/ca/cookies`)).text()).toContain(
      say('cookies.nothing'),
    );
  });
});
