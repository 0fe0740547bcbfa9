/**
 * `node scripts/run.mjs scripts/pictures.ts`: takes the pictures of docs/images from the demo town, after a build.
 * Needs Chrome or Chromium (CHROME=/its/program).
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../e2e/support/browser.ts';
import { ROOT } from '../e2e/support/processes.ts';
import { type RunningServer, startServer } from '../e2e/support/server.ts';

const IMAGES = join(ROOT, 'docs', 'images');
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true };
const DESK = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5 };
const MORNING = '2026-11-25T07:30:00+01:00';
const TIMES = '/en/oac/volant-padro/times?channel=phone&language=en';

const PEOPLE = [
  { name: 'Maria Puig', comment: 'For the school canteen grant' },
  { name: 'Ahmed Benali', comment: '' },
  { name: 'Josep Vila', comment: 'My mother will speak' },
  { name: 'Nerea Ibarra', comment: '' },
];

mkdirSync(IMAGES, { recursive: true });
const browser = await launchBrowser();
const server = await startServer({ env: { CLOCK: MORNING } });
try {
  await phones(server);
  await desk(server);
} finally {
  await server.stop();
  await browser.close();
}

async function open(origin: string, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ baseURL: origin, locale: 'en', ...options });
  return context.newPage();
}

/** Times and confirmation, side by side. */
async function phones({ baseUrl }: RunningServer): Promise<void> {
  const page = await open(baseUrl, PHONE);
  const shots: Buffer[] = [];
  await page.goto(TIMES); // a first visit keeps the font for the next page
  for (const [index, person] of PEOPLE.entries()) {
    await page.goto(TIMES);
    await page
      .locator('.slot:visible')
      .nth(index * 3)
      .click();
    if (index === 0) shots.push(await fromTop(page));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('#name').fill(person.name);
    await page.locator('#phone').fill('612 345 678');
    await page.locator('#email').fill('maria@example.com');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('#comment').fill(person.comment);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.waitForURL('**/confirmed');
    if (index === 0) shots.push(await fromTop(page));
  }
  const sheet = await browser.newPage({
    viewport: { width: 860, height: 828 },
    deviceScaleFactor: 2,
  });
  const pictures = shots.map(
    (each) => `<img src="data:image/png;base64,${each.toString('base64')}">`,
  );
  await sheet.setContent(`<style>body { margin: 0; padding: 24px; display: flex; gap: 32px }
    img { width: 390px; border-radius: 20px; box-shadow: 0 0 0 1px #8886 }</style>${pictures.join('')}`);
  await sheet.screenshot({ path: join(IMAGES, 'times.png'), omitBackground: true });
}

/** An appointment in the console, a little after its hour. */
async function desk(running: RunningServer): Promise<void> {
  const person = (await running.access()).staff.find((each) => each.role === 'coordinator');
  if (!person?.totpSecret) throw new Error('The demo has no coordinator');
  const page = await open(running.baseUrl, DESK);
  await page.goto('/staff/sign-in');
  await page.locator('button[value="en"]').click();
  await page.locator('#email').fill(person.email);
  await page.locator('#password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const secret = Secret.fromBase32(person.totpSecret);
  await page.locator('#code').fill(new TOTP({ secret }).generate());
  await page.locator('main form button.button').click();
  await page.waitForURL('**/console/**');
  await page
    .locator('.entry')
    .getByRole('link', { name: PEOPLE[0]?.name ?? '' })
    .click();
  await page.waitForURL('**/appointment/**');
  await page.screenshot({ path: join(IMAGES, 'console.png') });
}

async function fromTop(page: Page): Promise<Buffer> {
  await page.evaluate(() => window.scrollTo(0, 0));
  return page.screenshot();
}
