import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, type Visitor, visit } from './support/browser.ts';
import { ANE, BASQUE } from './support/console.ts';
import { book, focused, press, say, signIn } from './support/pages.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const LAIA = 'laia.ferrer@vilaclara.example';
const WIDE = { width: 1280, height: 800 };

describe.skipIf(!CHROME)('the console by its keys', () => {
  let browser: Browser;
  let town: Town;
  let ane: Visitor;
  let page: Page;

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    for (const name of ['Amaia Lehena', 'Iker Bigarrena', 'Jon Hirugarrena', 'Kepa Laugarrena'])
      await booked(name);
    // bypassCSP: the scanner is put into the page.
    const options = { javaScriptEnabled: true, bypassCSP: true, viewport: WIDE };
    ane = await visit(browser, town.origin, options);
    page = await ane.context.newPage();
    await signIn(page, await town.server.access(), ANE);
  });
  afterAll(async () => {
    await ane?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  async function booked(name: string): Promise<void> {
    await using visitor = await visit(browser, town.origin);
    const email = `${name.replace(' ', '.')}@example.com`;
    await book(await visitor.context.newPage(), { name, phone: '612 345 678', email }, 0, BASQUE);
  }

  const keys = { press: (key: string) => page.keyboard.press(key) };
  const panel = () => page.getByRole('dialog');
  const listening = () => page.locator('html[data-keys]').waitFor();
  const toDay = async (path = '/console/oac') => {
    await page.goto(path);
    await listening();
  };
  /** Every field and button that the focus passes on its way to `last`, each of them in sight (WCAG 2.4.11). */
  async function tabTo(last: string): Promise<string[]> {
    const covered: string[] = [];
    for (let steps = 0; steps < 120; steps++) {
      await keys.press('Tab');
      const found = await page.evaluate(() => {
        const element = document.activeElement;
        if (!(element instanceof HTMLElement) || element === document.body) return null;
        const { left, top, width, height } = element.getBoundingClientRect();
        const within = (x: number, y: number) => {
          const at = document.elementFromPoint(x, y);
          return (
            at !== null &&
            (element.contains(at) ||
              at.contains(element) ||
              at.closest('label')?.control === element)
          );
        };
        const isSeen =
          within(left + width / 2, top + height / 2) || within(left + 3, top + height / 2);
        return { id: element.id, text: element.textContent?.trim() || element.id, isSeen };
      });
      if (found && !found.isSeen) covered.push(found.text);
      if (found?.id === last) return covered;
    }
    throw new Error(`Tab never came to #${last}`);
  }

  test('? lists the page’s keys, takes the focus and gives it back', async () => {
    await toDay();
    await page.getByRole('link', { name: 'Amaia Lehena' }).focus();
    await keys.press('?');
    await panel()
      .getByRole('heading', { name: say('shortcuts.here') })
      .waitFor();
    expect(await focused(page)).toBe('keys-title');
    const rows = await panel().getByRole('listitem').allInnerTexts();
    const said = rows.map((each) => each.replaceAll(/\s+/g, ' ').trim());
    expect(said).toContain(`${say('staff.next')} N`);
    expect(said.join()).not.toContain(say('staff.encounter.close'));
    expect(await axeFaults(page)).toEqual([]);
    // Beneath it no key does anything.
    await keys.press('n');
    await keys.press('Escape');
    expect(await panel().count()).toBe(0);
    expect(await focused(page)).toBe('Amaia Lehena');
    expect(new URL(page.url()).pathname).toBe('/console/oac');
  });

  test('V and a second key lead to what has no key of its own, and show which there are', async () => {
    await toDay();
    const pairs = page.getByRole('status', { name: say('shortcuts.pairs') });
    await keys.press('v');
    await pairs.getByText(say('liveBoard.state.break')).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await keys.press('Escape');
    expect(await pairs.textContent()).toBe('');
    const state = (which: 'break' | 'available') =>
      page.locator('#presence summary', { hasText: say(`liveBoard.state.${which}`) });
    await keys.press('v');
    await keys.press('b');
    await state('break').waitFor();
    await listening();
    await keys.press('v');
    await keys.press('d');
    await state('available').waitFor();
  });

  test('a whole appointment without a mouse', async () => {
    await toDay();
    await keys.press('n');
    await page.waitForURL('**/appointment/*');
    await listening();
    // While one writes, letters are letters.
    await page.getByLabel(say('staff.call.note')).focus();
    await page.keyboard.type('nsa1');
    expect(await page.getByLabel(say('staff.call.note')).inputValue()).toBe('nsa1');
    await page.getByLabel(say('staff.call.note')).fill('');
    await page.getByRole('heading', { level: 1 }).click();
    await keys.press('a');
    await page.getByRole('heading', { name: say('staff.encounter.title') }).waitFor();
    await listening();
    const { attended } = await page.evaluate(() => ({ attended: location.pathname }));
    expect(await tabTo('action')).toEqual([]);
    await page.locator('#main').focus();
    await keys.press('f');
    // The mistake is shown, and takes the focus.
    await page.getByRole('alert').waitFor();
    expect(new URL(page.url()).pathname.startsWith(attended)).toBe(true);
    await listening();
    await fillByKeys();
    // The last thing chosen still has the focus: it is ticked, not written in, so letters act.
    await keys.press('f');
    await page.getByRole('heading', { name: say('staff.fulfilled.title') }).waitFor();
    await listening();
    await keys.press('d');
    await page.waitForURL('**/console/oac');
  });

  test('an encounter with two lines, a check, identity, a note and its ending: fifteen keys, nothing to scroll', async () => {
    await toDay();
    let pressed = 0;
    const press = async (...all: string[]) => {
      for (const key of all) {
        await keys.press(key);
        pressed++;
      }
    };
    await press('n');
    await page.waitForURL('**/appointment/*');
    await listening();
    await press('a');
    await page.locator('form#encounter[data-started]').waitFor();
    await listening();
    await expect.poll(() => focused(page)).toBe('encounter-title');
    await press('p', 'e', 'x', 'p');
    await page.getByRole('option', { name: 'Estat d’un expedient' }).waitFor();
    await press('Enter');
    await page.locator('fieldset.item').nth(1).waitFor();
    await press('Escape', '+', 'k', 'k', 'w');
    await page.keyboard.insertText('Li arribarà per correu');
    await press('Escape', '9');
    const form = page.locator('form#encounter');
    expect(await form.locator('[name="points"]:checked').count()).toBe(1);
    expect(await form.locator('[name="identity"]:checked').getAttribute('value')).toBe('shown');
    await page.waitForFunction(() => document.querySelector('#kept')?.textContent !== '');
    const hidden = await page
      .locator('.work')
      .evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
    expect(hidden).toBeLessThanOrEqual(0);
    await press('f');
    await page.getByRole('heading', { name: say('staff.fulfilled.title') }).waitFor();
    console.info(`An encounter by keyboard: ${pressed} keys`);
    expect(pressed).toBeLessThanOrEqual(15);
  });

  test('the same by mouse: six clicks', async () => {
    await toDay('/console/oac/next');
    let clicks = 0;
    const click = async (what: Locator) => {
      await what.click();
      clicks++;
    };
    await click(page.locator('#action'));
    const form = page.locator('form#encounter[data-started]');
    await form.waitFor();
    await click(form.locator('.frequent .chip').first());
    await form.locator('fieldset.item').nth(1).waitFor();
    await click(form.locator('.checks .choice').first().getByRole('checkbox'));
    await click(form.locator('.segment:has([value="shown"])'));
    await click(form.locator('.segment:has([name="wrapUp"])').first());
    await click(page.locator('#action'));
    await page.getByRole('heading', { name: say('staff.fulfilled.title') }).waitFor();
    console.info(`An encounter by mouse: ${clicks} clicks`);
    expect(clicks).toBeLessThanOrEqual(6);
  });

  /** How identity was checked and how it ends. */
  async function fillByKeys(): Promise<void> {
    for (const key of ['k', '9']) await keys.press(key);
  }

  test('the palette finds today’s citizens, does the chosen action, and makes no request', async () => {
    await toDay();
    const asked: string[] = [];
    const listen = (request: { url(): string }) => asked.push(request.url());
    let answer = () => {};
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/console/oac/find', (route) => late.then(() => route.continue()));
    await page.locator('#find').focus();
    await keys.press('Control+k');
    const field = page.getByRole('combobox', { name: say('shortcuts.palette.label') });
    await field.waitFor();
    expect(await focused(page)).toBe('palette-text');
    page.on('request', listen);
    await page.keyboard.type('bigarrena');
    await page.getByText(say('shortcuts.palette.count', { count: 2 })).waitFor();
    expect(await page.getByRole('option').count()).toBe(2);
    const active = await field.getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active}`).textContent()).toContain('Iker Bigarrena');
    page.off('request', listen);
    // What changes meanwhile, such as who is at their desk, has the page looked at again, and what is beside it: that isn't the palette's asking.
    const isPages = (each: string) =>
      /\/(stream|asked|alerts|chats\/here)|\/console\/oac(\?day=[\d-]+)?$/.test(each);
    expect(asked.filter((each) => !isPages(each))).toEqual([]);
    expect(await axeFaults(page)).toEqual([]);
    await keys.press('ArrowDown');
    // What the office has beside the page comes late, and leaves the chosen one chosen.
    const before = await page.locator('[role="option"]').first().elementHandle();
    answer();
    await page.waitForFunction((option) => !option?.isConnected, before);
    expect(await page.locator('[role="option"][aria-selected="true"]').textContent()).toContain(
      say('shortcuts.palette.search', { text: 'bigarrena' }),
    );
    await page.unroute('**/console/oac/find');
    await keys.press('ArrowUp');
    await keys.press('Enter');
    await page.waitForURL('**/appointment/*');
    await page.getByRole('heading', { level: 1, name: 'Iker Bigarrena' }).waitFor();
    await listening();
    await keys.press('Control+k');
    await page.keyboard.type('zzz');
    await keys.press('Enter');
    await page.waitForURL('**/search?q=zzz');
  });

  test('another key, or none at all, is kept with the person', async () => {
    await page.goto('/staff/keys');
    await page.getByLabel(say('staff.next'), { exact: true }).fill('alt+maj+j');
    await press(page, say('shortcuts.save'));
    await page.getByText(say('shortcuts.done')).waitFor();
    await toDay();
    expect(await page.locator('#action').getAttribute('aria-keyshortcuts')).toBe('Alt+Shift+J');
    await keys.press('n');
    expect(new URL(page.url()).pathname).toBe('/console/oac');
    await keys.press('Alt+Shift+J');
    await page.waitForURL('**/appointment/*');
    await page.goto('/staff/keys');
    await press(page, say('shortcuts.change.off'));
    await page.getByText(say('shortcuts.done')).waitFor();
    await page.goto('/console/oac');
    await page.locator('#action').waitFor();
    expect(await page.locator('#action').getAttribute('aria-keyshortcuts')).toBeNull();
    expect(await page.locator('#action kbd').count()).toBe(0);
    await keys.press('?');
    expect(await panel().count()).toBe(0);
    // The link still opens the list, which says so.
    await page
      .getByRole('link', { name: say('shortcuts.title'), exact: true })
      .first()
      .click();
    await panel().getByText(say('shortcuts.off.text')).waitFor();
    await keys.press('Escape');
    await page.goto('/staff/keys');
    await press(page, say('shortcuts.change.delivered'));
  });

  /** The day as a list or along its hours. */
  async function show(view: 'list' | 'line'): Promise<void> {
    await toDay();
    const button = page.getByRole('button', { name: say(`shortcuts.view.${view}`) });
    if ((await button.getAttribute('aria-pressed')) === 'true') return;
    await button.click();
    await page.locator(`button[value="${view}"][aria-pressed="true"]`).waitFor();
    await listening();
  }

  test('a booking appears along the hours by itself', async () => {
    await show('line');
    await page.evaluate(() => document.documentElement.setAttribute('data-same', ''));
    await booked('Miren Hirugarrena');
    await page.locator('.piece.appointment').filter({ hasText: 'Miren Hirugarrena' }).waitFor();
    expect(await page.locator('html[data-same]').count()).toBe(1);
    await keys.press('z');
    await page.locator('.entry').filter({ hasText: 'Miren Hirugarrena' }).waitFor();
  });

  test.each([
    ['200 %', { width: 640, height: 400 }],
    ['400 %', { width: 320, height: 200 }],
    ['a small telephone', { width: 360, height: 520 }],
  ])('at %s nothing is lost beside the page, and no focus is covered', async (_, size) => {
    await page.setViewportSize(size);
    for (const view of ['list', 'line'] as const) {
      await show(view);
      const widths = () =>
        page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      const [wide = 0, room = 0] = await widths();
      expect(wide).toBeLessThanOrEqual(room);
      expect(await tabTo('action')).toEqual([]);
      expect(await axeFaults(page)).toEqual([]);
    }
    await toDay();
    await page.locator('.fold-sign').click();
    await page.getByRole('link', { name: say('desk.book.title') }).waitFor();
    await keys.press('Escape');
    expect(await page.locator('.fold[open]').count()).toBe(0);
    await page.setViewportSize(WIDE);
  });

  test('two tabs in two offices are two places, each with its own name', async () => {
    await using visitor = await visit(browser, town.origin, {
      javaScriptEnabled: true,
      viewport: WIDE,
    });
    const one = await visitor.context.newPage();
    await signIn(one, await town.server.access(), LAIA);
    await one.goto('/console/oac');
    const two = await visitor.context.newPage();
    await two.goto('/console/oac');
    await two.locator('.posts > summary').click();
    await two.getByRole('link', { name: /Institut d’Hisenda/ }).click();
    await two
      .getByText(
        say('shortcuts.entered', {
          office: 'Institut d’Hisenda',
          role: say('shortcuts.role.coordinator'),
        }),
      )
      .waitFor();
    expect(await two.title()).toContain('Institut d’Hisenda');
    await one.reload();
    expect(await one.title()).toContain('Oficina d’Atenció Ciutadana');
    expect(await one.locator('.where').textContent()).toContain(say('shortcuts.role.agent'));
  });
});
