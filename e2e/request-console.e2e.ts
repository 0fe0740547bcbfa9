import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser } from './support/browser.ts';
import { press, say, seen, seenIn, signIn } from './support/pages.ts';
import { type Access, type RunningServer, startServer } from './support/server.ts';

/** Coordinates. */
const NURIA = 'nuria.roca@vilaclara.example';
/** In the team that mends streets. */
const PERE = 'pere.vidal@vilaclara.example';
/** In the team that cleans. */
const FATIMA = 'fatima.amrani@vilaclara.example';
const INBOX = '/console/oac/requests';

describe.skipIf(!CHROME)('requests in the console', () => {
  let browser: Browser;
  let server: RunningServer;
  let access: Access;
  let nuria: Page;
  let pere: Page;
  let fatima: Page;

  beforeAll(async () => {
    browser = await openBrowser();
    server = await startServer();
    access = await server.access();
    const opened = async (email: string) => {
      const context = await browser.newContext({ locale: 'ca-ES', baseURL: server.baseUrl });
      const page = await context.newPage();
      await signIn(page, access, email);
      return page;
    };
    nuria = await opened(NURIA);
    pere = await opened(PERE);
    fatima = await opened(FATIMA);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  let people = 0;

  /** Writes a request down for somebody who calls. Returns its reference and the address of its page. */
  async function writeDown(page: Page, words: string, point: string) {
    people++;
    await page.goto(`${INBOX}/new?type=fanal`);
    await page.locator('#text').fill(words);
    await page.locator('input[name="q-que-passa"][value="apagat"]').check();
    await page.locator('#point').fill(point);
    await page.locator('#name').fill('Rosa Soler');
    await page.locator('input[name="tellBy"][value="email"]').check();
    await page.locator('#email').fill(`rosa${people}@example.cat`);
    await press(page, say('requestDesk.new.send'));
    const reference = await seenIn(page.locator('.case-head h1 .figures'));
    return { reference, path: new URL(page.url()).pathname };
  }

  const listed = async (page: Page, query = '') => {
    await page.goto(`${INBOX}${query}`);
    return page.locator('[data-requests] th a').allInnerTexts();
  };

  test('comes to the team of its type, and is nobody else’s', async () => {
    const { reference, path } = await writeDown(nuria, 'El fanal no va', '41.5463, 2.1086');
    expect(await listed(nuria)).toContain(reference);
    expect(await listed(pere)).toContain(reference);
    expect(await listed(fatima)).not.toContain(reference);
    expect((await fatima.goto(path))?.status()).toBe(404);
  });

  test('is sent back with a reason and given to another team: its history has both', async () => {
    const { reference, path } = await writeDown(nuria, 'Un arbre tapa el fanal', '41.5450, 2.1150');
    await pere.goto(path);
    await press(pere, say('requestDesk.take'));
    await pere.locator('form[action$="/team"] select[name="team"]').selectOption('');
    await pere.locator('select[name="reason"]').selectOption('no-es-nostre');
    await press(pere, say('requestDesk.route.do'));
    expect(await seen(pere)).toContain(say('requestDesk.done.routed'));
    expect(await listed(pere)).not.toContain(reference);
    expect(await listed(nuria, '?group=unrouted')).toContain(reference);
    await nuria.goto(path);
    await nuria.locator('form[action$="/team"] select[name="team"]').selectOption('neteja');
    await press(nuria, say('requestDesk.route.do'));
    await fatima.goto(path);
    const history = await seenIn(fatima.locator('.case-history'));
    expect(history).toContain('No és feina d’aquest equip');
    expect(history).toContain('Pere Vidal');
    expect(history).toContain('Neteja i parcs');
    expect(history).toContain('Núria Roca');
  });

  test('two at once: the second loses nothing, and sends what they wrote again', async () => {
    const { path } = await writeDown(nuria, 'Fa pampallugues', '41.5440, 2.1080');
    await pere.goto(`${path}/step?step=answer`);
    await pere.locator('#words').fill('Demà hi passarem.');
    await nuria.goto(path);
    await press(nuria, say('requestDesk.step.plan'));
    await press(pere, say('requestDesk.step.answer'));
    expect(await seen(pere)).toContain(say('caseDesk.changed.typed'));
    expect(await pere.locator('#words').inputValue()).toBe('Demà hi passarem.');
    await press(pere, say('requestDesk.step.answer'));
    expect(await seen(pere)).toContain(say('requestDesk.done.moved'));
    expect(await seen(pere)).toContain('Demà hi passarem.');
    expect(await seen(pere)).toContain(say('requests.state.answered'));
  });

  test('those of one thing are merged, and all of its people are told', async () => {
    const one = await writeDown(nuria, 'No es veu res', '41.5464, 2.1120');
    const other = await writeDown(nuria, 'El mateix fanal', '41.5465, 2.1121');
    await pere.goto(one.path);
    await press(pere, say('requestDesk.merge.here', { reference: other.reference }));
    expect(await seen(pere)).toContain(other.reference);
    await pere.goto(other.path);
    expect(await seen(pere)).toContain(say('requests.state.merged'));
    await pere.goto(`${one.path}/step?step=answer&template=reparat`);
    expect(await pere.locator('#words').inputValue()).toContain(`${one.reference})`);
    await pere.locator('textarea[name="forAll"]').fill('El fanal torna a fer llum.');
    await press(pere, say('requestDesk.step.answer'));
    const told = async () =>
      (await server.outbox()).filter(({ subject }) =>
        [one.reference, other.reference].some((each) => subject.includes(each)),
      );
    // The lines of a mail are broken.
    const isTold = async ({ reference }: { reference: string }, news: 'answered' | 'shared') =>
      (await told()).some(
        ({ subject, text }) =>
          subject.includes(reference) &&
          text.replaceAll('\n', ' ').includes(say(`notices.request.lead.${news}`)),
      );
    await expect
      .poll(async () => [await isTold(one, 'answered'), await isTold(other, 'shared')])
      .toEqual([true, true]);
    // Nothing in a message says what it is about.
    for (const { text } of await told()) expect(text).not.toContain('fanal');
  });

  test('several are given in one go from the list', async () => {
    const sent = [
      await writeDown(nuria, 'Un', '41.5430, 2.1060'),
      await writeDown(nuria, 'Dos', '41.5420, 2.1000'),
    ];
    await pere.goto(INBOX);
    for (const { reference } of sent)
      await pere.getByLabel(say('requestDesk.choose.one', { reference })).check();
    await pere.locator('.request-several > summary').click();
    await press(pere, say('requestDesk.give'));
    expect(await seen(pere)).toContain(say('requestDesk.several.done', { count: 2 }));
    const mine = await listed(pere, '?group=mine');
    for (const { reference } of sent) expect(mine).toContain(reference);
  });

  test('whoever leaves no address gets the link on a sheet, and comes in by it', async () => {
    await pere.goto(`${INBOX}/new?type=fanal`);
    await pere.locator('#text').fill('No vull dir qui soc');
    await pere.locator('input[name="q-que-passa"][value="apagat"]').check();
    await pere.locator('#point').fill('41.5410, 2.1010');
    await pere.locator('input[name="tellBy"][value="page"]').check();
    await pere.locator('input[name="anonymous"]').check();
    await press(pere, say('requestDesk.new.send'));
    expect(await seen(pere)).toContain(say('requestDesk.done.made-untold'));
    const reference = await seenIn(pere.locator('.case-head h1 .figures'));
    await press(pere, say('requestDesk.link.show'));
    const address = await seenIn(pere.locator('.sheet .address'));
    const context = await browser.newContext({ locale: 'ca-ES' });
    const person = await context.newPage();
    await person.goto(address);
    expect(await seen(person)).toContain(reference);
    await context.close();
  });

  test('V and 0 lead to the inbox', async () => {
    await nuria.goto('/console/oac');
    await nuria.locator('html[data-keys]').waitFor();
    await nuria.keyboard.press('v');
    await nuria.keyboard.press('0');
    await expect.poll(() => new URL(nuria.url()).pathname).toBe(INBOX);
  });
});
