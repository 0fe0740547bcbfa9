import { Secret, TOTP } from 'otpauth';
import type { Frame, Locator, Page } from 'playwright-core';
import { type Translate, translateTo } from '../../src/lib/i18n/translate.ts';
import { until } from './processes.ts';
import type { Access } from './server.ts';

/** The short page in a language that is written from right to left: its own, in a town's page of any language. */
export const RIGHT_TO_LEFT = { name: 'short page: from right to left', language: 'ar' };

/** The words of the pages, in Catalan. */
export const say: Translate = translateTo('ca');

export interface Wish {
  office?: string;
  /** Its name, as the page says it. */
  procedure?: string;
  channel?: 'phone' | 'video';
  /** By its own name. */
  language?: string;
}

export interface Person {
  name: string;
  phone: string;
  email: string;
}

/** A time as the page offers it. */
export interface Offered {
  /** The text for a screen reader: "dimecres, 25 de novembre, 9:00". */
  name: string;
  /** The instant, RFC 3339. */
  start: string;
}

/**
 * Presses a button. Returns when the page that it leads to has loaded: of a page that is still coming, a part would be counted, and the browser refuses a reload or
 * the way back. Where a script saves first and leads on later, wait for what is on the next page.
 */
export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await page.waitForLoadState();
}

/** Follows a link. Returns when its page has loaded. */
export async function follow(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).click();
  await page.waitForLoadState();
}

/** Does what leads to another page without a click, such as a key that is pressed, and waits until that page has loaded. */
export async function arriving(page: Page, act: Promise<void>): Promise<void> {
  const isPage = (frame: Frame) => frame === page.mainFrame();
  await Promise.all([page.waitForEvent('framenavigated', isPage), act]);
  await page.waitForLoadState();
}

/** Returns the visible text after the styles are loaded; hard spaces become plain ones. */
export async function seenIn(what: Locator): Promise<string> {
  await what.page().waitForLoadState();
  // biome-ignore lint/performance/useDomNodeTextContent: what is hidden must not count
  return (await what.innerText()).replaceAll('\u00a0', ' ');
}

export const seen = (page: Page, role: 'main' | 'alert' = 'main'): Promise<string> =>
  seenIn(page.getByRole(role));

export const heading = (page: Page): Promise<string> =>
  seenIn(page.getByRole('heading', { level: 1 }));

/** From the front door to the page of times. */
export async function walkToTimes(page: Page, wish: Wish = {}): Promise<void> {
  const { office = 'Oficina d’Atenció Ciutadana', procedure = 'Volant de padró' } = wish;
  await page.goto('/');
  await follow(page, office);
  await follow(page, procedure);
  await page.getByLabel(say(`common.channel.${wish.channel ?? 'phone'}`)).check();
  await page.getByLabel(wish.language ?? 'Català', { exact: true }).check();
  await press(page, say('citizen.procedure.seeTimes'));
}

/** The times that the page offers, in its order; those of days that are closed too. */
export async function offeredTimes(page: Page): Promise<Offered[]> {
  await page.waitForLoadState();
  return page.locator('.days input[type="radio"]').evaluateAll((radios) =>
    radios.map((radio) => ({
      name: radio.getAttribute('aria-label') ?? '',
      start: radio.getAttribute('value') ?? '',
    })),
  );
}

/** Chooses a time, opening its day and the part of it where they are closed. */
export async function chooseTime(page: Page, time: Offered): Promise<void> {
  const radio = page.locator(`input[value="${time.start}"]`);
  const folds = page.locator('details').filter({ has: radio });
  for (const fold of await folds.all())
    if ((await fold.getAttribute('open')) === null) await fold.locator('summary').first().click();
  await page.getByRole('radio', { name: time.name, exact: true }).check();
}

/** Takes the nth time (0: the first) and goes on. */
export async function takeTime(page: Page, nth = 0): Promise<Offered> {
  const time = (await offeredTimes(page))[nth];
  if (!time) throw new Error(`No time number ${nth} on ${page.url()}`);
  await chooseTime(page, time);
  await press(page, say('citizen.continue'));
  return time;
}

export async function fillDetails(page: Page, person: Partial<Person>): Promise<void> {
  const fields = [
    ['name', say('citizen.details.name')],
    ['phone', say('citizen.details.phone')],
    ['email', say('citizen.details.emailOptional')],
  ] as const;
  for (const [field, label] of fields) {
    const value = person[field];
    if (value !== undefined) await page.getByLabel(label, { exact: true }).fill(value);
  }
}

/** From the details to the check before the end: nothing is needed. */
export async function goOnToCheck(page: Page): Promise<void> {
  await press(page, say('citizen.continue'));
  await press(page, say('citizen.continue'));
}

/** From the details to the page of needs, where something is. */
export async function goOnToNeeds(page: Page): Promise<void> {
  await press(page, say('citizen.continue'));
  await page.getByLabel(say('details.needs.yes'), { exact: true }).check();
}

/** Books by telephone from the front door to the confirmation. */
export async function book(page: Page, person: Person, nth = 0, wish: Wish = {}): Promise<Offered> {
  await walkToTimes(page, wish);
  const time = await takeTime(page, nth);
  await fillDetails(page, person);
  await goOnToCheck(page);
  await press(page, say('citizen.check.confirm'));
  await page.waitForURL('**/confirmed');
  return time;
}

/** The appointment's own address, from a page of it. */
export const manageUrl = (page: Page): string =>
  page.url().replace(/(\/appointment\/[^/?#]+).*$/, '$1');

/** The code that an authenticator shows: telephones go by the real time, whatever the town's clock says. */
export function codeOf(secret: string, timestamp: number = Date.now()): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

const STEP = 30_000; // milliseconds that a code is valid for (RFC 6238)
const used = new Set<string>();

/** Forgets the typed codes: the next towns are copies of the same one, with the same secrets, where nobody has typed any. */
export const forgetCodes = (): void => used.clear();

/** A code that this process has not typed yet: a code is valid once, and the codes just before and after now are accepted. */
export function unusedCode(secret: string): string {
  const now = Date.now();
  const codes = [now, now + STEP, now - STEP].map((at) => codeOf(secret, at));
  const code = codes.find((each) => !used.has(`${secret} ${each}`));
  if (!code) throw new Error('More than three sign-ins of one person within half a minute');
  used.add(`${secret} ${code}`);
  return code;
}

/** Signs a member of staff in with both factors; ends in the console. */
export async function signIn(page: Page, access: Access, email: string): Promise<void> {
  const person = access.staff.find((each) => each.email === email);
  if (!person?.totpSecret) throw new Error(`No log-in for ${email}`);
  await page.goto('/staff/sign-in');
  await page.getByLabel(say('staff.signIn.email')).fill(email);
  await page.getByLabel(say('staff.signIn.password')).fill(person.password);
  await press(page, say('staff.signIn.submit'));
  await page.getByLabel(say('staff.code.label')).fill(unusedCode(person.totpSecret));
  await press(page, say('staff.code.submit'));
  await page.waitForURL('**/console**');
}

/** Signs out, by the menus of the bar that are closed at this width. */
export async function signOut(page: Page): Promise<void> {
  for (const menu of ['.fold > summary', '.fold .menu > summary'])
    if (await page.locator(menu).isVisible()) await page.locator(menu).click();
  await press(page, say('staff.signOut'));
}

/** Returns the focused element: its id, a field's own name, or its text without its key. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return '';
    if (element.id) return element.id;
    if (element instanceof HTMLInputElement && element.ariaLabel) return element.ariaLabel;
    const plain = element.cloneNode(true) as Element;
    for (const key of plain.querySelectorAll('kbd')) key.remove();
    return (plain.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
  });

/** Presses Tab until the focus is on an id or a text. @throws where it never gets there */
export async function tabTo(page: Page, sought: string, most = 80): Promise<void> {
  let left = most;
  await until(
    `Tab reaches “${sought}” on ${page.url()}`,
    async () => {
      if (left-- <= 0) throw new Error(`Tab doesn't reach “${sought}” on ${page.url()}`);
      await page.keyboard.press('Tab');
      return (await focused(page)) === sought;
    },
    60,
  );
}

/** Goes to what the text or id names by keyboard, and presses Enter. */
export async function enter(page: Page, sought: string): Promise<void> {
  await tabTo(page, sought);
  await arriving(page, page.keyboard.press('Enter'));
}
