import { createHash } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pdf } from '../src/features/service/documents/checks/testing/files.ts';
import { pdfText } from '../src/lib/testing/pdf.ts';
import { CHROME, openBrowser } from './support/browser.ts';
import { everyQuestion, publishForm } from './support/forms/published.ts';
import { follow, heading, press, say, seen } from './support/pages.ts';
import { overflowOf } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const PROCEDURE = 'consulta-activitat';

/** Somebody fills in a form on a telephone without a script, stops, and goes on another day on another device. */
describe.skipIf(!CHROME)('a form on-line', { timeout: 120_000 }, () => {
  let browser: Browser;
  let town: Town;
  let context: BrowserContext;
  let page: Page;

  const device = () =>
    browser.newContext({
      javaScriptEnabled: false,
      baseURL: town.origin,
      viewport: { width: 360, height: 740 },
    });

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    await publishForm(town, everyQuestion(PROCEDURE));
  }, 180_000);
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });
  beforeEach(async () => {
    context = await device();
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const field = (name: string) => page.getByLabel(name, { exact: true });
  const goOn = () => press(page, say('citizen.continue'));

  async function identify(): Promise<void> {
    await press(page, 'Identitat de demostració');
    await page.waitForURL(/\/identify\/demo\/demo/);
    await press(page, say('identify.demo.button'));
  }

  test('from the procedure to the receipt, over two days and two devices, by keyboard too', async () => {
    await page.goto(`/ca/oac/${PROCEDURE}`);
    await follow(page, say('case.online.button'));
    await follow(page, say('identify.title'));
    await identify();
    await press(page, say('case.apply.begin'));
    expect(await heading(page)).toBe('Terrassa d’un bar');
    await follow(page, say('case.overview.begin'));

    // What identity has told is there, and where it is from.
    expect(await field('DNI o NIE').inputValue()).toBe('12345678Z');
    expect(await seen(page)).toContain(say('case.from.identity'));
    await goOn();
    expect(await heading(page)).toBe('On és?');
    await goOn();
    expect(await seen(page, 'alert')).toContain('Escriu el carrer');
    await page.getByRole('link', { name: /Escriu el carrer/ }).press('Enter');
    expect(await field('Carrer').evaluate((field) => field.matches(':target'))).toBe(true);
    await field('Carrer').fill('Carrer Major');
    await field('Número').fill('3');
    await field('Codi postal').fill('08191');
    await field('Municipi').fill('Rubí');
    await goOn();
    await goOn(); // where the tables stand need not be answered
    expect(await heading(page)).toBe('Quantes taules?');
    await field('Quantes taules?').fill('quatre');
    await press(page, say('case.later'));
    expect(await seen(page)).toContain(say('case.link.title'));
    const link = await field(say('case.link.label')).inputValue();
    await context.close();

    await town.comeTo('2026-11-27T18:00:00+01:00');
    context = await device();
    page = await context.newPage();
    await page.goto(link);
    await identify();
    await follow(page, say('case.overview.go'));
    expect(await field('Quantes taules?').inputValue()).toBe('quatre');
    await field('Quantes taules?').fill('4');
    await field('Quantes taules?').press('Enter');
    expect(await seen(page)).toContain('12');
    await goOn();
    for (const [part, text] of Object.entries({ Dia: '1', Mes: 'maig', Any: '2027' }))
      await field(part).fill(text);
    await goOn();
    await field('L’estiu').check();
    await goOn();
    await goOn(); // music
    await press(page, say('case.group.add', { name: 'persona' }));
    await field('Nom i cognoms').fill('Amina Benali');
    await goOn();
    expect(await seen(page)).toContain('Amina Benali');
    await goOn();
    // The plan as a file, by a phone that has no scripts.
    await page.locator('input[type=file]').setInputFiles({
      name: 'Plànol.pdf',
      mimeType: 'application/pdf',
      buffer: pdf(),
    });
    await page.getByRole('button', { name: say('case.paper.add') }).click();
    await page.waitForLoadState();
    expect(await seen(page)).toContain('Plànol.pdf');
    expect(await overflowOf(page)).toBe(0);
    await goOn();
    await field('Res més? (opcional)').fill('Gràcies');
    // Back takes nothing away.
    await goOn();
    await page.goBack();
    expect(await field('Res més? (opcional)').inputValue()).toBe('Gràcies');
    await goOn();
    await field('Declaro que és cert.').check();
    await goOn();
    expect(await heading(page)).toBe(say('case.check.title'));
    expect(await overflowOf(page)).toBe(0);
    await page.getByRole('link', { name: 'Canvia: Quantes taules?' }).click();
    await field('Quantes taules?').fill('6');
    await press(page, say('case.save'));
    expect(await seen(page)).toContain('18');
    await press(page, say('case.handIn.button'));
    expect(await heading(page)).toBe(say('case.done.title'));
    const receipt = await seen(page);
    expect(receipt).toMatch(/E2026\d{6}/);
    expect(receipt).toContain('6 taules');
    // Again: the same receipt.
    await page.goBack();
    await page.reload();
    expect(await heading(page)).toBe(say('case.done.title'));
    expect(await seen(page)).toContain(/E2026\d{6}/.exec(receipt)?.[0]);
  });

  test('a residence certificate is there as soon as it is asked for, and anybody can check it', async () => {
    await page.goto('/ca/oac/volant-padro/apply');
    await follow(page, say('identify.title'));
    await identify();
    await press(page, say('case.apply.begin'));
    await follow(page, say('case.overview.begin'));
    await field('Per a l’escola').check();
    await goOn();
    await goOn(); // worked out: no signed certificate is needed
    await field('Totes les persones que hi vivim').check();
    await goOn();
    await field('En castellà').check();
    await goOn();
    await goOn(); // no e-mail
    await press(page, say('case.handIn.button'));
    expect(await heading(page)).toBe(say('residence.ready.title'));
    const link = page.getByRole('link', { name: say('residence.ready.open') });
    const href = (await link.getAttribute('href')) ?? '';
    const file = await page.request.get(href);
    const { text, language, isTagged } = await pdfText(await file.body());
    expect({ language, isTagged }).toEqual({ language: 'es', isTagged: true });
    expect(text).toContain('Rosa Soler Vidal');
    const code = /Código de verificación: ([\dA-Z-]{34})/.exec(text)?.[1] ?? '';
    await page.goto('/ca/verify');
    await field(say('verification.label')).fill(code);
    await press(page, say('verification.button'));
    expect(await seen(page)).toContain(
      createHash('sha256')
        .update(await file.body())
        .digest('hex'),
    );
  });
});
