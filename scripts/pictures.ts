/**
 * `npm run docs:pictures`: takes the pictures of docs/images from the living demo on a morning that is always the same, after a build. Names of
 * pictures limit it to them. With `--check` it writes nothing, and says which pictures are no longer what the pages look like.
 * The list is scripts/docs/pictures.ts. Needs Chrome or Chromium (CHROME=/its/program).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { FAKE_DEVICES, launchBrowser } from '../e2e/support/browser.ts';
import { ROOT, until } from '../e2e/support/processes.ts';
import { type RunningServer, startServer } from '../e2e/support/server.ts';
import { untilSeen } from '../e2e/support/video.ts';
import { translateTo } from '../src/lib/i18n/translate.ts';
import { comeToCall, openSides } from './docs/call/opening.ts';
import { SITE_LANGUAGES, type SiteLanguage } from './docs/contents.ts';
import { differenceOf } from './docs/picture-difference.ts';
import { type CallPicture, type PagePicture, pictureFiles } from './docs/pictures.ts';

/** A Wednesday, before the offices open. The past is written then, and the morning passes afterwards. */
const EARLY = '2026-11-25T07:30:00+01:00';
/** To 9:05, and to 10:35. */
const LEAPS = ['morning', ...Array.from({ length: 6 }, () => 'quarter')];
const QUALITY = 70;
/** The most of a picture's points that may differ: clocks go on while pictures are taken. */
const MOST = 0.02;

const asked = process.argv.slice(2);
const isCheck = asked.includes('--check');
const names = asked.filter((each) => !each.startsWith('--'));
const files = pictureFiles().filter(
  ({ picture }) => names.length === 0 || names.includes(picture.name),
);
if (files.length === 0) throw new Error(`There is no picture of the name ${names.join(' or ')}.`);

const browser = await launchBrowser(FAKE_DEVICES);
const server = await startServer({ env: { CLOCK: EARLY, DEMO_LIFE: '1' } });
const contexts = new Map<string, BrowserContext>();
const different: string[] = [];
try {
  await passMorning(server);
  for (const { path, picture, language } of files)
    if ('path' in picture) await keep(path, await takePage(picture, language));
  await takeCalls();
} finally {
  await server.stop();
  await browser.close();
}
if (different.length > 0) {
  console.log('Take these again with npm run docs:pictures, and look at them.');
  process.exitCode = 1;
}

/** Waits until the past is written, and lets the morning pass. */
async function passMorning({ baseUrl }: RunningServer): Promise<void> {
  const isWritten = async () => {
    const page = await fetch(`${baseUrl}/demo`, { headers: { 'Accept-Language': 'en' } });
    return (await page.text()).includes(translateTo('en')('demo.past.done'));
  };
  await until('the past is written', isWritten, 600);
  for (const by of LEAPS) await press(`${baseUrl}/demo/clock`, { by });
  for (const what of ['video', 'chat']) await press(`${baseUrl}/demo/play`, { what });
}

async function press(url: string, form: Record<string, string>): Promise<void> {
  const body = new URLSearchParams(form);
  const headers = { Origin: new URL(url).origin };
  await fetch(url, { method: 'POST', body, headers, redirect: 'manual' });
}

/** A browser in a language in which somebody has come in. */
async function contextOf(
  person: PagePicture['person'],
  language: SiteLanguage,
): Promise<BrowserContext> {
  const key = `${person} ${language}`;
  const context = contexts.get(key) ?? (await comeIn(person, language));
  contexts.set(key, context);
  return context;
}

/** A browser of its own in a language in which somebody comes in. */
async function comeIn(
  person: PagePicture['person'],
  language: SiteLanguage,
): Promise<BrowserContext> {
  const { baseUrl } = server;
  const context = await browser.newContext({
    baseURL: baseUrl,
    locale: language === 'en' ? 'en-GB' : `${language}-ES`,
    reducedMotion: 'reduce',
    bypassCSP: true,
  });
  await context.addCookies([{ name: 'staff_language', value: language, url: baseUrl }]);
  if (person === 'visitor') return context;
  const answer = await context.request.post('/demo/enter', {
    form: { who: person },
    headers: { Origin: baseUrl },
  });
  if (!answer.ok()) throw new Error(`${person} could not come in: ${answer.status()}`);
  return context;
}

/** Takes the pictures of a video call, in one language after the other. */
async function takeCalls(): Promise<void> {
  const wanted = files.filter(({ picture }) => 'side' in picture);
  if (wanted.length === 0) return;
  const coordinator = await contextOf('nuria', 'en');
  const call = await comeToCall(server.baseUrl, coordinator.request, passQuarter);
  for (const language of SITE_LANGUAGES) {
    const citizen = await comeIn('visitor', language);
    const agent = await comeIn('nuria', language);
    const sides = await openSides(call, { citizen, agent }, language);
    for (const each of wanted.filter((file) => file.language === language)) {
      const { side, size } = each.picture as CallPicture;
      await sides[side].setViewportSize(size);
      await untilSeen(sides[side]);
      await keep(each.path, await capture(sides[side], size));
    }
    await Promise.all([citizen.close(), agent.close()]);
  }
}

async function passQuarter(): Promise<void> {
  const { baseUrl } = server;
  await press(`${baseUrl}/demo/clock`, { by: 'quarter' });
  const isOver = async () => {
    const page = await fetch(`${baseUrl}/demo`, { headers: { 'Accept-Language': 'en' } });
    return !(await page.text()).includes(translateTo('en')('demo.passing'));
  };
  await until('a quarter of an hour has passed', isOver, 120);
}

/** Takes a picture of a page. */
async function takePage(
  { person, path, size }: PagePicture,
  language: SiteLanguage,
): Promise<Buffer> {
  const context = await contextOf(person, language);
  const page = await context.newPage();
  await page.setViewportSize(size);
  // A first visit keeps the font for the second.
  for (let visit = 0; visit < 2; visit++) {
    const answer = await page.goto(path(language));
    if (!answer?.ok()) throw new Error(`${page.url()} answers ${answer?.status()}`);
  }
  const taken = await capture(page, size);
  await page.close();
  return taken;
}

/** Returns what a page shows, as WebP. */
async function capture(page: Page, size: PagePicture['size']): Promise<Buffer> {
  await page.evaluate(() => document.fonts.ready);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: QUALITY,
    // Pages show those of a computer at half their size.
    clip: { x: 0, y: 0, ...size, scale: size.width < 500 ? 2 : 1 },
  });
  return Buffer.from(data, 'base64');
}

/** Keeps a picture that was taken, or compares it with the one that is kept. */
async function keep(path: string, taken: Buffer): Promise<void> {
  if (isCheck) return check(path, taken);
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), taken);
}

/** Says whether the picture that is kept still shows what was taken. */
async function check(path: string, taken: Buffer): Promise<void> {
  const page: Page = await browser.newPage();
  const share = await differenceOf(page, readFileSync(join(ROOT, path)), taken);
  await page.close();
  const isSame = share <= MOST;
  console.log(`${isSame ? 'same     ' : 'DIFFERENT'} ${(share * 100).toFixed(2)} % ${path}`);
  if (!isSame) different.push(path);
}
