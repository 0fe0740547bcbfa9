import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedPast } from '../src/features/insight/planning/testing.ts';
import { CHROME, openBrowser, type Visitor, visit } from './support/browser.ts';
import { atWork, NURIA, SCREEN } from './support/console.ts';
import {
  enter,
  focused,
  follow,
  heading,
  press,
  say,
  seen,
  signIn,
  tabTo,
} from './support/pages.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

/** A telephone, and a desk's screen. */
const WIDTHS = [360, 1280] as const;

describe.skipIf(!CHROME)('how many people are needed', () => {
  let browser: Browser;
  let town: Town;
  let nuria: Visitor;
  let scanned: Visitor;

  // No page of it needs a script: the coordinator's browser has none, but for the scanner.
  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    nuria = await visit(browser, town.origin, { ...SCREEN, javaScriptEnabled: false });
    const page = await nuria.context.newPage();
    await signIn(page, await town.server.access(), NURIA);
    await page.close();
    scanned = await atWork(browser, town, 'albert.serra@vilaclara.example');
  });
  afterAll(async () => {
    await nuria?.[Symbol.asyncDispose]();
    await scanned?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  const open = async (visitor = nuria): Promise<Page> => {
    const page = await visitor.context.newPage();
    await page.goto('/console/oac/planning');
    return page;
  };

  test('without history, the assumptions are calculated, by keyboard, and a link keeps them', async () => {
    const page = await nuria.context.newPage();
    await page.goto('/console/oac/board');
    await follow(page, say('planning.place'));
    expect(await heading(page)).toBe(say('planning.title'));
    expect(await seen(page)).toContain(say('planning.none'));

    await tabTo(page, 'phone');
    await page.keyboard.type('400');
    expect(await page.locator('form.supposed input').filter({ visible: true }).count()).toBe(14);
    await tabTo(page, 'calls');
    await page.keyboard.type('3,5');
    await enter(page, say('planning.submit'));
    expect(await seen(page)).toContain(say('planning.week'));
    expect(await seen(page)).toMatch(/340–460/);
    const address = page.url();
    await page.close();

    const other = await nuria.context.newPage();
    await other.goto(address);
    await other.locator('.fold-form > summary').click();
    expect(await other.locator('#phone').inputValue()).toBe('400');
    expect(await other.locator('#calls').inputValue()).toBe('3,5');
    await other.close();
  });

  test('a slip is shown by its field, takes the focus, and loses nothing', async () => {
    const page = await open();
    await page.getByLabel(say('planning.field.phone')).fill('moltes');
    await page.getByLabel(say('planning.field.seconds')).fill('30');
    await press(page, say('planning.submit'));
    await expect.poll(() => focused(page)).toBe('errors');
    expect(await seen(page, 'alert')).toContain(say('planning.wrong.number'));
    expect(await page.locator('#phone').inputValue()).toBe('moltes');
    expect(await page.locator('#seconds').inputValue()).toBe('30');
    await page.close();
  });

  describe('after four weeks', () => {
    beforeAll(() =>
      town.operate(async ({ database, offices }) => {
        const office = await offices.find('oac');
        if (!office) throw new Error('no office');
        await seedPast(database.kysely, office, {
          ...{ first: '2026-10-26', weeks: 4, perDesk: 6, calls: 10 },
        });
      }),
    );

    test('bands stand beside the rota, in words, pictures and tables; nothing is found by a scan', async () => {
      const page = await open(scanned);
      const text = await seen(page);
      expect(text).toContain(say('planning.column.hours'));
      for (const day of ['Dilluns', 'Dimarts', 'Dimecres', 'Dijous', 'Divendres'])
        await page.getByRole('heading', { level: 3, name: day }).waitFor();
      await page.getByText(say('planning.day.figures')).first().click();
      const row = page.getByRole('row', { name: /^9:00/ }).first();
      expect(await row.textContent()).toMatch(/\d–\d|\d \(/);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        expect(await axeFaults(page)).toEqual([]);
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(over).toBeLessThanOrEqual(0);
      }
      await page.close();
    });

    test('the month is played again, with desks more and fewer side by side', async () => {
      const page = await open(scanned);
      await page.locator('.fold-form > summary').click();
      await press(page, say('planning.replay.submit'));
      const table = page.getByRole('table', { name: say('planning.replay.caption') });
      expect(await table.getByRole('columnheader').allTextContents()).toEqual([
        say('planning.replay.column'),
        say('planning.replay.fewer', { desks: 2 }),
        say('planning.replay.fewer', { desks: 1 }),
        say('planning.replay.same'),
        say('planning.replay.more', { desks: 1 }),
        say('planning.replay.more', { desks: 2 }),
      ]);
      const kept = table.getByRole('row', { name: say('planning.replay.kept', { days: 3 }) });
      const shares = (await kept.getByRole('cell').allTextContents()).map(Number.parseFloat);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect(await axeFaults(page)).toEqual([]);
      await page.close();
    });

    test('on paper the form is left out and the figures are there', async () => {
      const page = await open();
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('#phone').isVisible()).toBe(false);
      expect(await page.getByRole('cell').filter({ hasText: '(' }).first().isVisible()).toBe(true);
      await page.close();
    });
  });
});
