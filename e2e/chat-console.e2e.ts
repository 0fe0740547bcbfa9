import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser } from './support/browser.ts';
import { begun, hears, log, take } from './support/chat/talkers.ts';
import { atWork, JORDI, listening, MARTA, NURIA } from './support/console.ts';
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

/** Sends what is in the field by Enter, once the page's script has started. */
async function send(field: Locator): Promise<void> {
  await field.focus();
  const left = async () => {
    await field.press('Enter');
    return (await field.inputValue()).trim();
  };
  await expect.poll(left, { timeout: 20_000 }).toBe('');
}

describe.skipIf(!CHROME)('chats in the console', { timeout: 180_000 }, () => {
  test('three at once by keys, one handed over with a note, and the line on the wall', async () => {
    const marta = await listening(await atWork(browser, town, MARTA));
    const rosa = await begun({ browser, town }, 'ca', ['Rosa', 'On empadrono el meu fill?']);
    await take(marta, 'Rosa');
    await hears(marta, 'On empadrono el meu fill?');
    const field = marta.getByLabel(say('chatDesk.words'));
    await field.fill('Bon dia, ara m’ho miro');
    await send(field);
    await hears(marta, 'Bon dia, ara m’ho miro');
    await hears(rosa, 'Bon dia, ara m’ho miro');
    await field.press('Escape');

    await begun({ browser, town }, 'ca', ['Pere', 'Necessito un volant']);
    await take(marta, 'Pere');
    const julia = await begun({ browser, town }, 'ca', ['Júlia', 'On és l’oficina?']);
    await take(marta, 'Júlia');
    const own = marta.locator('#chat-list');
    await own.getByRole('heading', { name: say('chatDesk.own', { count: 3 }) }).waitFor();
    expect(await axeFaults(marta)).toEqual([]);

    // A prepared answer, by keys, with its source.
    await marta.locator('body').press('(');
    await marta.getByRole('button', { name: 'Volant de padró' }).click();
    expect(await field.inputValue()).toContain(`${town.origin}/ca/oac/volant-padro`);
    await send(field);
    await log(marta)
      .getByRole('link', { name: /volant-padro$/ })
      .waitFor();

    // Jordi comes, and gets it with a note that Júlia never reads.
    const jordi = await listening(await atWork(browser, town, JORDI));
    await marta.reload();
    await marta.locator('html[data-keys]').waitFor();
    await marta.locator('body').press('v');
    await marta.locator('body').press('6');
    await marta.getByLabel(say('chatDesk.hand.to'), { exact: true }).selectOption({ index: 0 });
    await marta.getByLabel(say('chatDesk.hand.note')).fill('Ja sap l’adreça');
    await press(marta, say('chatDesk.hand.submit'));
    await marta.getByText(say('chatDesk.done.handed')).waitFor();
    await take(jordi, 'Júlia');
    await hears(jordi, 'Ja sap l’adreça');

    const nuria = await listening(await atWork(browser, town, NURIA), '/console/oac/now?wall=1');
    expect(await nuria.locator('#figure-chats-talking').textContent()).toBe('3');
    expect(await nuria.locator('main').textContent()).not.toContain('Júlia');
    expect(await log(julia).getByText('Ja sap l’adreça').count()).toBe(0);
  });
});
