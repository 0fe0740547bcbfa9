import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, visit } from './support/browser.ts';
import {
  codeOf,
  enter,
  focused,
  heading,
  offeredTimes,
  say,
  seen,
  tabTo,
} from './support/pages.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

describe.skipIf(!CHROME)('with the keyboard alone', () => {
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

  async function type(page: Page, field: string, text: string): Promise<void> {
    await tabTo(page, field);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  }

  test('a citizen books, mends a mistake, changes their mind and cancels', async () => {
    await using visitor = await visit(browser, town.origin);
    const page = await visitor.context.newPage();
    await page.goto('/ca');
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe(say('common.page.skip'));
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('main');

    await enter(page, 'Oficina d’Atenció Ciutadana');
    await enter(page, 'Volant de padró');
    await tabTo(page, 'channel');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    expect(await page.getByLabel(say('common.channel.phone')).isChecked()).toBe(true);
    await enter(page, say('citizen.procedure.seeTimes'));

    // Without a time there is nothing to press; a form without one says so: the summary takes the focus.
    expect(await page.getByRole('button', { name: say('citizen.continue') }).isVisible()).toBe(
      false,
    );
    await page.goto(`${page.url()}&missing=1`);
    await expect.poll(() => focused(page)).toBe('errors');
    expect(await page.title()).toMatch(/^Error: /);
    await tabTo(page, say('citizen.times.choose'));
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('start');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    const [, second] = await offeredTimes(page);
    expect(await page.locator('input[name="start"]:checked').inputValue()).toBe(second?.start);
    await enter(page, say('citizen.continue'));

    expect(await heading(page)).toBe(say('citizen.details.title'));
    await type(page, 'name', 'Rosa Teclat');
    await type(page, 'phone', '61');
    await page.keyboard.press('Enter'); // sends the form from inside a field
    await page.getByRole('alert').waitFor();
    await expect.poll(() => focused(page)).toBe('errors');
    await tabTo(page, say('citizen.error.not_phone'));
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('phone');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('612345678');
    await enter(page, say('citizen.continue'));
    await tabTo(page, 'anything');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'needs-5');
    await page.keyboard.press('Space');
    await enter(page, say('citizen.continue'));

    expect(await heading(page)).toBe(say('citizen.check.title'));
    expect(await seen(page)).toContain(say('citizen.need.companion'));
    await enter(page, say('citizen.check.confirm'));
    expect(await heading(page)).toBe(say('citizen.confirmed.title'));

    await enter(page, say('citizen.manage.change'));
    await tabTo(page, 'start');
    await page.keyboard.press('Space');
    await enter(page, say('citizen.changeTime.button'));
    await enter(page, say('citizen.manage.cancel'));
    await enter(page, say('citizen.cancel.button'));
    expect(await heading(page)).toBe(say('citizen.manage.cancelled.title'));
    await enter(page, say('citizen.survey.give'));
    await tabTo(page, 'score-0');
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await enter(page, say('citizen.survey.send'));
    expect(await heading(page)).toBe(say('citizen.thanks.title'));
  });

  test('the focused element is never hidden behind the bar at the bottom', async () => {
    await using visitor = await visit(browser, town.origin);
    const page = await visitor.context.newPage();
    await page.goto('/ca/oac/volant-padro/times?channel=phone&language=ca');
    await tabTo(page, 'start');
    for (let times = 0; times < 12; times++) {
      await page.keyboard.press('ArrowRight');
      expect(await isFocusSeen(page), await focused(page)).toBe(true);
    }
    for (let stops = 0; stops < 14; stops++) {
      await page.keyboard.press('Tab');
      expect(await isFocusSeen(page), await focused(page)).toBe(true);
    }
  });

  test('days open and close', async () => {
    await using visitor = await visit(browser, town.origin);
    const page = await visitor.context.newPage();
    await page.goto('/ca/oac/volant-padro/times?channel=phone&language=ca');
    const day = page.locator('details.day').nth(1);
    const isOpen = async () => (await day.getAttribute('open')) !== null;
    expect(await isOpen()).toBe(false);
    await tabTo(page, ((await day.locator('summary').first().textContent()) ?? '').trim());
    await page.keyboard.press('Enter');
    expect(await isOpen()).toBe(true);
    await page.keyboard.press('Space');
    expect(await isOpen()).toBe(false);
  });

  test('an agent signs in, opens the next appointment, calls and serves', async () => {
    const { access } = town.server;
    const person = (await access()).staff.find((each) => each.email.startsWith('ane.etxeberria'));
    await using visitor = await visit(browser, town.origin, { viewport: null });
    const page = await visitor.context.newPage();
    await bookSomebody(page);
    await town.comeTo('2026-11-25T09:00:00+01:00');

    await page.goto('/staff/sign-in');
    await type(page, 'email', person?.email ?? '');
    await type(page, 'password', 'not this one');
    await enter(page, say('staff.signIn.submit'));
    await expect.poll(() => focused(page)).toBe('errors');
    await type(page, 'password', person?.password ?? '');
    await enter(page, say('staff.signIn.submit'));
    await type(page, 'code', codeOf(person?.totpSecret ?? ''));
    await enter(page, say('staff.code.submit'));
    expect(await heading(page)).toBe(say('staff.day.title'));

    // The second skip link goes past the day and the person, to the next action.
    await tabTo(page, say('staff.skipToAction'));
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('action');
    await enterHere(page);
    expect(await heading(page)).toContain('Clara Citada');
    await enter(page, say('staff.outcome.no_answer'));
    await tabTo(page, 'action');
    await enterHere(page);
    expect(await seen(page)).toContain(say('staff.encounter.title'));
    await tabTo(page, 'action');
    await enterHere(page);
    await expect.poll(() => focused(page)).toBe('errors');
  });

  async function enterHere(page: Page): Promise<void> {
    const gone = page.waitForEvent('framenavigated');
    await page.keyboard.press('Enter');
    await gone;
    await page.waitForLoadState();
  }

  async function bookSomebody(page: Page): Promise<void> {
    // Only her desk speaks Basque.
    await page.goto('/ca/oac/volant-padro/times?channel=phone&language=eu');
    await enter(page, say('citizen.times.takeFirst'));
    await type(page, 'name', 'Clara Citada');
    await type(page, 'phone', '612345678');
    await enter(page, say('citizen.continue'));
    await enter(page, say('citizen.continue'));
    await enter(page, say('citizen.check.confirm'));
  }
});

/** Returns whether the focused control, or its label, is visible at its place. */
function isFocusSeen(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return true;
    const label = element instanceof HTMLInputElement ? element.labels?.[0] : null;
    const shown = label ?? element;
    const { x, y, width, height } = shown.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    return top !== null && (shown.contains(top) || element === top || top.contains(shown));
  });
}
