import type { Page } from 'playwright-core';
import type { Language } from '../../../src/lib/i18n/languages.ts';
import { translateTo } from '../../../src/lib/i18n/translate.ts';
import { focused } from '../../support/pages.ts';
import type { Listener } from './orca.ts';

/** Tab after Tab, each heard, until an element has the focus: its id, or its text. */
export async function tabTo(page: Page, orca: Listener, sought: string): Promise<void> {
  for (let left = 60; left > 0; left--) {
    await orca.hears('Tab', () => orca.key('Tab'));
    if ((await focused(page)) === sought) return;
  }
  throw new Error(`Tab doesn't reach “${sought}” on ${page.url()}`);
}

/** Presses Enter, which leads to another page, and hears it. */
export const enter = (orca: Listener) => orca.opens('Enter', async () => orca.press('Return'));

/** A booking by telephone from the procedure's page to the confirmation, with a mistake in the telephone. */
export async function bookingHeard(page: Page, orca: Listener, language: Language): Promise<void> {
  const say = translateTo(language);
  const type = async (field: string, text: string) => {
    await tabTo(page, orca, field);
    await orca.hears(`types ${text}`, () => page.keyboard.insertText(text));
  };
  await orca.opens('the page of a procedure', () => page.goto(`/${language}/oac/volant-padro`));
  await tabTo(page, orca, say('citizen.procedure.seeTimes'));
  await enter(orca);
  await tabTo(page, orca, 'start');
  await orca.hears('Space', () => orca.key('space'));
  await tabTo(page, orca, say('citizen.continue'));
  await enter(orca);
  await type('name', 'Rosa Oreneta');
  await type('phone', '61');
  await tabTo(page, orca, say('citizen.continue'));
  await enter(orca);
  await tabTo(page, orca, say('citizen.error.not_phone'));
  await orca.hears('Enter', () => orca.key('Return'));
  await orca.hears('types 612345678', async () => {
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('612345678');
  });
  // As many pages of details as there are.
  while (!page.url().includes('/check')) {
    await tabTo(page, orca, say('citizen.continue'));
    await enter(orca);
  }
  await tabTo(page, orca, say('citizen.check.confirm'));
  await enter(orca);
}

/** Returns how many headings a page has. */
export const headingsOf = (page: Page): Promise<number> => page.getByRole('heading').count();

/** Goes on by so many headings with the key H, as people who know their screen reader do. */
export async function headings(orca: Listener, count: number): Promise<void> {
  for (let left = count; left > 0; left--) await orca.hears('H', async () => orca.press('h'));
}

/** Reads so many lines more. */
export async function lines(orca: Listener, count: number): Promise<void> {
  for (let left = count; left > 0; left--) await orca.hears('Down', async () => orca.press('Down'));
}

/** The page of a procedure by its headings. */
export async function headingsHeard(page: Page, orca: Listener): Promise<void> {
  await orca.opens('the page of a procedure', () => page.goto('/ca/oac/volant-padro'));
  await headings(orca, await headingsOf(page));
}
