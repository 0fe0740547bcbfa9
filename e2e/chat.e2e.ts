import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES } from '../src/lib/i18n/languages.ts';
import { translateTo } from '../src/lib/i18n/translate.ts';
import { CHROME, openBrowser } from './support/browser.ts';
import { agentsOf } from './support/chat/agents.ts';
import { MARTA } from './support/console.ts';
import { press, say } from './support/pages.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const JORDI = 'jordi.puig@vilaclara.example';

let browser: Browser;
let town: Town;
const { as, come, leave, take, write, end } = agentsOf(() => town);

beforeAll(async () => {
  browser = await openBrowser();
  town = await openTown({ clock: MORNING });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.[Symbol.asyncDispose]();
});

/** A citizen's browser. */
async function citizen(options: { scripts?: boolean; locale?: string } = {}): Promise<Page> {
  const { scripts = true, locale = 'ca-ES' } = options;
  const context = await browser.newContext({
    baseURL: town.origin,
    locale,
    javaScriptEnabled: scripts,
    bypassCSP: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return page;
}

async function begin(page: Page, name: string, text: string): Promise<void> {
  await page.goto('/ca/oac/chat');
  await page.getByLabel('Padró i cens').check();
  await page.getByLabel(say('chat.name')).fill(name);
  await page.getByLabel(say('chat.first')).fill(text);
  await press(page, say('chat.begin'));
}

const log = (page: Page) => page.getByRole('log');
const hears = (page: Page, text: string) => log(page).getByText(text).waitFor();
const send = async (page: Page, text: string) => {
  await page.getByLabel(say('chat.write')).fill(text);
  await press(page, say('chat.send'));
};

describe.skipIf(!CHROME)('a chat', { timeout: 180_000 }, () => {
  test('two people with two agents, through a restart, and one agent vanishes', async () => {
    await come(MARTA);
    await come(JORDI);
    const [rosa, pere] = [await citizen(), await citizen()];
    await begin(rosa, 'Rosa', 'Com demano un volant?');
    await begin(pere, 'Pere', 'Vull canviar de domicili');
    const [first, second] = [await take(MARTA), await take(JORDI)];
    const isRosas = await as(
      MARTA,
      async ({ chatDesk }, office, viewer) =>
        (await chatDesk.look(viewer, office, first))!.chat.name === 'Rosa',
    );
    const [hers, his] = isRosas ? [MARTA, JORDI] : [JORDI, MARTA];
    const [chat, other] = isRosas ? [first, second] : [second, first];
    await rosa.getByText(say('chat.system.taken')).waitFor();

    await write(hers, chat, 'Bon dia, Rosa');
    await hears(rosa, 'Bon dia, Rosa');
    await send(rosa, 'Visc al carrer Major');
    await hears(rosa, 'Visc al carrer Major');
    expect(await log(pere).textContent()).not.toContain('Major');

    // The server is away: what is sent is kept, and sent once when it is back.
    const { port } = new URL(town.origin);
    expect(port).not.toBe('');
    await town.server.stop();
    await send(rosa, 'Encara sóc aquí');
    await rosa.locator('.pending').getByText('Encara sóc aquí').waitFor();
    await town.comeTo(Temporal.Instant.from(MORNING).add({ minutes: 2 }).toString());
    await hears(rosa, 'Encara sóc aquí');
    await rosa.locator('.pending').waitFor({ state: 'detached' });
    expect(await log(rosa).getByText('Encara sóc aquí').count()).toBe(1);

    // Her agent vanishes: she is at the head, and the other one answers.
    await come(his);
    await leave(hers);
    await hears(rosa, say('chat.system.returned'));
    expect(await take(his)).toBe(chat);
    await write(his, chat, 'Continuo jo');
    await hears(rosa, 'Continuo jo');
    expect(await axeFaults(rosa)).toEqual([]);
    await rosa.reload();
    await hears(rosa, 'Visc al carrer Major');

    await end(his, chat);
    await end(his, other);
    await rosa.getByRole('link', { name: say('chat.survey') }).click();
    await rosa.getByLabel('9', { exact: true }).check();
    await press(rosa, say('citizen.survey.send'));
    await rosa.getByText(say('citizen.thanks.title')).waitFor();
  });

  test('hostile text is text, and a file that is not what it says is refused', async () => {
    await leave(JORDI);
    await come(MARTA);
    const page = await citizen();
    const dialogs: string[] = [];
    page.on('dialog', (each) => {
      dialogs.push(each.message());
      void each.dismiss();
    });
    await begin(page, '<b>Rosa</b>', '<img src=x onerror=alert(1)>');
    const chat = await take(MARTA);
    const links = [`${town.origin}/ca/oac`, 'https://evil.example/ca/oac', 'javascript:alert(1)'];
    await write(MARTA, chat, `<script>alert(2)</script> ${links.join(' ')}`);
    await hears(page, '<script>alert(2)</script>');
    const hrefs = await log(page)
      .getByRole('link')
      .evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).href));
    expect(hrefs).toEqual([links[0]]);
    expect(await log(page).locator('img, script, b').count()).toBe(0);

    await page.getByText(say('chat.file'), { exact: true }).click();
    const program = {
      name: 'rebut.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('MZ\x90\0hi'),
    };
    await page.getByLabel(say('chat.file.label')).setInputFiles(program);
    await press(page, say('chat.file.send'));
    await hears(page, say('chat.file.refused'));
    const note = { name: 'nota.txt', mimeType: 'text/plain', buffer: Buffer.from('Hola') };
    await page.getByText(say('chat.file'), { exact: true }).click();
    await page.getByLabel(say('chat.file.label')).setInputFiles(note);
    await press(page, say('chat.file.send'));
    const download = page.waitForEvent('download');
    await log(page).getByRole('link', { name: 'nota.txt' }).click();
    expect((await download).suggestedFilename()).toBe('nota.txt');

    // Written from right to left.
    await send(page, 'مرحبا، أريد شهادة السكن');
    const arabic = log(page).getByText('مرحبا، أريد شهادة السكن');
    await arabic.waitFor();
    const how = await arabic.evaluate((each) => [
      getComputedStyle(each).direction,
      each.getAttribute('lang'),
    ]);
    expect(how).toEqual(['rtl', '']);
    expect(dialogs).toEqual([]);
    await end(MARTA, chat);
  });

  test('works without scripts, as pages that one loads again', async () => {
    await leave(JORDI);
    await come(MARTA);
    const page = await citizen({ scripts: false });
    await begin(page, 'Aina', 'Bon dia');
    const chat = await take(MARTA);
    await write(MARTA, chat, 'Digui’m');
    await page.getByRole('link', { name: say('chat.reload') }).click();
    await hears(page, 'Digui’m');
    await send(page, 'Vull empadronar-me');
    await hears(page, 'Vull empadronar-me');
    await page.reload();
    expect(await log(page).getByText('Vull empadronar-me').count()).toBe(1);
    await page.getByRole('link', { name: say('chat.end') }).click();
    await press(page, say('chat.end'));
    await page.getByText(say('chat.system.ended.person')).waitFor();
  });

  test.each(LANGUAGES)(
    'says all of it in %s, with and without somebody there',
    async (language) => {
      const t = translateTo(language);
      const page = await citizen({ locale: language });
      await as(MARTA, ({ presence }, office, viewer) => presence.leave(viewer, office));
      await as(JORDI, ({ presence }, office, viewer) => presence.leave(viewer, office));
      await page.goto(`/${language}/hisenda/chat`);
      await page.getByRole('heading', { name: t('chat.message.title') }).waitFor();
      expect(await axeFaults(page)).toEqual([]);
      await press(page, t('chat.message.send'));
      await page.getByRole('link', { name: t('chat.wrong.topic') }).waitFor();
      await page.getByRole('radio').first().check();
      await page.getByLabel(t('chat.message.text')).fill('Hello');
      await page.getByLabel(t('chat.email'), { exact: true }).fill('rosa@example.com');
      await press(page, t('chat.message.send'));
      await page.getByText(t('chat.message.waits')).waitFor();
      expect(await axeFaults(page)).toEqual([]);
    },
  );
});
