import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provedCitizen } from '../src/features/booking/proof/testing.ts';
import { INSTALLATION, within } from '../src/lib/db/database.ts';
import { translateTo } from '../src/lib/i18n/translate.ts';
import { CHROME, NO_CHROME, openBrowser, visit } from './support/browser.ts';
import { type Client, openClient, startsIn } from './support/client.ts';
import { signIn } from './support/pages.ts';
import { identifyAs } from './support/scanning/folder-states.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const say = translateTo('ca');
const LIST = '/ca/folder/representations';
const JORDI = { name: 'Jordi Pons', identifier: '99999999R' };
const COORDINATOR = 'nuria.roca@vilaclara.example';

/** Books the first free time as whoever is identified in a browser. Returns the address of its page. */
async function book(client: Client): Promise<string> {
  const times = '/ca/oac/volant-padro/times?channel=phone&language=ca';
  const start = startsIn((await client.get(times)).html)[0] ?? '';
  const details = await client.post(times, { start });
  const person = { name: 'Rosa Soler', phone: '612 345 678', email: 'rosa@example.cat' };
  const check = await client.post(details.path, { ...person, anything: 'no' });
  const booked = await client.post(check.path, { folder: 'yes' });
  return booked.path.replace('/confirmed', '');
}

describe.skipIf(!CHROME)('one person for another, without scripts', { timeout: 240_000 }, () => {
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

  /** Hands over the signed authorisation of an appointment. Returns the appointment's id. */
  const handOver = (manage: string) =>
    town.operate(async ({ documents, offices, appointments, database }) => {
      const { id, office: at } = (await appointments.bySecret(manage.split('/').at(-1) ?? ''))!;
      const paper = { kind: 'inbox', requested: null, name: 'autoritzacio.pdf' } as const;
      const what = { ...paper, type: 'application/pdf' };
      const office = await offices.byId(at);
      const kept = await documents.keep(provedCitizen(id), office, id, what, randomBytes(99));
      if (!kept.ok) throw new Error(kept.reason);
      // No antivirus runs here.
      await within(database.kysely, INSTALLATION, (tx) =>
        tx.updateTable('document').set({ state: 'clean' }).execute(),
      );
      return id;
    });

  test('asked, accepted in the console, acted by, revoked: then it opens nothing', async () => {
    await using visitor = await visit(browser, town.origin, { javaScriptEnabled: false });
    const page = await visitor.context.newPage();
    await page.goto(`/ca/identify?${new URLSearchParams({ level: 'substantial', next: LIST })}`);
    await page.locator('button[name=provider]').first().click();
    await page.waitForURL(/\/identify\/demo\//);
    await page.getByRole('button', { name: say('identify.demo.button') }).click();
    await page.getByText(say('representation.representative.none')).waitFor();
    // The same browser, without a window.
    const rosa = openClient(town.origin, 'ca');
    await identifyAs(rosa, 'ca');
    const manage = await book(rosa);
    const id = await handOver(manage);

    await page.goto(`${LIST}/ask?office=oac`);
    await page.getByLabel(say('representation.representative.name')).fill(JORDI.name);
    await page.getByLabel(say('representation.identifier')).fill(JORDI.identifier);
    await page.getByLabel(say('representation.all')).check();
    await page.getByLabel(say('representation.until')).fill('2027-11-30');
    await page.getByRole('button', { name: say('representation.representative.send') }).click();
    await page.getByText(say('representation.done.asked')).waitFor();

    await using office = await visit(browser, town.origin, { javaScriptEnabled: false });
    const desk = await office.context.newPage();
    await signIn(desk, await town.server.access(), COORDINATOR);
    await desk.goto(`/console/oac/appointment/${id}`);
    await desk.getByRole('link', { name: say('representation.desk.link', { count: 1 }) }).click();
    await desk.getByLabel(say('representation.desk.document')).selectOption('autoritzacio.pdf');
    await desk.getByRole('button', { name: say('representation.desk.accept') }).click();
    await desk.getByText(/L’ha acceptat/).waitFor();

    await page.goto(LIST);
    await page
      .getByRole('button', { name: say('representation.act', { name: JORDI.name }) })
      .click();
    await page.getByText(say('representation.acting', { name: JORDI.name })).waitFor();
    const which = await page.locator('input[name=which]').first().inputValue();
    await rosa.post(LIST, { do: 'act', which });
    const forJordi = await book(rosa);
    await page.goto(forJordi);
    await page.getByText(say('representation.booked', { name: JORDI.name })).waitFor();

    const jordi = openClient(town.origin, 'ca');
    await identifyAs(jordi, 'ca', { person: JORDI.identifier });
    expect((await jordi.get('/ca/folder')).html).toContain(forJordi);
    await jordi.post(LIST, { do: 'end', which });
    expect((await page.goto(forJordi))?.status()).toBe(403);
    await page.getByRole('heading', { name: say('citizen.problem.no_authority.title') }).waitFor();
    await page.getByRole('button', { name: say('representation.goOn') }).click();
    expect(await page.locator('nav.session').textContent()).not.toContain('Jordi');
  });
});
