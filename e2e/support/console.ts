import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import { type Visitor, visit } from './browser.ts';
import { press, say, signIn } from './pages.ts';
import type { Town } from './town.ts';

export const ANE = 'ane.etxeberria@vilaclara.example';
export const JORDI = 'jordi.puig@vilaclara.example';
export const MARTA = 'marta.soler@vilaclara.example';
export const NURIA = 'nuria.roca@vilaclara.example';

/** One desk speaks Basque: what is booked in it is Ane's, and no other desk can take it. */
export const BASQUE = { language: 'Euskara' };

/** A desk's screen. `bypassCSP`: the scanner is put into the page. */
export const SCREEN = { bypassCSP: true, viewport: { width: 1280, height: 900 } };

/** Returns the browser of a member of the staff, with scripts, signed in. */
export async function atWork(
  browser: Browser,
  town: Town,
  email: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const visitor = await visit(browser, town.origin, {
    ...SCREEN,
    javaScriptEnabled: true,
    ...options,
  });
  const page = await visitor.context.newPage();
  await signIn(page, await town.server.access(), email);
  await page.close();
  return visitor;
}

/** Whether a page looks at its day again. What is beside every page hears of conversations and asks by itself: the offers, the alerts, a colleague's question. */
export const isLookAtDay = (request: Request): boolean =>
  'x-refresh' in request.headers() && !/\/(chats|alerts|asked)\b/.test(request.url());

/** Goes to a page of the console, and waits for its stream. */
export async function listen(page: Page, path = '/console/oac'): Promise<void> {
  const day = page.waitForResponse((each) => isLookAtDay(each.request()));
  await page.goto(path);
  await day; // asked for after the hello
}

/** Opens a page of the console with its stream. */
export async function listening({ context }: Visitor, path?: string): Promise<Page> {
  const page = await context.newPage();
  await listen(page, path);
  return page;
}

/** Somebody's line in the day. */
export const entry = (page: Page, name: string) => page.locator('.entry').filter({ hasText: name });

/** Chooses the first wrap-up code of an encounter, and closes it. */
export async function wrapUp(page: Page): Promise<void> {
  const codes = page.getByRole('group', { name: say('staff.encounter.wrapUp') });
  await codes.getByRole('radio').first().check();
  await press(page, say('staff.encounter.close'));
}

/** Waits until the console reads out these words. */
export const said = (page: Page, text: string) =>
  page.waitForFunction(
    (part) => document.querySelector('#live')?.textContent?.includes(part),
    text,
  );
