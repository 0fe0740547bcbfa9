import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, type Visitor, visit } from './support/browser.ts';
import { atWork, MARTA, NURIA } from './support/console.ts';
import { book, heading, say, seen } from './support/pages.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

/** The screen of a small laptop. */
const VIEWPORT = { width: 1280, height: 800 };

describe.skipIf(!CHROME)('finding what is needed while somebody is on the telephone', () => {
  let browser: Browser;
  let town: Town;
  let marta: Visitor;
  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    marta = await atWork(browser, town, MARTA, { viewport: VIEWPORT });
  });
  afterAll(async () => {
    await marta?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  test('a known caller has another appointment after four presses', async () => {
    await using citizen = await visit(browser, town.origin);
    const person = { name: 'Rosa Güell', phone: '612345678', email: 'rosa@example.cat' };
    await book(await citizen.context.newPage(), person);

    const page = await marta.context.newPage();
    await page.goto('/console/oac');
    const counted = { clicks: 0, keys: 0 };
    const click = async (what: ReturnType<Page['locator']>) => {
      counted.clicks++;
      await what.click();
      await page.waitForLoadState();
    };
    const type = async (text: string) => {
      counted.keys += text.length;
      await page.keyboard.type(text);
    };
    await click(page.locator('.places [data-action="book"]'));
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('phone');
    await type('612345678');
    counted.keys++;
    await page.keyboard.press('Enter');
    await page.getByText('Rosa Güell').first().waitFor();
    expect(await seen(page)).toMatch(/Ja té una cita/);
    await click(page.getByRole('button', { name: 'Volant de padró', exact: true }));
    await click(page.locator('.times-grid label').nth(4));
    // The button is in sight without scrolling, whatever the length of the page.
    const button = page.locator('#action');
    const place = await button.boundingBox();
    expect((place?.y ?? 9999) + (place?.height ?? 0)).toBeLessThanOrEqual(VIEWPORT.height);
    await click(button);
    expect(await heading(page)).toBe('Rosa Güell');
    console.log(
      `Booking for a known caller: ${counted.clicks} clicks, ${counted.keys} keys (before: 9 clicks, 25 keys); ` +
        `the button ends at y = ${Math.round((place?.y ?? 0) + (place?.height ?? 0))} of ${VIEWPORT.height} px (before: 1347)`,
    );
    expect(counted.clicks).toBeLessThanOrEqual(4);
  });

  test('the palette finds people, procedures and pages, and what is typed stays here', async () => {
    await using nuria = await atWork(browser, town, NURIA, { viewport: VIEWPORT });
    const page = await nuria.context.newPage();
    await page.goto('/console/oac/board');
    const asked: string[] = [];
    page.on('request', (each) => asked.push(each.url()));
    const found = page.waitForResponse((each) => each.url().endsWith('/find'));
    await page.keyboard.press('Control+k');
    await found;
    const options = page.locator('#palette-list [role="option"]');
    await page.keyboard.type('marta sol');
    await expect.poll(() => options.first().textContent()).toContain('Marta Soler');
    expect(asked.filter((each) => /marta/i.test(each))).toEqual([]);
    await page.locator('#palette-text').fill('intercanvia');
    await expect.poll(() => options.first().textContent()).toContain(say('rota.swap.title'));
    await page.locator('#palette-text').fill('soler');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\?desk=\d+/);
    expect(await seen(page)).toContain('Taula 1 · Marta Soler');
  });
});
