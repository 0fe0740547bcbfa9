import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../src/lib/i18n/languages.ts';
import { translateTo } from '../src/lib/i18n/translate.ts';
import { filesIn } from '../src/web/citizen/folder/testing.ts';
import { CHROME, NO_CHROME, openBrowser, visit } from './support/browser.ts';
import { openClient, startsIn } from './support/client.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

/** Books the first free time by its link alone; answers the address of its page. */
async function book(origin: string, language: Language, nth: number): Promise<string> {
  const client = openClient(origin, language);
  const times = `/${language}/oac/volant-padro/times?channel=phone&language=ca`;
  const start = startsIn((await client.get(times)).html)[0] ?? '';
  const details = await client.post(times, { start });
  const check = await client.post(details.path, {
    ...{ name: 'Rosa Soler', phone: `612 345 71${nth}`, email: `rosa${nth}@example.cat` },
    ...{ whom: 'self', anything: 'no' },
  });
  return (await client.post(check.path, {})).path.replace('/confirmed', '');
}

/** Identifies as the first person of the demonstration, on the page that is open. */
async function identify(page: Page, language: Language): Promise<void> {
  const say = translateTo(language);
  await page.locator('button[name=provider]').first().click();
  // The page that leads to the provider goes on by itself.
  await page.waitForURL(/\/identify\/demo\//);
  await page.getByRole('button', { name: say('identify.demo.button') }).click();
}

describe.skipIf(!CHROME)('a folder, without scripts', { timeout: 240_000 }, () => {
  let town: Town;
  let browser: Browser;

  beforeAll(async () => {
    if (!CHROME) throw new Error(NO_CHROME);
    town = await openTown({ clock: MORNING });
    browser = await openBrowser();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
  });

  test.each(LANGUAGES.map((each, nth) => [each, nth] as const))(
    'in %s: identify, take an appointment in, choose, take away, erase',
    async (language, nth) => {
      const say = translateTo(language);
      const manage = await book(town.origin, language, nth);
      await using visitor = await visit(browser, town.origin, { javaScriptEnabled: false });
      const page = await visitor.context.newPage();
      await page.goto(`/${language}/folder`);
      await identify(page, language);
      expect(new URL(page.url()).pathname).toBe(`/${language}/folder`);
      await page.getByText(say('folder.coming.none')).waitFor();

      await page.goto(manage);
      const reference = (await page.locator('.card dd strong').last().textContent()) ?? '';
      await page.getByRole('button', { name: say('folder.take.button') }).click();
      await page.getByText(say('folder.take.added')).waitFor();
      await page.getByRole('link', { name: say('folder.take.see') }).click();
      await page.getByText(say('folder.reference', { reference })).waitFor();

      await page.getByRole('link', { name: say('folder.preferences.title') }).click();
      await page.getByLabel(say('folder.called.label')).fill('Roseta');
      await page.getByRole('button', { name: say('folder.preferences.save') }).click();
      await page.getByText(say('identify.bar.as', { name: 'Roseta' })).waitFor();

      await page.goto(`/${language}/folder/data`);
      await page.getByRole('link', { name: say('folder.erase.identify') }).click();
      await identify(page, language);
      const loading = page.waitForEvent('download');
      await page.getByRole('button', { name: say('folder.export.button') }).click();
      const files = await filesIn(readFileSync(await (await loading).path()));
      const file = JSON.parse(files[`${say('folder.export.file')}.json`] ?? '');
      expect(file.person).toMatchObject({ identifier: '12345678Z', wishes: { called: 'Roseta' } });
      expect(file.appointments).toMatchObject([{ reference }]);

      await page.getByRole('link', { name: say('folder.erase.link') }).click();
      await page.getByRole('link', { name: say('folder.erase.identify') }).click();
      await identify(page, language);
      await page.getByText(say('folder.erase.coming.text')).waitFor();
      await page.getByRole('button', { name: say('folder.erase.button') }).click();
      await page.getByRole('heading', { name: say('folder.erased.title') }).waitFor();
      await page.goto(`/${language}/folder`);
      await page.getByRole('heading', { name: say('identify.title') }).waitFor();
      await page.goto(manage);
      await page.getByText(reference).first().waitFor();
    },
  );
});
