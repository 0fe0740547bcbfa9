import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, visit } from './support/browser.ts';
import { book, type Person, press, say, seen, seenIn, signIn } from './support/pages.ts';
import { until } from './support/processes.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const PAGE = '/console/oac/admin/wording?kind=cancellation';
const ALBERT = 'albert.serra@vilaclara.example';

describe.skipIf(!CHROME)('the words of a cancellation, changed without a script', () => {
  let browser: Browser;
  let town: Town;
  let page: Page;
  const open = async (): Promise<BrowserContext> => {
    const viewport = { width: 360, height: 740 };
    const wish = { javaScriptEnabled: false, locale: 'ca-ES', viewport };
    return (await visit(browser, town.origin, wish)).context;
  };

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    page = await (await open()).newPage();
    await signIn(page, await town.server.access(), ALBERT);
  }, 120_000);
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  /** Books and cancels at the desk; returns the notices. */
  async function cancelled(person: Person) {
    const citizen = await (await open()).newPage();
    await book(citizen, person);
    const [reference = ''] = /[A-Z0-9]{3}-[A-Z0-9]{3}/.exec(await seen(citizen)) ?? [];
    await page.goto(`/console/oac/search?q=${reference}`);
    await page.waitForURL('**/appointment/*');
    await page.goto(`${page.url()}/cancel`);
    await page.locator('[name=reason]').fill('Obres');
    await press(page, say('staff.cancel.submit'));
    const sent = async () =>
      (await town.server.outbox()).filter((each) => each.text.includes(reference)).slice(1);
    return (await until('the cancellation is sent', async () => (await sent())[0])) as {
      subject: string;
      text: string;
    };
  }

  test('they are looked at, saved, and said in the real mail and the real SMS', async () => {
    await page.goto(PAGE);
    await page.locator('#subject-ca').fill('Ens sap molt greu: {day}');
    await page.locator('#byOffice-ca').fill('El taulell tanca el {dia}.');
    await page
      .locator('#sms-byOffice-ca')
      .fill('Ens sap greu: {reference}, {day} a les {time}, no.');
    await press(page, say('admin.wording.look'));
    expect(await seenIn(page.locator('#byOffice-ca-error'))).toContain('{dia}');
    await page.locator('#byOffice-ca').fill('El taulell tanca el {day}.');
    await press(page, say('admin.wording.look'));
    const mail = page.frameLocator('iframe').nth(1);
    await page.locator('iframe').nth(1).scrollIntoViewIfNeeded();
    await expect.poll(() => seenIn(mail.locator('body'))).toMatch(/El taulell tanca el \S+, \d+ d/);
    await press(page, say('admin.save'));
    await page.waitForURL('**/wording?done=saved');

    const rosa = { name: 'Rosa Vila', phone: '600123456', email: 'rosa@example.org' };
    const { subject, text } = await cancelled(rosa);
    expect(subject).toMatch(/^Ens sap molt greu: dimecres, 25 de novembre/);
    expect(text).toContain('El taulell tanca el dimecres, 25 de novembre.');
    expect(text).toContain(`${say('notices.button.another')}:\nhttp`);
    const sms = await cancelled({ name: 'Pau Roca', phone: '600123457', email: '' });
    expect(sms.text).toMatch(
      /^OAC Vilaclara: Obres\. Ens sap greu: \S{7}, dc\. 25\/11 a les \d+:\d\d, no\. http\S+\/ca\/oac\/volant-padro$/,
    );
  });
});
