import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { temporaryFolder } from './lib/database.ts';
import { ensureBuilt, startServer } from './lib/server.ts';
import type { Bench, Row } from './lib/table.ts';

/** An old telephone. */
const VIEWPORT = { width: 360, height: 740 };
/** More Tabs than any page has stops. */
const MOST_TABS = 200;

/** What a person does on one page: what is typed, and what is pressed in the end. */
interface Step {
  /** The end of the page's address. */
  at: RegExp;
  typed?: Record<string, string>;
  /** Pressed in this order: a choice, then what leads on. */
  pressed: readonly string[];
}

const MAIN_BUTTON = 'form.form button[type="submit"]:not([name])';
const STEPS: readonly Step[] = [
  { at: /\/ca$/, pressed: ['main a[href^="/ca/oac#theme-"]:has-text("Padró")'] },
  { at: /\/oac(#.*)?$/, pressed: ['a[href$="/volant-padro"]'] },
  { at: /\/volant-padro$/, pressed: ['form[action$="/times"] button'] },
  { at: /\/times\?/, pressed: ['.days [name="start"]', '.bar button'] },
  {
    at: /\/details$/,
    typed: { name: 'Maria Puig', phone: '612345678' },
    pressed: [MAIN_BUTTON],
  },
  { at: /\/needs$/, pressed: [MAIN_BUTTON] },
  { at: /\/check$/, pressed: [MAIN_BUTTON] },
];

interface Effort {
  screens: number;
  clicks: number;
  fields: number;
  tabs: number;
  /** The height of the pages before the confirmation, in screens of the telephone. */
  height: number;
}

export const effort: Bench = {
  name: 'effort',
  about: 'what a booking takes, without scripts: screens, clicks, fields, Tabs, heights',
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const server = await startServer(join(folder.path, 'data'), {});
    const browser = await chromium.launch({
      executablePath: process.env.CHROME || '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
    try {
      const page = await browser.newPage({ viewport: VIEWPORT, javaScriptEnabled: false });
      await page.goto(`http://localhost:${server.port}/ca`);
      return rowsOf(await book(page, print));
    } finally {
      await browser.close();
      await server.stop();
      folder.remove();
    }
  },
};

/** Books with the keyboard alone, and counts. */
async function book(page: Page, print: (line: string) => void): Promise<Effort> {
  const effort: Effort = { screens: 1, clicks: 0, fields: 0, tabs: 0, height: 0 };
  while (!page.url().endsWith('/confirmed')) {
    const url = page.url();
    const step = STEPS.find(({ at }) => at.test(url));
    if (!step) throw new Error(`Nobody said what to do on ${url}`);
    const before = effort.tabs;
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    for (const [name, text] of Object.entries(step.typed ?? {})) {
      effort.tabs += await tabTo(page, `[name="${name}"]`);
      await page.keyboard.type(text);
      effort.fields++;
    }
    for (const pressed of step.pressed) {
      effort.tabs += await tabTo(page, pressed);
      const isChoice = pressed !== step.pressed.at(-1);
      await page.keyboard.press(isChoice ? 'Space' : 'Enter');
      effort.clicks++;
    }
    await page.waitForURL((next) => next.href !== url);
    effort.screens++;
    effort.height += height / VIEWPORT.height;
    print(`${url.replace(/^.*\/ca/, '/ca')}: ${effort.tabs - before} Tabs, ${height} px`);
  }
  return effort;
}

/** Presses Tab until the first element that matches has the focus. Returns how often. */
async function tabTo(page: Page, selector: string): Promise<number> {
  const sought = page.locator(selector).first();
  for (let tabs = 1; tabs <= MOST_TABS; tabs++) {
    await page.keyboard.press('Tab');
    if (await sought.evaluate((element) => element === document.activeElement)) return tabs;
  }
  throw new Error(`Tab doesn't reach ${selector} on ${page.url()}`);
}

const rowsOf = ({ screens, clicks, fields, tabs, height }: Effort): Row[] => [
  { measure: 'a booking: screens', value: String(screens) },
  { measure: 'a booking: clicks and fields', value: `${clicks} and ${fields}` },
  { measure: 'a booking: presses of Tab', value: String(tabs) },
  { measure: 'a booking: height in telephone screens', value: height.toFixed(1) },
];
