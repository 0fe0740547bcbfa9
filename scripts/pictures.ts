/**
 * `npm run docs:pictures`: takes the pictures of docs/images from the demo, with its clock at a fixed moment, after a build. The list is
 * scripts/docs/pictures.ts. Needs Chrome or Chromium (CHROME=/its/program).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import type { BrowserContext } from 'playwright-core';
import { launchBrowser } from '../e2e/support/browser.ts';
import { ROOT } from '../e2e/support/processes.ts';
import { type RunningServer, startServer } from '../e2e/support/server.ts';
import { SITE_LANGUAGES, type SiteLanguage } from './docs/contents.ts';
import { PICTURES, type Picture } from './docs/pictures.ts';

/** A Wednesday morning. */
const MORNING = '2026-11-25T10:35:00+01:00';
const QUALITY = 72;

const browser = await launchBrowser();
const server = await startServer({ env: { CLOCK: MORNING } });
try {
  for (const person of new Set(PICTURES.map((each) => each.person))) {
    const context = await enter(server, person);
    for (const picture of PICTURES.filter((each) => each.person === person))
      for (const language of SITE_LANGUAGES) await take(context, server.baseUrl, picture, language);
    await context.close();
  }
} finally {
  await server.stop();
  await browser.close();
}

/** A browser in which somebody is signed in; a citizen needs nothing. */
async function enter(running: RunningServer, person: Picture['person']): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: running.baseUrl, deviceScaleFactor: 1.5 });
  if (person === 'citizen') return context;
  const { staff } = await running.access();
  const found = staff.find(({ role, office }) => role === person && office === 'oac');
  if (!found?.totpSecret) throw new Error(`The demo has no ${person}`);
  const page = await context.newPage();
  await page.goto('/staff/sign-in');
  await page.locator('#email').fill(found.email);
  await page.locator('#password').fill(found.password);
  await page.locator('main form button.button').first().click();
  const secret = Secret.fromBase32(found.totpSecret);
  await page.locator('#code').fill(new TOTP({ secret }).generate());
  await page.locator('main form button.button').first().click();
  await page.waitForURL('**/console/**');
  await page.close();
  return context;
}

async function take(
  context: BrowserContext,
  baseUrl: string,
  { name, path, width, height }: Picture,
  language: SiteLanguage,
): Promise<void> {
  await context.addCookies([{ name: 'staff_language', value: language, url: baseUrl }]);
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  // A first visit keeps the font for the second.
  await page.goto(path(language));
  await page.goto(path(language));
  await page.evaluate(() => document.fonts.ready);
  const session = await context.newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: QUALITY,
  });
  const folder = join(ROOT, 'docs', 'images', language);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.webp`), Buffer.from(data, 'base64'));
  await page.close();
}
