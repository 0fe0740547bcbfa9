import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formSchema } from '../src/domain/form/schema.ts';
import { CHROME, openBrowser, type Visitor } from './support/browser.ts';
import { atWork, MARTA, NURIA } from './support/console.ts';
import { publishForm } from './support/forms/published.ts';
import { follow, heading, press, say, seen } from './support/pages.ts';
import { until } from './support/processes.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const PROCEDURE = 'consulta-activitat';
const asked = (id: string, type: string, ca: string, more: object = {}) => ({
  ...{ id, type, label: { ca } },
  ...more,
});

/** A grant that its partner signs too, and that the office decides. */
const grant = formSchema.parse({
  procedure: PROCEDURE,
  title: { ca: 'Ajut per obrir un local' },
  identity: 'low',
  sign: 'session',
  steps: [
    {
      id: 'local',
      together: true,
      questions: [
        asked('rotul', 'text', 'Nom del local', { required: true }),
        asked('correu', 'email', 'Correu', { required: true, from: 'contact.email' }),
      ],
    },
    {
      id: 'socis',
      questions: [
        asked('qui', 'group', 'Amb qui?', {
          item: { ca: 'soci' },
          most: 3,
          questions: [
            asked('nom', 'text', 'Nom i cognoms', { required: true }),
            asked('nif', 'nif', 'DNI', { required: true }),
            asked('correu', 'email', 'Correu', { required: true }),
          ],
        }),
      ],
    },
  ],
  cosigners: { of: 'socis.qui', name: 'nom', nif: 'nif', email: 'correu', state: 'signatures' },
  states: {
    names: { signatures: { ca: 'Falten signatures' } },
    transitions: [
      { from: 'signatures', to: 'registered', who: 'cosigners' },
      { from: 'registered', to: 'in-review', who: 'office' },
      { from: 'in-review', to: 'to-amend', who: 'office' },
      { from: 'to-amend', to: 'in-review', who: 'citizen', deadline: 10 },
      { from: 'to-amend', to: 'lapsed', who: 'system', deadline: 10 },
      { from: 'in-review', to: 'granted', who: 'office' },
      { from: 'in-review', to: 'refused', who: 'office' },
    ],
  },
  decision: { months: 3, silence: 'refused' },
});

/* A case from the first question to the decision, with a partner who signs it and a correction: telephones without scripts, and two desks. */
describe.skipIf(!CHROME)('the life of a case', { timeout: 240_000 }, () => {
  let browser: Browser;
  let town: Town;
  let rosa: Page;
  let marta: Visitor;
  let nuria: Visitor;
  /** The page of the case: Rosa's, and the desks'. */
  let own = '';
  let desk = '';

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    await publishForm(town, grant);
    rosa = await phone();
    marta = await atWork(browser, town, MARTA);
    nuria = await atWork(browser, town, NURIA);
  }, 180_000);
  afterAll(async () => {
    await marta?.[Symbol.asyncDispose]();
    await nuria?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  const phone = () =>
    browser.newPage({
      javaScriptEnabled: false,
      baseURL: town.origin,
      viewport: { width: 360, height: 740 },
    });
  const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
  const goOn = () => press(rosa, say('citizen.continue'));

  async function identify(page: Page, who: RegExp): Promise<void> {
    await press(page, 'Identitat de demostració');
    await page.getByLabel(who).check();
    await press(page, say('identify.demo.button'));
  }

  /** Waits for the message to an address that says this. Returns the first link in it. */
  const linkTo = (address: string, words: string) =>
    until(`a message to ${address}: ${words}`, async () => {
      const mail = (await town.server.outbox()).find(
        ({ to, text }) => to === address && text.includes(words),
      );
      return /http\S+/.exec(mail?.text ?? '')?.[0];
    });

  test('is handed in, and waits for the partner whom it names', async () => {
    await rosa.goto(`/ca/oac/${PROCEDURE}/apply`);
    await follow(rosa, say('identify.title'));
    await identify(rosa, /Rosa Soler/);
    await press(rosa, say('case.apply.begin'));
    await follow(rosa, say('case.overview.begin'));
    await field(rosa, 'Nom del local').fill('Bar Pi');
    await field(rosa, 'Correu').fill('rosa@example.cat');
    await goOn();
    await press(rosa, say('case.group.add', { name: 'soci' }));
    await field(rosa, 'Nom i cognoms').fill('Jordi Pons Riba');
    await field(rosa, 'DNI').fill('99999999R');
    await field(rosa, 'Correu').fill('jordi@example.cat');
    await goOn();
    await goOn();
    await press(rosa, say('case.handIn.button'));
    own = rosa.url();
    expect(await seen(rosa)).toContain('Falten signatures');
    expect(await seen(rosa)).toContain(say('cosign.others.waiting'));
  });

  test('is read and signed by the partner, who gets a receipt of their own', async () => {
    const jordi = await phone();
    await jordi.goto(await linkTo('jordi@example.cat', 'necessita la teva signatura'));
    await identify(jordi, /Jordi Pons/);
    expect(await seen(jordi)).toContain('Bar Pi');
    await press(jordi, say('cosign.sign.button'));
    expect(await heading(jordi)).toBe(say('cosign.signed.title'));
    await follow(jordi, say('receipt.open'));
    expect(await seen(jordi)).toMatch(/E2026\d{6}/);
    expect(await seen(jordi)).toContain('Jordi Pons Riba');
    await jordi.close();
    await rosa.goto(own);
    expect(await seen(rosa)).not.toContain('Falten signatures');
  });

  test('is taken, and asked to be amended to the exact question', async () => {
    const page = await marta.context.newPage();
    await page.goto('/console/oac/cases');
    await page.locator('tbody th a').first().click();
    desk = await until('the case is open', async () => {
      const at = new URL(page.url()).pathname;
      return /\/cases\/[\w-]{36}$/.test(at) && at;
    });
    await page.locator('[data-action="takeCase"]').click();
    await page.getByText(say('caseDesk.done.given')).waitFor();
    await press(page, say('caseDesk.step.review'));
    await page.getByText(say('caseDesk.done.moved').slice(0, 12)).first().waitFor();
    await page.goto(`${desk}/amend`);
    await page.locator('details', { hasText: 'Nom del local' }).locator('summary').click();
    await page.locator('textarea[name="point-local--rotul"]').fill('El nom sencer, si us plau.');
    await press(page, say('caseDesk.amend.button'));
    await page.getByText(say('caseDesk.done.asked')).waitFor();
    await page.close();

    await rosa.goto(await linkTo('rosa@example.cat', 'cal corregir alguna cosa'));
    expect(await seen(rosa)).toContain('El nom sencer, si us plau.');
    await rosa.goto(own.replace('/done', '/local'));
    await field(rosa, 'Nom del local').fill('Bar El Pi');
    await goOn();
    expect(await seen(rosa)).toContain('Bar El Pi');
    await press(rosa, say('case.handIn.button'));
    expect(await seen(rosa)).toContain('Bar El Pi');
    expect((await seen(rosa)).match(/E2026\d{6}/g)?.length).toBeGreaterThan(1);
  });

  test('is written by one official, issued by another, and read by its person', async () => {
    const writer = await marta.context.newPage();
    await writer.goto(`${desk}/decide?to=granted`);
    await writer.locator('textarea[name="text"]').fill('Es concedeix l’ajut al Bar El Pi.');
    await press(writer, say('caseDesk.decide.button'));
    await writer.getByText('Es concedeix l’ajut al Bar El Pi.').first().waitFor();
    expect(await writer.getByRole('button', { name: say('caseDesk.review.button') }).count()).toBe(
      0,
    );
    const issuer = await nuria.context.newPage();
    await issuer.goto(`${desk}/decision`);
    expect(await axeFaults(issuer)).toEqual([]);
    await press(issuer, say('caseDesk.review.button'));
    await issuer.getByText(say('caseDesk.done.decided')).waitFor();

    await rosa.goto(own);
    expect(await seen(rosa)).not.toContain('Es concedeix');
    await follow(rosa, say('notification.case.link'));
    await press(rosa, say('notification.open'));
    await rosa.goto(own);
    expect(await seen(rosa)).toContain(say('case.decision.title'));
    await issuer.goto(desk);
    await issuer.getByRole('heading', { name: say('notification.desk.title') }).waitFor();
  });
});
