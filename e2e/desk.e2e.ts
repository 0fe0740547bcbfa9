import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, visit } from './support/browser.ts';
import { book, heading, say, seen, signIn, signOut, tabTo } from './support/pages.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

describe.skipIf(!CHROME)('an agent with the keyboard alone, without scripts', () => {
  let browser: Browser;
  let town: Town;
  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
  });
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  /** Presses the focused element, and waits for the next page. */
  async function go(page: Page): Promise<void> {
    const gone = page.waitForEvent('framenavigated');
    await page.keyboard.press('Enter');
    await gone;
    await page.waitForLoadState();
  }

  async function type(page: Page, field: string, text: string): Promise<void> {
    await tabTo(page, field);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  }

  test('finds a returning caller, moves them; books for another, and has the page to print', async () => {
    await using citizen = await visit(browser, town.origin);
    const person = { name: 'Rosa Güell', phone: '612345678', email: 'rosa@example.cat' };
    const booked = await book(await citizen.context.newPage(), person);

    await using agent = await visit(browser, town.origin, {
      viewport: { width: 1280, height: 900 },
    });
    const page = await agent.context.newPage();
    await signIn(page, await town.server.access(), 'pere.vidal@vilaclara.example');

    await type(page, 'find', 'guell');
    await go(page);
    await tabTo(page, 'Rosa Güell');
    await go(page);
    expect(await heading(page)).toBe('Rosa Güell');
    await tabTo(page, say('desk.move.link'));
    await go(page);
    const chosen = page.locator('input[name="start"]:checked');
    expect(await chosen.inputValue()).toBe(booked.start);
    // A group of radio buttons is one stop: the one that is chosen.
    await tabTo(page, 'start');
    await page.keyboard.press('ArrowRight');
    const moved = await chosen.inputValue();
    expect(moved).not.toBe(booked.start);
    await tabTo(page, 'action');
    await go(page);
    expect(await page.locator('#done').textContent()).toContain('Canviada');
    expect(await page.locator(`main time[datetime="${moved}"]`).count()).toBeGreaterThan(0);

    await tabTo(page, say('desk.book.title'));
    await go(page);
    await type(page, 'phone', '633 444 555');
    await go(page);
    expect(await seen(page)).toContain(say('freeNow.book.stranger'));
    await tabTo(page, 'Volant de padró');
    await go(page);
    await tabTo(page, 'start');
    await page.keyboard.press('Space');
    await type(page, 'name', 'Pere Mas');
    await type(page, 'phone', '61');
    await go(page);
    expect(await seen(page, 'alert')).toContain(say('desk.wrong.not_phone'));
    expect(await chosen.count()).toBe(1);
    await type(page, 'phone', '633 444 555');
    await go(page);
    expect(await heading(page)).toBe('Pere Mas');
    await tabTo(page, say('desk.print.link'));
    await go(page);
    expect(await heading(page)).toBe(say('desk.print.title'));

    const address = /http\S+appointment\/[\w-]+/.exec(await seen(page))?.[0] ?? '';
    const theirs = await citizen.context.newPage();
    await theirs.goto(address);
    expect(await seen(theirs)).toContain('Pere Mas');
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('banner').isVisible()).toBe(false);
    const pages = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type \/Page\b/g);
    expect(pages).toHaveLength(1);
    await page.emulateMedia({ media: 'screen' });
    await signOut(page);
  });
});
