import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, visit } from './support/browser.ts';
import {
  follow,
  goOnToCheck,
  goOnToNeeds,
  heading,
  press,
  say,
  seen,
  seenIn,
  takeTime,
} from './support/pages.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const TIMES = '/ca/oac/volant-padro/times?channel=phone&language=ca';
const MINUTE = 60_000;

describe.skipIf(!CHROME)('a booking on its way', () => {
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

  /** Opens a browser's page with a time kept and the details before it. */
  async function begin(
    use: (page: Page) => Promise<void>,
    { javaScriptEnabled = true, time = '2026-11-25T06:30:00Z' } = {},
  ): Promise<void> {
    await using visitor = await visit(browser, town.origin, { javaScriptEnabled });
    const page = await visitor.context.newPage();
    if (javaScriptEnabled) await page.clock.install({ time });
    await page.goto(TIMES);
    await takeTime(page);
    await page.waitForLoadState(); // its script has run by then
    // The page's own time stands still from here on, until it is moved by hand.
    if (javaScriptEnabled)
      await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 10_000);
    await use(page);
    expect(visitor.foreign).toEqual([]);
  }

  const hold = (page: Page) => page.locator('#hold [role="status"]');
  const said = (page: Page) => seenIn(hold(page));
  const keepLonger = (page: Page) =>
    page.locator('#hold').getByRole('button', { name: say('citizen.hold.extend') });
  const field = (page: Page, name: string) => page.locator(`[name="${name}"]`);

  async function fill(page: Page, name: string, email = 'maria@example.com'): Promise<void> {
    await field(page, 'name').fill(name);
    await field(page, 'phone').fill('612 34 56 78');
    await field(page, 'email').fill(email);
  }

  const booked = (name: string) =>
    town.look((tx) => tx.selectFrom('appointment').select('id').where('name', '=', name).execute());

  test('the end of the hold is announced two minutes before, and once', async () => {
    await begin(async (page) => {
      expect(await said(page)).toContain('Tens fins a les');
      expect(await keepLonger(page).isVisible()).toBe(false);
      await page.evaluate(() => {
        const news = document.querySelector('#hold [role="status"]');
        const told: string[] = [];
        Object.assign(window, { told });
        const look = () => told.push(news?.textContent ?? '');
        if (news) new MutationObserver(look).observe(news, { childList: true });
      });
      const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);

      await page.clock.fastForward(7 * MINUTE);
      expect(await told()).toEqual([]);
      await page.clock.fastForward(MINUTE);
      await expect.poll(() => said(page)).toContain('Queda poc');
      await page.clock.fastForward(MINUTE);
      expect(await told()).toHaveLength(1);

      await keepLonger(page).click();
      await expect.poll(() => said(page)).toContain('Tens fins a les');
      expect(await keepLonger(page).isVisible()).toBe(false);
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('hold');
      expect(await page.locator('[name="extend"]').isVisible()).toBe(false);

      await page.clock.fastForward(9 * MINUTE);
      await expect.poll(() => said(page)).toContain('si ningú no l’ha agafada');
      await page.clock.fastForward(2 * MINUTE);
      await expect.poll(() => said(page)).toContain('Ja no et guardem l’hora');
    });
  });

  test('a telephone whose clock is years behind tells it at the same time', async () => {
    const wrong = { time: '2001-01-01T00:00:00Z' };
    await begin(async (page) => {
      await page.clock.fastForward(7 * MINUTE);
      expect(await said(page)).toContain('Tens fins a les');
      await page.clock.fastForward(MINUTE);
      await expect.poll(() => said(page)).toContain('Queda poc');
    }, wrong);
  });

  test('what is typed is kept before it is sent: a reload loses nothing', async () => {
    await begin(async (page) => {
      await field(page, 'name').pressSequentially('Maria Pu');
      const kept = page.waitForResponse((answer) => answer.status() === 204);
      await page.clock.fastForward(2_000);
      await kept;
      await page.reload();
      expect(await field(page, 'name').inputValue()).toBe('Maria Pu');

      // Leaving keeps it without a wait.
      await field(page, 'name').fill('Maria Puig');
      const address = page.url();
      await follow(page, say('citizen.time.other'));
      const nameKept = async () => {
        await page.goto(address);
        return field(page, 'name').inputValue();
      };
      await expect.poll(nameKept).toBe('Maria Puig');
      expect(await said(page)).toContain('Tens fins a les');
    });
  });

  test('without a connection it says that it isn’t saved, and saves it when there is one', async () => {
    await begin(async (page) => {
      const unsaved = page.locator('#unsaved');
      await page.context().setOffline(true);
      await field(page, 'name').fill('Maria Puig');
      await page.clock.fastForward(2_000);
      await expect.poll(() => seenIn(unsaved)).toBe(say('details.save.failed'));
      await page.context().setOffline(false);
      await expect.poll(() => seenIn(unsaved)).toBe(say('details.save.done'));
      await page.reload();
      expect(await field(page, 'name').inputValue()).toBe('Maria Puig');
    });
  });

  test.each([true, false])(
    'pressed twice, and gone back: one appointment (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const name = javaScriptEnabled ? 'Dolors Dos' : 'Dolors Sense';
      await begin(
        async (page) => {
          await fill(page, name);
          await goOnToCheck(page);
          await page.getByRole('button', { name: say('citizen.check.confirm') }).dblclick();
          await page.waitForURL('**/confirmed');
          const confirmed = page.url();
          await page.goBack();
          await page.waitForURL(confirmed);
          expect(await heading(page)).toBe(say('citizen.confirmed.title'));
          await page.goBack();
          await page.waitForURL(confirmed);
          await page.reload();
          expect(await heading(page)).toBe(say('citizen.confirmed.title'));
          expect(await booked(name)).toHaveLength(1);
        },
        { javaScriptEnabled },
      );
    },
  );

  test.each([true, false])(
    'Back after a mistake shows the page again, with what was typed (JavaScript: %s)',
    async (javaScriptEnabled) => {
      await begin(
        async (page) => {
          await fill(page, 'Berta Enrere', 'berta@');
          await press(page, say('citizen.continue'));
          expect(await seen(page, 'alert')).toContain('Escriu una adreça electrònica completa');
          await field(page, 'email').fill('berta@example.com');
          await goOnToNeeds(page);
          await press(page, say('citizen.continue'));
          expect(await seen(page, 'alert')).toContain(say('details.error.needs.missing'));
          await page.getByLabel(say('citizen.need.companion')).check();
          await press(page, say('citizen.continue'));
          expect(await seen(page)).toContain(say('citizen.need.companion'));
          // Back through every page: each answers, and has the last of what was typed.
          await page.goBack();
          expect(await page.getByLabel(say('citizen.need.companion')).isChecked()).toBe(true);
          await page.goBack();
          expect(await heading(page)).toBe(say('details.needs.title'));
          await page.goBack();
          expect(await field(page, 'email').inputValue()).toBe('berta@example.com');
          await page.reload();
          expect(await field(page, 'name').inputValue()).toBe('Berta Enrere');
          await page.goForward();
          await page.goForward();
          await page.goForward();
          expect(await heading(page)).toBe(say('citizen.check.title'));
        },
        { javaScriptEnabled },
      );
    },
  );

  test('a change in another tab is shown before the confirmation', async () => {
    await begin(async (page) => {
      await fill(page, 'Tona Tabs');
      await goOnToCheck(page);
      const other = await page.context().newPage();
      await other.goto(page.url().replace('check', 'details'));
      await field(other, 'phone').fill('699 111 222');
      await press(other, say('citizen.continue'));
      await press(page, say('citizen.check.confirm'));
      expect(await seen(page, 'alert')).toContain(say('details.check.changed'));
      expect(await seen(page)).toContain('699 11 12 22');
      await press(page, say('citizen.check.confirm'));
      await page.waitForURL('**/confirmed');
      expect(await booked('Tona Tabs')).toHaveLength(1);
    });
  });

  test('without JavaScript: a typo in the address is questioned, and the hold extended', async () => {
    await begin(
      async (page) => {
        await page.getByLabel(say('details.whom.theirs')).check();
        expect(await seen(page)).toContain(say('details.whom.theirsHint'));
        await fill(page, 'Josep Ells', 'maria@gmial.com');
        await press(page, say('citizen.hold.extend'));
        expect(await page.getByRole('button', { name: say('citizen.hold.extend') }).count()).toBe(
          0,
        );
        expect(await field(page, 'name').inputValue()).toBe('Josep Ells');
        await press(page, say('citizen.continue'));
        await page.getByRole('group', { name: 'És correcta l’adreça' }).waitFor();
        await press(page, say('details.email.use', { meant: 'maria@gmail.com' }));
        expect(await heading(page)).toBe(say('details.needs.title'));
        await press(page, say('citizen.continue'));
        expect(await seen(page)).toContain('Trucarem a Josep Ells, al 612 34 56 78.');
        expect(await seen(page)).toContain('maria@gmail.com');
        await press(page, say('citizen.check.confirm'));
        expect(await heading(page)).toBe(say('citizen.confirmed.title'));
      },
      { javaScriptEnabled: false },
    );
  });

  // Last: it moves the town's clock, which every other booking goes by.
  test('a telephone after sleep asks for the state of the hold, and typed values stay', async () => {
    await begin(async (page) => {
      await fill(page, 'Sole Adormida');
      const until = await town.look(async (tx) => {
        const held = tx
          .selectFrom('journey')
          .select('hold_until')
          .where('hold_until', 'is not', null);
        return (await held.orderBy('created_at', 'desc').executeTakeFirstOrThrow()).hold_until;
      });
      await town.comeTo(String(until?.subtract({ seconds: 90 })));
      const wakeUp = () =>
        page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      await wakeUp();
      await expect.poll(() => said(page)).toContain('Queda poc');
      await town.comeTo(String(until?.add({ minutes: 1 })));
      await wakeUp();
      await expect.poll(() => said(page)).toContain('Ja no et guardem l’hora');
      await press(page, say('citizen.continue'));
      expect(await seen(page)).toContain('Tens fins a les'); // it was still free
      await press(page, say('citizen.continue'));
      await press(page, say('citizen.check.confirm'));
      await page.waitForURL('**/confirmed');
      expect(await booked('Sole Adormida')).toHaveLength(1);
    });
  });
});
