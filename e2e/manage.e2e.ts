import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES } from '../src/lib/i18n/languages.ts';
import { CHROME, openBrowser, visit } from './support/browser.ts';
import { type MailServer, openMailServer } from './support/mail.ts';
import {
  book,
  enter,
  focused,
  follow,
  heading,
  manageUrl,
  offeredTimes,
  press,
  say,
  seen,
  tabTo,
  walkToTimes,
} from './support/pages.ts';
import { until } from './support/processes.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

/** A browser moves the focus a moment after the page is there. */

const person = (name: string, email = '') => ({
  name,
  phone: `612 34 ${String(1000 + name.length * 7)}`,
  email,
});

describe.skipIf(!CHROME)('an appointment, once it is made', () => {
  let browser: Browser;
  let mails: MailServer;
  let town: Town;
  beforeAll(async () => {
    browser = await openBrowser();
    mails = await openMailServer();
    town = await openTown({ clock: MORNING, smtpUrl: mails.url });
  });
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await mails?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  /** Opens a browser without JavaScript; nothing that it shows asks others for anything. */
  async function within(use: (page: Page) => Promise<void>): Promise<void> {
    await using visitor = await visit(browser, town.origin);
    await use(await visitor.context.newPage());
    expect([visitor.foreign, visitor.scripts]).toEqual([[], []]);
  }

  test('by keyboard: to a video call, with the e-mail that was missing; then cancelled', async () => {
    await within(async (page) => {
      // A time at which either way is free, so that the same time can be offered.
      const timesFor = async (channel: 'phone' | 'video') => {
        await walkToTimes(page, { channel });
        return (await offeredTimes(page)).map((each) => each.start);
      };
      const byVideo = await timesFor('video');
      const nth = (await timesFor('phone')).findIndex((each) => byVideo.includes(each));
      const { start } = await book(page, person('Rosa Vidal'), nth);
      const manage = manageUrl(page);
      await page.goto(manage);
      await enter(page, say('citizen.changeTime.rather.video'));
      expect(await heading(page)).toBe(say('manage.channel.title.video'));
      expect(await offeredTimes(page)).toEqual([]);

      // Without an e-mail: the summary takes the focus and leads to the field.
      await enter(page, say('manage.channel.keep'));
      await expect.poll(() => focused(page)).toBe('errors');
      await tabTo(page, 'email');
      await page.keyboard.type('rosa@example.com');
      await enter(page, say('manage.channel.keep'));
      await expect.poll(() => focused(page)).toBe('done');
      expect(await page.getByRole('status').textContent()).toContain('Fet.');
      expect(await page.locator('time').first().getAttribute('datetime')).toBe(start);
      expect(await seen(page)).toContain('Farem una videotrucada');
      const told = await mails.mailTo('rosa@example.com', 1);
      expect(told.links.some((each) => each.startsWith(manage))).toBe(true);

      await enter(page, say('citizen.manage.cancel'));
      await enter(page, say('citizen.cancel.button'));
      expect(await heading(page)).toBe(say('citizen.manage.cancelled.title'));
      await expect.poll(() => focused(page)).toBe('done');
    });
  });

  test('on paper it is one page, in every language, and works without links', async () => {
    await within(async (page) => {
      await book(page, person('Remei Casanova i Puigdomènech', 'remei@example.com'));
      const manage = new URL(manageUrl(page)).pathname;
      for (const language of LANGUAGES) {
        await page.goto(manage.replace('/ca/', `/${language}/`));
        const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
        expect(pdf.match(/\/Type\s*\/Page\b/g), language).toHaveLength(1);
      }
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.print-only').isVisible()).toBe(true);
      expect(await page.getByRole('link', { name: 'Anul·la' }).isVisible()).toBe(false);
    });
  });

  test('a lost link comes by mail, and opens the appointment; a request for another person’s looks the same', async () => {
    await within(async (page) => {
      await book(page, person('Quim Ferrer', 'quim@example.com'));
      const manage = manageUrl(page);
      await mails.mailTo('quim@example.com', 1);
      const ask = async (contact: string) => {
        await page.goto('/ca');
        await follow(page, say('manage.lost.title'));
        await page.getByLabel(say('manage.lost.label.both'), { exact: true }).fill(contact);
        await press(page, say('manage.lost.button'));
        return seen(page);
      };
      const there = await ask('Quim@Example.com');
      const mail = await mails.mailTo('quim@example.com', 2);
      expect(await ask('ningu@example.com')).toBe(there);
      const link = mail.links.find((each) => /\/appointment\/[^/]+$/.test(each)) ?? '';
      expect(link).toBe(manage);
      await page.goto(link);
      expect(await seen(page)).toContain('Quim Ferrer');
      expect(mails.received.some((each) => each.to === 'ningu@example.com')).toBe(false);
    });
  });

  test('without a call, the waiting citizen gets a notice, and the page and the console agree', async () => {
    await within(async (page) => {
      const { start } = await book(page, person('Neus Oliver', 'neus@example.com'));
      const manage = manageUrl(page);
      await town.comeTo(Temporal.Instant.from(start).add({ minutes: 12 }).toString());
      const late = await until('the mail that says that we are late', () =>
        mails.received.find(
          (each) => each.to === 'neus@example.com' && /retard/.test(each.subject),
        ),
      );
      expect(late.text).toContain('uns 15 minuts');
      await page.goto(manage);
      expect(await heading(page)).toBe(say('manage.delayed.title'));
      expect(await seen(page)).toContain('uns 15 minuts de retard');
      const events = await town.look((tx) =>
        tx.selectFrom('event').select('data').where('kind', '=', 'delayed').execute(),
      );
      expect(events.map((each) => each.data)).toContainEqual({
        minutes: 15,
        start: Temporal.Instant.from(start).toString(),
      });
      await page.goto(`${manage}/cancel`);
      await expect.poll(() => focused(page)).toBe('done');
      expect(await page.locator('#done').textContent()).toContain('Ja és tard per canviar-ho');
    });
  });
});
