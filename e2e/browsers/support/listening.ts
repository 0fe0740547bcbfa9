import type { Page } from 'playwright-core';
import type { Language } from '../../../src/lib/i18n/languages.ts';
import type { Town } from '../../support/town.ts';
import { NO_DESKTOP, openDesktop } from './desktop.ts';
import { launchFirefox, NO_FIREFOX } from './firefox.ts';
import { type Listener, NO_ORCA, startOrca } from './orca.ts';

/** Whether this system lacks a program that a transcript needs. */
export const NOBODY_LISTENS = NO_FIREFOX || NO_DESKTOP || NO_ORCA;

interface Hearing {
  language: Language;
  /** Whether Orca reads each new page to its end. */
  readsPages: boolean;
}

/** Runs a journey in a Firefox with Orca beside it, and returns what was heard. */
export async function heardIn(
  town: Town,
  { language, readsPages }: Hearing,
  journey: (page: Page, listener: Listener) => Promise<void>,
): Promise<string> {
  await using desktop = await openDesktop(language);
  const listen = await startOrca(desktop, readsPages);
  const browser = await launchFirefox({}, desktop);
  try {
    const page = await browser.newPage({
      baseURL: town.origin,
      locale: language,
      viewport: null,
    });
    const listener = listen(page);
    // Orca also speaks of the browser's window, before or after its first page.
    await listener.opens('a short page', () => page.goto(`/${language}/offline`));
    listener.forget();
    await journey(page, listener);
    return listener.transcript();
  } finally {
    await browser.close();
  }
}
