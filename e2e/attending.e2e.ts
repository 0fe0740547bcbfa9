import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROWSER_ARGS, CHROME, openBrowser, type Visitor, visit } from './support/browser.ts';
import { ANE, atWork, BASQUE, MARTA, SCREEN } from './support/console.ts';
import { book, press, say, seen, tabTo } from './support/pages.ts';
import { until } from './support/processes.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const PERE = 'pere.vidal@vilaclara.example';

describe.skipIf(!CHROME)('an encounter', () => {
  let browser: Browser;
  let town: Town;
  let ane: Visitor;
  let marta: Visitor;
  let nth = 0;

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    [ane, marta] = [await atWork(browser, town, ANE), await atWork(browser, town, MARTA)];
  });
  afterAll(async () => {
    await ane?.[Symbol.asyncDispose]();
    await marta?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  /** Continues with a session that is open elsewhere: a code is good for one sign-in. */
  const comeAs = async ({ context }: Pick<Visitor, 'context'>, other: Visitor) =>
    context.addCookies(await other.context.cookies());

  /** A citizen books; gives the path of their appointment. */
  async function booked(procedure = 'Volant de padró'): Promise<string> {
    const name = `Amaia ${'abcdefgh'[nth++]}`;
    await using visitor = await visit(browser, town.origin);
    const email = `${name.replace(' ', '.')}@example.com`;
    const person = { name, phone: `612 345 60${nth}`, email };
    await book(await visitor.context.newPage(), person, 0, { ...BASQUE, procedure });
    const { id } = await town.look((tx) =>
      tx
        .selectFrom('appointment')
        .select('id')
        .where('email', '=', email.toLowerCase())
        .executeTakeFirstOrThrow(),
    );
    return `/console/oac/appointment/${id}`;
  }

  /** The same, and is answered. */
  async function begun(procedure?: string): Promise<string> {
    const path = await booked(procedure);
    await town.operate(async ({ encounter, offices }) => {
      const office = (await offices.find('oac'))!;
      const nuria = { kind: 'staff', staff: 999, name: 'Núria', office: office.id } as const;
      const coordinator = { ...nuria, role: 'coordinator', desk: null } as const;
      return encounter.start(coordinator, office, idIn(path), { anyway: true });
    });
    return path;
  }

  const idIn = (path: string) => path.split('/').at(-1) ?? '';

  const notesOf = (path: string) =>
    town.look(async (tx) => {
      const row = await tx
        .selectFrom('encounter')
        .select('notes')
        .where('appointment_id', '=', idIn(path))
        .executeTakeFirstOrThrow();
      return row.notes;
    });

  /** Opens it where the island runs. */
  async function openIn({ context }: Pick<Visitor, 'context'>, path: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(path);
    await page.locator('#picker').waitFor();
    return page;
  }

  const isKept = (page: Page) =>
    page.waitForFunction(() => /\d:\d\d/.test(document.querySelector('#kept')?.textContent ?? ''));
  const kept = (page: Page, words: string) =>
    page.waitForFunction(
      (text) => document.querySelector('#kept')?.textContent?.includes(text),
      words,
    );

  test('three things are noted down by keyboard alone, ticked, and closed', async () => {
    const path = await begun();
    const page = await openIn(ane, path);
    await tabTo(page, 'pick');
    for (const [letters, name] of [
      ['electoral', 'Cens electoral'], // Catalan
      ['dogs', 'animal'], // an English keyword
      ['horario', 'Horaris'], // a query, in Spanish
    ] as const) {
      await page.keyboard.type(letters);
      await page.keyboard.press('Enter');
      await page.waitForFunction(
        (text) =>
          (document.querySelector('#pick') as HTMLInputElement | null)?.value === '' &&
          document.querySelector('#items .item:last-of-type legend')?.textContent?.includes(text),
        name,
      );
    }
    await page.keyboard.type('una pregunta sobre el carnaval');
    await page.keyboard.press('Enter');
    await page.locator('#item-4-label').waitFor();
    expect(await page.locator('#item-4-label').inputValue()).toBe('una pregunta sobre el carnaval');
    const outcomes = await page
      .locator('#items select[id$="-outcome"]')
      .evaluateAll((all) => all.map((each) => (each as HTMLSelectElement).value));
    expect(outcomes).toEqual(['done', 'done', 'done', 'answered', 'answered']);
    expect(await page.locator('#kept-said').textContent()).toContain('carnaval');
    expect(await axeFaults(page)).toEqual([]);

    await tabTo(page, 'item-0-outcome');
    await page.keyboard.type('Fet');
    await tabTo(page, 'point-volant-padro-step-adreca');
    await page.keyboard.press('Space');
    await tabTo(page, 'identity');
    await page.keyboard.press('Space');
    await tabTo(page, 'wrapUp');
    await page.keyboard.press('Space');
    await isKept(page);
    // The step of what was added is required, and nobody ticked it.
    await tabTo(page, 'action');
    await page.keyboard.press('Enter');
    await page.locator('#unticked').waitFor();
    await tabTo(page, 'action');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: say('staff.fulfilled.title') }).waitFor();
    const said = await seen(page);
    for (const part of ['Cens electoral', 'carnaval', 'L’adreça del padró', 'Ane Etxeberria'])
      expect(said).toContain(part);
    await page.close();
  });

  test('an item that two presses on a slow line add is there once', async () => {
    const page = await openIn(ane, await begun());
    const pressed = Promise.withResolvers<void>();
    await page.route('**/what?q=electoral', async (route) => {
      await pressed.promise;
      await route.continue();
    });
    await page.locator('#pick').focus();
    await page.keyboard.type('electoral');
    for (let time = 0; time < 2; time++) await page.keyboard.press('Enter');
    pressed.resolve();
    const items = page.locator('#items .item');
    await items.filter({ hasText: 'Cens electoral' }).first().waitFor();
    await page.keyboard.type('dogs');
    await page.keyboard.press('Enter');
    await items.filter({ hasText: 'animal' }).first().waitFor();
    expect(await items.count()).toBe(3); // with what they came for
    await page.close();
  });

  test('two agents write at once: both texts are kept; the same field leads to a question with the other’s name', async () => {
    const path = await begun();
    const [hers, other] = [await openIn(ane, path), await openIn(marta, path)];
    await hers.locator('#notes').fill('De l’Ane');
    await isKept(hers);
    await other.getByLabel('Resolt').check();
    await isKept(other);
    await other.waitForFunction(
      () => (document.querySelector('#notes') as HTMLTextAreaElement).value === 'De l’Ane',
    );
    await hers.locator('#notes').fill('De l’Ane, més llarg');
    await until('it is saved', async () => (await notesOf(path)) === 'De l’Ane, més llarg');
    await other.locator('#notes').fill('De la Marta');
    await other.locator('#conflict').waitFor();
    expect(await other.locator('#conflict').textContent()).toContain('Ane Etxeberria');
    expect(await other.locator('#notes').inputValue()).toBe('De la Marta');
    expect(await notesOf(path)).toBe('De l’Ane, més llarg');
    await kept(other, 'Encara no s’ha desat');
    expect(await axeFaults(other)).toEqual([]);
    await other.locator('button[value="both-notes"]').click();
    await press(other, say('staff.encounter.save'));
    await until('both are there', async () => (await notesOf(path)).includes('De la Marta'));
    expect(await notesOf(path)).toBe('De l’Ane, més llarg\nDe la Marta');
    await hers.close();
    await other.close();
  });

  test('a browser that is killed loses nothing', async () => {
    const path = await begun();
    const program = await chromium.launchServer({
      executablePath: CHROME ?? '',
      args: BROWSER_ARGS,
    });
    const dying = await chromium.connect(program.wsEndpoint());
    const visitor = await visit(dying, town.origin, { ...SCREEN, javaScriptEnabled: true });
    await comeAs(visitor, ane);
    const page = await openIn(visitor, path);
    await page.locator('#notes').focus();
    // There is no pause, no change of the field and no press of a button.
    await page.keyboard.type('Ha portat el contracte i demana hora per al juny.', { delay: 20 });
    await until('it is saved', async () => (await notesOf(path)).endsWith('juny.'));
    const gone = new Promise((resolve) => program.process().once('exit', resolve));
    program.process().kill('SIGKILL');
    await gone;
    const again = await openIn(ane, path);
    expect(await again.locator('#notes').inputValue()).toContain('el contracte i demana hora');
    await again.close();
  });

  test('without a connection it says so, stays in the tab over a reload, and is saved once it is back', async () => {
    const path = await begun();
    const page = await openIn(ane, path);
    await ane.context.setOffline(true);
    await page.locator('#notes').fill('Escrit sense connexió');
    await kept(page, 'no hi ha connexió');
    // The page stays once that has failed; before, the button would go on as soon as there is a connection.
    const failed = page.waitForEvent('requestfailed', (each) => each.url().endsWith('/save'));
    await page.locator('#action').click();
    await failed;
    expect(await page.locator('#notes').inputValue()).toBe('Escrit sense connexió');
    await ane.context.setOffline(false);
    await isKept(page);
    await until('it is saved', async () => (await notesOf(path)) === 'Escrit sense connexió');

    await page.route('**/save', (route) => route.abort());
    await page.locator('#notes').fill('Abans de recarregar');
    await kept(page, 'no hi ha connexió');
    await page.unroute('**/save');
    await page.reload();
    await page.waitForFunction(
      () =>
        (document.querySelector('#notes') as HTMLTextAreaElement).value === 'Abans de recarregar',
    );
    await until('it is saved', async () => (await notesOf(path)) === 'Abans de recarregar');
    // Forgotten once the browser has the answer.
    await expect.poll(() => page.evaluate(() => Object.keys(sessionStorage).length)).toBe(0);
    await page.close();
  });

  test('a polite message about numbers; after signing out the tab has no citizen’s data', async () => {
    const path = await begun();
    await using visitor = await atWork(browser, town, PERE);
    const page = await openIn(visitor, path);
    const hint = page.getByText(say('staff.encounter.personal'));
    expect(await hint.isVisible()).toBe(false);
    await page.route('**/save', (route) => route.abort());
    await page.locator('#notes').fill('El seu DNI és 12345678Z');
    await hint.waitFor();
    await kept(page, 'no hi ha connexió');
    expect(await page.evaluate(() => Object.keys(sessionStorage).length)).toBe(1);
    await page.locator('form[action="/staff/sign-out"] button').evaluate((button) => {
      (button as HTMLButtonElement).click();
    });
    await page.waitForURL('**/staff/sign-in**');
    expect(await page.evaluate(() => Object.keys(sessionStorage).length)).toBe(0);
  });

  test('without scripts: rows, a conflict, the check-list, and a follow-up that is seen from both', async () => {
    const path = await begun('Registrar un animal de companyia');
    await using plain = await visit(browser, town.origin, SCREEN);
    await comeAs(plain, ane);
    const page = await plain.context.newPage();
    await page.goto(path);
    await page.locator('#item-0-outcome').selectOption('done');
    await press(page, say('staff.encounter.add'));
    await page.locator('#item-1-what').selectOption('p:volant-padro');
    await page.locator('#item-1-outcome').selectOption('done');
    const colleague = await openIn(marta, path);
    await colleague.locator('#notes').fill('De la Marta');
    await until('it is saved', async () => (await notesOf(path)) === 'De la Marta');
    await colleague.close();
    await page.locator('#notes').fill('De l’Ane');
    await press(page, say('staff.encounter.save'));
    expect(await page.locator('#conflict').textContent()).toContain('De la Marta');
    await page.locator('button[value="take-notes"]').click();
    expect(await page.locator('#notes').inputValue()).toBe('De la Marta');
    await page.getByLabel('No calia').check();
    await page.getByLabel('Cal una altra cita').check();
    await press(page, say('attending.follow.close'));
    expect(await seen(page)).toContain(say('attending.unticked.title'));
    await press(page, say('attending.follow.close'));

    expect(await seen(page)).toContain('Cita de seguiment per a Amaia');
    await page.locator('input[name="start"]').first().check();
    await press(page, say('desk.book.submit'));
    expect(await seen(page)).toContain(say('attending.follow.done'));
    await page.getByRole('link', { name: say('attending.follow.see') }).click();
    expect(await seen(page)).toContain(say('attending.earlier.followed_by_this'));
    await page.goto(path);
    expect(await seen(page)).toContain(say('attending.earlier.follows_this'));
  });

  test('a citizen with another person’s number corrects it by the link in the mail, and is called', async () => {
    const path = await booked();
    await using plain = await visit(browser, town.origin, SCREEN);
    await comeAs(plain, ane);
    const page = await plain.context.newPage();
    await page.goto(path);
    await press(page, say('staff.outcome.wrong_number'));
    await press(page, say('doubt.early.anyway'));
    expect(await seen(page)).toContain(say('attending.number.title'));
    expect(await page.locator('a[href^="tel:"]').count()).toBe(0);
    let link = '';
    await until('the mail is there', async () => {
      const texts = (await town.server.outbox()).map((each) => each.text);
      link = texts.flatMap((text) => /\S+\/contact(?=\s)/.exec(text) ?? [])[0] ?? '';
      return link !== '';
    });
    await using citizen = await visit(browser, town.origin);
    const theirs = await citizen.context.newPage();
    await theirs.goto(link);
    await theirs.getByLabel(say('citizen.details.phone'), { exact: true }).fill('633 444 555');
    await press(theirs, say('citizen.contact.button'));
    expect(await seen(theirs)).toContain(say('manage.done.contact'));
    await page.goto(path);
    expect(await page.locator('a[href^="tel:"]').getAttribute('href')).toContain('633444555');
    expect(await seen(page)).toContain(say('staff.call.attempt', { number: 2, max: 3 }));
  });
});
