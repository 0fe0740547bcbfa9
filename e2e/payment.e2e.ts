import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CHROME, openBrowser } from './support/browser.ts';
import { pricedForm } from './support/forms/priced.ts';
import { publishForm } from './support/forms/published.ts';
import { follow, heading, press, say, seen } from './support/pages.ts';
import { overflowOf } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const PROCEDURE = 'consulta-activitat';

/** Somebody pays the fee of a form on a telephone without a script, on the bank of the demonstration. */
describe.skipIf(!CHROME)('a fee', { timeout: 120_000 }, () => {
  let browser: Browser;
  let town: Town;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    await publishForm(town, pricedForm(PROCEDURE));
  }, 180_000);
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({
      javaScriptEnabled: false,
      baseURL: town.origin,
      viewport: { width: 360, height: 740 },
    });
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const field = (name: string) => page.getByLabel(name, { exact: true });
  const amount = '25,00\u00a0€';

  /** Comes to the page that leads to the bank. */
  async function toPay(): Promise<void> {
    await page.goto(`/ca/oac/${PROCEDURE}`);
    await follow(page, say('case.online.button'));
    await press(page, say('case.apply.begin'));
    await follow(page, say('case.overview.begin'));
    await field('Quants metres?').fill('2');
    await press(page, say('citizen.continue'));
    expect(await heading(page)).toBe(say('case.check.title'));
    await press(page, say('payment.check.button'));
    expect(await heading(page)).toBe(say('payment.title'));
    expect(await overflowOf(page)).toBe(0);
  }

  test('is refused by the bank, paid on the second try, and on the receipt', async () => {
    await toPay();
    await press(page, say('payment.go', { amount }));
    expect(await heading(page)).toBe(say('payment.demo.title'));
    await press(page, say('payment.demo.deny'));
    expect(await heading(page)).toBe(say('payment.failed.title'));
    await press(page, say('payment.failed.again'));
    const pay = page.url();
    await press(page, say('payment.go', { amount }));
    await press(page, say('payment.demo.pay', { amount }));
    expect(await heading(page)).toBe(say('case.done.title'));
    const receipt = await seen(page);
    expect(receipt).toMatch(/E2026\d{6}/);
    expect(receipt).toMatch(/25,00\s€/);
    expect(await overflowOf(page)).toBe(0);
    // The page that led to the bank leads to the receipt now, and never to another payment.
    await page.goto(pay);
    expect(await heading(page)).toBe(say('case.done.title'));
  });

  test('whose bank tells nothing waits, can be left, and is paid by another attempt', async () => {
    await toPay();
    await press(page, say('payment.go', { amount }));
    await press(page, say('payment.demo.silent'));
    expect(await heading(page)).toBe(say('payment.waiting.title'));
    await follow(page, say('payment.waiting.look'));
    expect(await heading(page)).toBe(say('payment.waiting.title'));
    await press(page, say('payment.again'));
    await press(page, say('payment.go', { amount }));
    await press(page, say('payment.demo.pay', { amount }));
    expect(await heading(page)).toBe(say('case.done.title'));
  });
});
