import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { until } from '../../support/processes.ts';
import type { Desktop } from './desktop.ts';

/** Whether this system has no Orca, or none with its translations: what it speaks would differ. */
export const NO_ORCA = [
  '/usr/bin/orca',
  '/usr/bin/xdotool',
  '/usr/share/locale/ca/LC_MESSAGES/orca.mo',
].some((path) => !existsSync(path));

/** A person who hears a page and has no mouse. */
export interface Listener {
  /** Does something, waits until Orca has spoken of all that came of it, and notes both. */
  hears(what: string, act: () => Promise<unknown>): Promise<void>;
  /** The same, where another page comes. */
  opens(what: string, act: () => Promise<unknown>): Promise<void>;
  /** Presses a key, and waits for nothing. */
  press(name: string): void;
  /** Presses a key that the page gets. */
  key(name: string): Promise<void>;
  /** Leaves out of the transcript what was heard so far. */
  forget(): void;
  transcript(): string;
}

/** Marks are counted to this number, and then from 1 again. */
const MARKS = 9;
/** An invisible separator (Unicode U+2063). */
const MARK = '\u2063';
const LOADED = 'loaded';
/** Lines of the file that are no utterances, and the window's title, which comes at any time. */
const NOT_HEARD = /^mark \d$|^loaded$|Mozilla Firefox frame$/;
/** Seconds for a long page on a busy machine. */
const PATIENCE = 150;

/**
 * Starts Orca on a desktop, whose speech goes to a file (`orca-customizations.py`). As it is set up first, Orca reads each page
 * to its end; many people switch that off (`readsPages`), and go through it with keys.
 */
export async function startOrca(
  desktop: Desktop,
  readsPages: boolean,
): Promise<(page: Page) => Listener> {
  const preferences = join(desktop.home, '.local', 'share', 'orca');
  const spoken = join(desktop.home, 'spoken.txt');
  mkdirSync(preferences, { recursive: true });
  writeFileSync(spoken, '');
  const name = 'orca-customizations.py';
  copyFileSync(join(import.meta.dirname, name), join(preferences, name));
  desktop.env.ORCA_SPOKEN = spoken;
  desktop.env.ORCA_READS_PAGES = readsPages ? '1' : '0';
  desktop.start('orca', ['--user-prefs', preferences]);
  const lines = () => readFileSync(spoken, 'utf8').split('\n').slice(0, -1);
  await until('Orca greets', () => lines().length > 0);
  return (page) => listen(page, lines, desktop);
}

function listen(page: Page, lines: () => string[], desktop: Desktop): Listener {
  let heard = lines().length;
  let marks = 0;
  const notes: string[] = [];
  const press = (name: string) => {
    execFileSync('xdotool', ['key', name], { env: desktop.env });
  };
  const isThere = (line: string) => lines().slice(heard).includes(line);

  /** Waits until Orca has dealt with all events of the page so far: one more, without a sound, comes last. */
  async function allSpoken(): Promise<string[]> {
    marks = (marks % MARKS) + 1;
    const line = `mark ${marks}`;
    // Where Orca reads a whole page, it may miss the mark: it is put again.
    const isRead = async () => {
      await nameMain(page, '');
      await nameMain(page, MARK.repeat(marks));
      return until(line, () => isThere(line), 5).catch(() => false);
    };
    await until(`Orca reads ${line}`, isRead, PATIENCE);
    await nameMain(page, '');
    const now = lines();
    const fresh = now.slice(heard).filter((each) => !NOT_HEARD.test(each));
    heard = now.length;
    return fresh;
  }

  const hears = async (what: string, act: () => Promise<unknown>) => {
    await act();
    notes.push(`> ${what}`, ...(await allSpoken()), '');
  };

  return {
    press,
    hears,
    opens: (what, act) =>
      hears(what, async () => {
        const loaded = page.waitForEvent('load');
        await act();
        await loaded;
        await until('Orca has the page', () => isThere(LOADED), PATIENCE);
      }),
    key: async (name) => {
      await page.evaluate(() => {
        const up = () => Object.assign(window, { isUp: true });
        Object.assign(window, { isUp: false });
        window.addEventListener('keyup', up, { once: true, capture: true });
      });
      press(name);
      await page.waitForFunction(() => (window as unknown as { isUp: boolean }).isUp);
    },
    forget: () => {
      notes.length = 0;
    },
    transcript: () => `${notes.join('\n').trim()}\n`,
  };
}

/** Gives the main part of the page a name, or takes it away. */
const nameMain = (page: Page, name: string): Promise<void> =>
  page.evaluate((text) => {
    const main = document.querySelector('main') ?? document.body;
    if (text) main.setAttribute('aria-label', text);
    else main.removeAttribute('aria-label');
  }, name);
