import { createHash } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pdf } from '../src/features/service/documents/checks/testing/files.ts';
import { pdfText } from '../src/lib/testing/pdf.ts';
import { CHROME, openBrowser } from './support/browser.ts';
import { everyQuestion, publishForm } from './support/forms/published.ts';
import { arriving, follow, heading, press, say, seen } from './support/pages.ts';
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
    const isTarget = () => field('Carrer').evaluate((field) => field.matches(':target'));
    await expect.poll(isTarget).toBe(true);
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
    await arriving(page, field('Quantes taules?').press('Enter'));
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
    await attach('Plànol.pdf');
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

  test('the terrace licence of the town, with its plan, its insurance and its fee, over two days', async () => {
    await page.goto('/ca/oac/terrassa/apply');
    await follow(page, say('identify.title'));
    await identify();
    await press(page, say('case.apply.begin'));
    await follow(page, say('case.overview.begin'));
    for (const text of ['Bar Pi', '12345678Z', 'ACT-2019-88']) {
      await page.locator('main input[type=text]').fill(text);
      await goOn();
    }
    await answer({ Carrer: 'Carrer Major', Número: '3', 'Codi postal': '08191' });
    await choose('No'); // last year there was none
    await goOn(); // so a plan is needed
    await choose('A la vorera');
    await press(page, say('case.group.add', { name: 'zona' }));
    await answer({ 'Quina llargada fa?': '4', 'Quina amplada fa?': '2,5' });
    await goOn();
    expect(await seen(page)).toContain('10');
    await goOn();
    await page.locator('main textarea').fill('41.5, 2.1\n41.5001, 2.1\n41.5001, 2.1001');
    await goOn();
    await attach('Plànol.pdf');
    await press(page, say('case.later'));
    const link = await field(say('case.link.label')).inputValue();
    await context.close();

    await town.comeTo('2026-11-28T18:00:00+01:00');
    context = await device();
    page = await context.newPage();
    await page.goto(link);
    await identify();
    await follow(page, say('case.overview.go'));
    await answer({ 'Quantes taules?': '4', 'Quantes cadires?': '16' });
    await choose('Tot l’any');
    await answer({ Dia: '1', Mes: 'gener', Any: '2027' });
    await answer({ 'Amb quina companyia tens l’assegurança?': 'Mútua del Vallès' });
    await answer({ 'Fins a quin import cobreix?': '300.000' });
    await answer({ Dia: '1', Mes: 'maig', Any: '2027' });
    await attach('Rebut.pdf');
    await goOn();
    for (let known = 0; known < 3; known++) await goOn(); // rate, months, deposit
    await answer({ 'A quin compte te la tornem?': 'ES91 2100 0418 4502 0005 1332' });
    for (const each of await page.locator('main input[type=checkbox]').all()) await each.check();
    await goOn();
    expect(await heading(page)).toBe(say('case.check.title'));
    await press(page, say('payment.check.button'));
    const amount = '486,50 €';
    await press(page, say('payment.go', { amount }));
    await press(page, say('payment.demo.pay', { amount }));
    await expect.poll(() => heading(page)).toBe(say('case.done.title'));
    const receipt = await seen(page);
    for (const name of ['Plànol.pdf', 'Rebut.pdf']) expect(receipt).toContain(name);
    expect(receipt).toContain(amount);
    expect(await overflowOf(page)).toBe(0);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: `${say('case.papers.open')} Plànol.pdf` }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('Plànol.pdf');
  });

  /** Fills in fields by their labels, and goes on. */
  async function answer(fields: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(fields)) await field(name).fill(text);
    await goOn();
  }
  async function choose(name: string): Promise<void> {
    await page.getByRole('radio', { name, exact: true }).check();
    await goOn();
  }
  /** Adds a file, as a telephone without scripts does. */
  async function attach(name: string): Promise<void> {
    const file = { name, mimeType: 'application/pdf', buffer: pdf() };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('button', { name: say('case.paper.add') }).click();
    await expect.poll(() => seen(page)).toContain(name);
    expect(await overflowOf(page)).toBe(0);
  }
});
