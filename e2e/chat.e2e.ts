import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { translateTo } from '../src/lib/i18n/translate.ts';
import { CHROME, openBrowser } from './support/browser.ts';
import { begun, hears, log, take } from './support/chat/talkers.ts';
import { atWork, JORDI, listening, MARTA } from './support/console.ts';
import { press, say } from './support/pages.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

let browser: Browser;
let town: Town;

beforeAll(async () => {
  browser = await openBrowser();
  town = await openTown({ clock: MORNING });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.[Symbol.asyncDispose]();
});

const send = async (page: Page, text: string, t = say) => {
  await page.getByLabel(t('chat.write')).fill(text);
  await press(page, t('chat.send'));
};

async function answer(page: Page, text: string): Promise<void> {
  const field = page.getByLabel(say('chatDesk.words'));
  await field.fill(text);
  // Enter sends once the script has started; the button sends with or without it.
  await press(page, say('chatDesk.send'));
  await hears(page, text);
  await field.press('Escape');
}

const ARABIC = 'مرحبا، أريد شهادة السكن';
/** How the words of a line are written. */
const written = (page: Page) =>
  log(page)
    .getByText(ARABIC)
    .evaluate((each) => [getComputedStyle(each).direction, each.getAttribute('lang')]);

describe.skipIf(!CHROME)('a chat', { timeout: 180_000 }, () => {
  test('two citizens and two agents, through a restart, until one agent’s browser is closed', async () => {
    const marta = await listening(await atWork(browser, town, MARTA));
    const rosa = await begun({ browser, town }, 'ca', [
      '<b>Rosa</b>',
      '<img src=x onerror=alert(1)>',
    ]);
    const dialogs: string[] = [];
    for (const page of [marta, rosa])
      page.on('dialog', (each) => {
        dialogs.push(each.message());
        void each.dismiss();
      });
    await take(marta, '<b>Rosa</b>');
    const atJordi = await atWork(browser, town, JORDI);
    const jordi = await listening(atJordi);
    const es = translateTo('es');
    const pere = await begun({ browser, town }, 'es', ['Pere', ARABIC]);
    await take(jordi, 'Pere');

    // Hostile words and links are words; what is written from right to left is so on both sides.
    const links = [`${town.origin}/ca/oac`, 'https://evil.example/ca/oac', 'javascript:alert(1)'];
    await answer(marta, `<script>alert(2)</script> ${links.join(' ')}`);
    await hears(rosa, '<script>alert(2)</script>');
    for (const page of [marta, rosa]) {
      const hrefs = await log(page)
        .getByRole('link')
        .evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).href));
      expect(hrefs).toEqual([links[0]]);
      expect(await log(page).locator('img, script').count()).toBe(0);
    }
    for (const page of [jordi, pere]) expect(await written(page)).toEqual(['rtl', '']);
    await answer(jordi, 'Bon dia, Pere');
    await hears(pere, 'Bon dia, Pere');
    expect(await axeFaults(pere)).toEqual([]);
    await theFiles(rosa);

    // The server is away: what is sent is kept, and sent once when it is back; nobody has lost anything.
    await town.server.stop();
    await send(rosa, 'Visc al carrer Major');
    await rosa.locator('.pending').getByText('Visc al carrer Major').waitFor();
    await town.comeTo(Temporal.Instant.from(MORNING).add({ minutes: 2 }).toString());
    await hears(marta, 'Visc al carrer Major');
    await rosa.locator('.pending').waitFor({ state: 'detached' });
    expect(await log(rosa).getByText('Visc al carrer Major').count()).toBe(1);
    await answer(marta, 'Ja ho tinc');
    await hears(rosa, 'Ja ho tinc');
    expect(await log(pere).textContent()).not.toContain('Major');

    // Jordi's browser is closed, and some minutes pass at his desk: Pere is at the head, and Marta answers.
    await atJordi.context.close();
    await minutesPassAt(JORDI);
    await hears(pere, es('chat.system.returned'));
    await take(marta, 'Pere');
    await hears(marta, ARABIC);
    await answer(marta, 'Continuo jo');
    await hears(pere, 'Continuo jo');

    await pere.getByRole('link', { name: es('chat.end') }).click();
    await press(pere, es('chat.end'));
    await pere.getByRole('link', { name: es('chat.survey') }).click();
    await pere.getByLabel('9', { exact: true }).check();
    await press(pere, es('citizen.survey.send'));
    await pere.getByText(es('citizen.thanks.title')).waitFor();
    expect(dialogs).toEqual([]);
    await rosa.getByRole('link', { name: say('chat.end') }).click();
    await press(rosa, say('chat.end'));
    await marta.context().close();
  });

  test('without scripts: what is new comes by itself, and what is being written stays', async () => {
    const eu = translateTo('eu');
    const marta = await listening(await atWork(browser, town, MARTA));
    const aina = await begun({ browser, town }, 'eu', ['Aina', 'Bon dia'], false);
    await take(marta, 'Aina');
    const field = aina.getByLabel(eu('chat.write'));
    await field.fill('Vull empadronar-me');
    await answer(marta, 'Digui’m');
    const part = aina.frameLocator('iframe');
    await part.getByText('Digui’m').waitFor();
    expect(await field.inputValue()).toBe('Vull empadronar-me');
    await press(aina, eu('chat.send'));
    await hears(aina, 'Vull empadronar-me');
    await hears(aina, 'Digui’m');
    await hears(marta, 'Vull empadronar-me');
    await aina.reload();
    expect(await log(aina).getByText('Vull empadronar-me').count()).toBe(1);
    await aina.getByRole('link', { name: eu('chat.end') }).click();
    await press(aina, eu('chat.end'));
    await aina.getByText(eu('chat.system.ended.person')).waitFor();
  });
});

/** A program that says that it is a PDF is refused; a note goes up, and down again. */
async function theFiles(page: Page): Promise<void> {
  const upload = async (name: string, mimeType: string, text: string) => {
    await page.getByText(say('chat.file'), { exact: true }).click();
    const file = { name, mimeType, buffer: Buffer.from(text) };
    await page.getByLabel(say('chat.file.label')).setInputFiles(file);
    await press(page, say('chat.file.send'));
  };
  await upload('rebut.pdf', 'application/pdf', 'MZ\x90\0hi');
  await hears(page, say('chat.file.refused'));
  await upload('nota.txt', 'text/plain', 'Hola');
  const download = page.waitForEvent('download');
  await log(page).getByRole('link', { name: 'nota.txt' }).click();
  expect((await download).suggestedFilename()).toBe('nota.txt');
}

/** No page has been open at somebody's desk for an hour. */
const minutesPassAt = (email: string) =>
  town.look(async (tx) => {
    const { desk } = await tx
      .selectFrom('staff')
      .innerJoin('staff_role', 'staff_role.staff_id', 'staff.id')
      .select('staff_role.desk_id as desk')
      .where('staff.email', '=', email)
      .where('staff_role.desk_id', 'is not', null)
      .executeTakeFirstOrThrow();
    const before = Temporal.Instant.from(MORNING).subtract({ hours: 1 }).toString();
    await tx
      .updateTable('presence')
      .set({ seen_at: before, said_at: before })
      .where('desk_id', '=', desk)
      .execute();
  });
