import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES } from '../src/lib/i18n/languages.ts';
import { faultsOf } from '../src/web/citizen/testing.ts';
import { CHROME, openBrowser, visit } from './support/browser.ts';
import { openClient, type Sent } from './support/client.ts';
import { BASQUE } from './support/console.ts';
import { type MailServer, openMailServer, type Received } from './support/mail.ts';
import {
  book,
  heading,
  manageUrl,
  offeredTimes,
  press,
  say,
  seen,
  walkToTimes,
} from './support/pages.ts';
import { axeFaults, ibmFaults, openViewer, overflowAt, smallTargets } from './support/scan.ts';
import { openTown, type Town } from './support/town.ts';

/** A Wednesday on which people are awake: offers are made. */
const TEN = '2026-11-25T10:00:00+01:00';
/** One desk speaks Basque, so its times are few. */
const ASK = { procedure: 'volant-padro', channel: 'phone', language: 'eu' } as const;

describe.skipIf(!CHROME)('the waiting list', () => {
  let browser: Browser;
  let mails: MailServer;
  let town: Town;
  beforeAll(async () => {
    browser = await openBrowser();
    mails = await openMailServer();
    town = await openTown({ clock: TEN, smtpUrl: mails.url });
  });
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await mails?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  /** Books every time in Basque that the first days have, until `day`. Answers the address of the last one's page. */
  const fillUntil = (day: string): Promise<string> =>
    town.operate(async ({ offices, slots, appointments, clock }) => {
      const office = await offices.find('oac');
      if (!office) throw new Error('No office');
      const today = clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate().toString();
      const found = await slots.search(office, ASK, { from: today, to: day });
      let last = '';
      for (const { start } of found.ok ? found.slots : []) {
        const citizen = { name: 'Ple Plena', email: null, phone: '+34600000001' };
        const details = { citizen, onBehalfOf: null, needs: [], comment: '' };
        const request = { ...ASK, ...details, start, noticeLanguage: 'ca' as const };
        const viewer = { kind: 'system', why: 'test' } as const;
        const booked = await appointments.book(viewer, office, request);
        if (booked.ok) last = new URL(appointments.manageUrl(booked.appointment)).pathname;
      }
      return last;
    });

  async function cancel(page: Page, manage: string): Promise<void> {
    await page.goto(`${manage}/cancel`);
    await press(page, say('citizen.cancel.button'));
  }

  const waitingLink = (mail: Received): string =>
    mail.links.find((each) => /\/waiting\/[\w-]+$/.test(each)) ?? '';
  const utc = (start: string) => Temporal.Instant.from(start).toString();

  test('a citizen cancels: a waiting one gets a notice, accepts without a script, and has an earlier time', async () => {
    await using visitor = await visit(browser, town.origin);
    const page = await visitor.context.newPage();
    await walkToTimes(page, BASQUE);
    const days = [...new Set((await offeredTimes(page)).map((each) => each.start.slice(0, 10)))];
    const [, , third = ''] = days;
    const before = Temporal.PlainDate.from(third).subtract({ days: 1 }).toString();
    const full = await fillUntil(before);

    const anna = { name: 'Anna Espera', email: 'anna@example.com', phone: '612 345 678' };
    const old = await book(page, anna, 0, BASQUE);
    expect(old.start.slice(0, 10)).toBe(third);
    const manage = manageUrl(page);
    const confirmed = await mails.mailTo(anna.email, 1);

    await page.goto(`${manage}/earlier`);
    expect(await heading(page)).toBe(say('waiting.earlier.title'));
    await press(page, say('waiting.join'));
    expect(await heading(page)).toBe(say('waiting.title'));
    expect(await seen(page)).toContain(say('waiting.place', { count: 0 }));
    const joined = await mails.mailTo(anna.email, 2);
    expect(waitingLink(joined)).toBe(page.url());
    expect([confirmed.stop, joined.stop]).toEqual([null, `${page.url()}/leave`]);

    await cancel(page, full);
    const offer = await mails.mailTo(anna.email, 3);
    expect(offer.calendar).toBeNull();
    await page.goto(waitingLink(offer));
    expect(await heading(page)).toBe(say('waiting.offer.title'));
    const offered = (await page.locator('time').first().getAttribute('datetime')) ?? '';
    expect(offered < utc(old.start)).toBe(true);
    await press(page, say('waiting.offer.move'));
    await page.waitForURL(`${manage}?done=moved`);

    const moved = await mails.mailTo(anna.email, 4);
    expect(moved.calendar).toMatchObject({
      uid: confirmed.calendar?.uid,
      sequence: (confirmed.calendar?.sequence ?? 0) + 1,
      start: utc(offered),
    });
    expect(visitor.scripts).toEqual([]);
    expect(visitor.foreign).toEqual([]);

    // Going back and pressing again changes nothing.
    await page.goto(waitingLink(offer));
    expect(page.url()).toBe(manage);
  });

  test('the list is left by one press; the times page leads to it where nothing suits', async () => {
    await using visitor = await visit(browser, town.origin);
    const page = await visitor.context.newPage();
    await walkToTimes(page, BASQUE);
    await page.getByRole('link', { name: say('times.waiting.link') }).click();
    expect(await heading(page)).toBe(say('waiting.wait.title'));
    await page.getByLabel(say('common.date.day'), { exact: true }).fill('31');
    await page.getByLabel(say('common.date.month'), { exact: true }).fill('12');
    await page.getByLabel(say('common.date.year'), { exact: true }).fill('2026');
    await page.getByLabel(say('waiting.part.afternoon')).check();
    await page.getByLabel(say('citizen.details.name'), { exact: true }).fill('Berta Res');
    await page.getByLabel(say('citizen.details.phone'), { exact: true }).fill('600 111 222');
    await page
      .getByLabel(say('citizen.details.emailOptional'), { exact: true })
      .fill('berta@example.com');
    await press(page, say('waiting.join'));
    const mail = await mails.mailTo('berta@example.com', 1);
    await page.goto(waitingLink(mail));
    await page.goto(`${waitingLink(mail)}/leave`);
    await press(page, say('waiting.leave.button'));
    expect(await heading(page)).toBe(say('waiting.ended.title'));
  });

  test.each(LANGUAGES)('in %s every page of it is good for everybody', async (language) => {
    const client = openClient(town.origin, language);
    const states: Sent[] = [];
    const see = async (sent: Promise<Sent>) => {
      const page = await sent;
      states.push(page);
      return page;
    };
    const wait = `/${language}/oac/volant-padro/waiting?channel=video&language=ca`;
    const form = await see(client.get(wait));
    await see(client.post(wait, { name: '', email: 'x', whom: 'other', 'day-day': '40' }));
    const once = /name="once" value="([^"]+)"/.exec(form.html)?.[1] ?? '';
    const person = {
      name: 'Carme',
      email: `carme-${language}@example.com`,
      whom: 'self',
      anything: 'no',
    };
    const days = { 'day-day': '31', 'day-month': '12', 'day-year': '2026' };
    const entry = await client.post(wait, { ...person, ...days, once });
    await mails.mailTo(person.email, 2); // on the list, then offered a time: many are free
    const offer = await see(client.get(entry.path));
    const id = /name="offer" value="([^"]+)"/.exec(offer.html)?.[1] ?? '';
    expect(id).not.toBe('');
    await see(client.post(entry.path, { answer: 'decline', offer: id }));
    await see(client.get(`${entry.path}/leave`));
    const button = { 'List-Unsubscribe': 'One-Click' }; // of a mail program, which sends no origin
    await see(client.post(`${entry.path}/leave`, button));
    await see(client.get(`/${language}/waiting/unknown`));

    await using viewer = await openViewer(browser, town.origin);
    const faults: string[] = [];
    for (const state of states) {
      const { page } = viewer;
      await viewer.show({ ...state, name: state.path, language });
      const found = [
        ...(await axeFaults(page)),
        ...(await ibmFaults(page)),
        ...(await faultsOf(state.html)).map((each) => `html ${each}`),
        ...(await smallTargets(page, 24)),
      ];
      const over = await overflowAt(page, 320);
      faults.push(...found.map((each) => `${state.path}: ${each}`));
      if (over > 0) faults.push(`${state.path}: ${over} px too wide`);
    }
    expect(faults).toEqual([]);
  });
});
