import { existsSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
} from 'playwright-core';
import { isRoot } from './processes.ts';
import { traced } from './run/evidence.ts';

/** The browser's program; null: there is none, and the tests in a browser are skipped. */
export const CHROME: string | null =
  process.env.CHROME ||
  (['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path)) ?? null);

/**
 * The program of browsers that nobody sees. Where there is a shell, it is Chromium's engine without windows, tabs and prompts, which takes half of the
 * processor.
 */
export const UNSEEN = process.env.CHROME_SHELL || CHROME;

export const NO_CHROME = 'no Chrome or Chromium on this system: set CHROME=/its/program';

export const BROWSER_ARGS = [
  ...(isRoot ? ['--no-sandbox'] : []),
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ...['--lang=en-US', '--no-first-run', '--no-default-browser-check', '--disable-dev-shm-usage'],
];

/** Returns the arguments for a fake microphone and fake cameras, without a permission prompt. `cameras`: Chromium's words about them. */
export const fakeDevices = (cameras: string): string[] => [
  `--use-fake-device-for-media-stream=${cameras}`,
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

/** Each picture of a call is coded and decoded by this machine's processor: eight a second are enough to see that it goes on. */
export const FAKE_DEVICES = fakeDevices('fps=8');

/** Starts a browser without a window, which makes no requests but its pages'. `program`: CHROME for what only a whole browser has. */
export async function launchBrowser(
  more: readonly string[] = [],
  program = UNSEEN,
): Promise<Browser> {
  if (!program) throw new Error(NO_CHROME);
  return traced(
    await chromium.launch({ executablePath: program, args: [...BROWSER_ARGS, ...more] }),
  );
}

/** Unused browsers, by their program and arguments. They end with the process. */
const idle = new Map<string, Browser>();

/**
 * Returns a browser as launchBrowser() starts it, for a test file. Its close() closes what the file opened in it; the browser
 * itself waits for the next file of the same process, since starting one takes seconds of a processor.
 */
export async function openBrowser(
  more: readonly string[] = [],
  program = UNSEEN,
): Promise<Browser> {
  const key = [program, ...more].join(' ');
  const waiting = idle.get(key);
  idle.delete(key);
  const browser = waiting?.isConnected() ? waiting : await launchBrowser(more, program);
  const end = browser.close.bind(browser);
  browser.close = async () => {
    browser.close = end;
    await Promise.all(browser.contexts().map((context) => context.close()));
    if (browser.isConnected() && !idle.has(key)) idle.set(key, browser);
    else await end();
  };
  return browser;
}

/** A person's browser, and its pages' requests to other hosts than the town's server. */
export interface Visitor extends AsyncDisposable {
  context: BrowserContext;
  /** Addresses outside `origin` that a page wanted to load; each was refused. */
  foreign: string[];
  /** Bytes of JavaScript that `origin` sent. */
  scripts: string[];
}

/** Opens a browser's context in Catalan, where JavaScript is off by default. */
export async function visit(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    locale: 'ca-ES',
    timezoneId: 'America/New_York', // the town's hours are the town's, wherever one looks from
    baseURL: origin,
    viewport: { width: 360, height: 740 },
    ...options,
  });
  context.setDefaultTimeout(20_000);
  const foreign: string[] = [];
  const scripts: string[] = [];
  await context.route(
    (url) => url.protocol !== 'data:' && url.origin !== origin,
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  context.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(request.url());
  });
  return { context, foreign, scripts, [Symbol.asyncDispose]: () => context.close() };
}
