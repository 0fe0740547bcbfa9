import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, type Visitor, visit } from './support/browser.ts';
import { ANE, atWork, BASQUE, entry, listening, NURIA, said } from './support/console.ts';
import { book, enter, heading, manageUrl, press, say, seen, tabTo } from './support/pages.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

describe.skipIf(!CHROME)('a coordinator and an agent, side by side', () => {
  let browser: Browser;
  let town: Town;
  let ane: Visitor;
  let nuria: Visitor;

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    [ane, nuria] = [await atWork(browser, town, ANE), await atWork(browser, town, NURIA)];
  });
  afterAll(async () => {
    await ane?.[Symbol.asyncDispose]();
    await nuria?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  /** A citizen books; answers the appointment's address. */
  async function booked(name: string, nth = 0, wish = BASQUE): Promise<string> {
    await using visitor = await visit(browser, town.origin);
    const page = await visitor.context.newPage();
    const email = `${name.replaceAll(' ', '.').toLowerCase()}@example.com`;
    await book(page, { name, phone: '612 345 678', email }, nth, wish);
    return manageUrl(page);
  }

  const block = (page: Page, name: string) => page.locator('.block').filter({ hasText: name });

  test('a citizen’s booking appears on the board by itself; a scan finds nothing', async () => {
    const board = await listening(nuria, '/console/oac/board');
    await booked('Amaia Lehena');
    await block(board, 'Amaia Lehena').waitFor();
    await said(board, 'Amaia Lehena');
    expect(await axeFaults(board)).toEqual([]);
    await board.setViewportSize({ width: 360, height: 740 });
    expect(await axeFaults(board)).toEqual([]);
    const over = await board.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(over).toBeLessThanOrEqual(0);
    await board.close();
  });

  test('a desk is away, by keyboard: what will happen is shown, then the agent and the citizen know', async () => {
    const manage = await booked('Iker Bigarrena', 1);
    const day = await listening(ane, '/console/oac');
    await entry(day, 'Iker Bigarrena').waitFor();

    const page = await nuria.context.newPage();
    await page.goto('/console/oac');
    await page.keyboard.press('t');
    await page.waitForURL('**/board');
    await page.keyboard.press('i');
    await page.waitForURL('**/desk-away');
    await tabTo(page, 'desk');
    await page.keyboard.type('Taula 4');
    await enter(page, say('away.look'));
    expect(await seen(page)).toContain('Iker Bigarrena');
    expect(await axeFaults(page)).toEqual([]);
    await enter(page, say('away.submit'));
    await page.waitForURL(/desk-away\/\d+/);
    expect(await heading(page)).toBe(say('away.plan', { desk: 'Taula 4 · Ane Etxeberria' }));
    expect(await seen(page)).toMatch(/Sense hora.*Iker Bigarrena/s);

    await said(day, 'Sense hora: Iker Bigarrena');
    await entry(day, 'Iker Bigarrena').waitFor({ state: 'detached' });
    await page.goto('/console/oac/board');
    expect(await page.locator('.without').textContent()).toContain('Iker Bigarrena');

    // The citizen, without a script: the time that is kept, with one press.
    await using citizen = await visit(browser, town.origin);
    const own = await citizen.context.newPage();
    await own.goto(manage);
    expect(await heading(own)).toBe(say('manage.displaced.title'));
    await press(own, say('manage.displaced.accept'));
    await own.waitForURL('**done=moved');
    await page.reload();
    expect(await page.getByText('Iker Bigarrena').count()).toBe(0);
    await page.close();
    await day.close();
  });

  test('an encounter is taken over, and its previous agent is informed', async () => {
    await booked('Miren Hirugarrena', 0, { language: 'Català' });
    const board = await listening(nuria, '/console/oac/board');
    const address = await block(board, 'Miren Hirugarrena').locator('a').getAttribute('href');
    const hers = await listening(ane, address ?? '');
    await hers.locator('[data-action="calledBack"]').click();
    await hers.locator('textarea[name="notes"]').waitFor();
    await block(board, say('staff.situation.in_progress')).waitFor();

    await block(board, 'Miren Hirugarrena').locator('a').click();
    await board.locator('[data-keys] [data-action="takeOver"]').waitFor();
    await board.keyboard.press('o');
    await board.waitForURL('**/take-over');
    expect(await seen(board)).toContain('Ane Etxeberria');
    await enter(board, 'action');
    await board.locator('textarea[name="notes"]').waitFor();
    await said(
      hers,
      say('live.takenOver', { name: 'Miren Hirugarrena', procedure: 'Volant de padró' }),
    );
    await hers.reload();
    expect(await seen(hers)).toMatch(/Núria Roca l’ha agafada a les/);
    await board.close();
    await hers.close();
  });
});
