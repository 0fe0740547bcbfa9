import type { Browser, Page } from 'playwright-core';
import type { Language } from '../../../src/lib/i18n/languages.ts';
import { translateTo } from '../../../src/lib/i18n/translate.ts';
import { press, say } from '../pages.ts';
import type { Town } from '../town.ts';

/**
 * Begins a chat about the register as a citizen, in Catalan on pages of any language, and returns the page that waits. `scripts`: whether the
 * browser runs them.
 */
export async function begun(
  { browser, town }: { browser: Browser; town: Town },
  language: Language,
  [name, text]: readonly [string, string],
  scripts = true,
): Promise<Page> {
  const t = translateTo(language);
  const context = await browser.newContext({
    baseURL: town.origin,
    locale: language,
    javaScriptEnabled: scripts,
    bypassCSP: scripts,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`/${language}/oac/chat`);
  await page.locator('input[name="topic"][value="padro"]').check();
  await page.locator('input[name="in"][value="ca"]').check();
  await page.getByLabel(t('chat.name')).fill(name);
  await page.getByLabel(t('chat.first')).fill(text);
  await press(page, t('chat.begin'));
  return page;
}

/** What was said, on either side. */
export const log = (page: Page) => page.getByRole('log');
export const hears = (page: Page, text: string) => log(page).getByText(text).waitFor();

/** An agent takes what is offered by its key, and the page of the chat is there. */
export async function take(page: Page, name: string): Promise<void> {
  await page
    .getByRole('region', { name: say('chatDesk.offer') })
    .first()
    .waitFor();
  await page.locator('body').press('=');
  await page.getByRole('heading', { level: 2, name, exact: true }).waitFor();
}
