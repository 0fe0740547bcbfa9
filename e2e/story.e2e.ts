import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CHROME, openBrowser, type Visitor, visit } from './support/browser.ts';
import { wrapUp } from './support/console.ts';
import { type MailServer, openMailServer, type Received } from './support/mail.ts';
import {
  book,
  chooseTime,
  fillDetails,
  follow,
  goOnToCheck,
  goOnToNeeds,
  heading,
  manageUrl,
  type Offered,
  offeredTimes,
  type Person,
  press,
  say,
  seen,
  seenIn,
  signIn,
  takeTime,
  walkToTimes,
} from './support/pages.ts';
import { temporaryFolder } from './support/processes.ts';
import { DEMO_TOWN, finestreta, MORNING, openTown, type Town } from './support/town.ts';

/** A Wednesday with eight people at their desks from half past eight. */

const person = (name: string, email: string): Person => ({ name, email, phone: '612 345 678' });

describe.skipIf(!CHROME)('Vilaclara', () => {
  const folder = temporaryFolder();
  const dataDir = join(folder.path, 'data');
  let browser: Browser;
  let mails: MailServer;
  let town: Town;

  beforeAll(async () => {
    browser = await openBrowser();
    mails = await openMailServer();
  });
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await mails?.[Symbol.asyncDispose]();
    await browser?.close();
    folder.remove();
  });

  /** Opens a browser without JavaScript; checks that there are no foreign requests, and no scripts. */
  async function somebody(use: (page: Page, visitor: Visitor) => Promise<void>): Promise<void> {
    await using visitor = await visit(browser, town.origin);
    await use(await visitor.context.newPage(), visitor);
    expect({ foreign: visitor.foreign, scripts: visitor.scripts }).toEqual(NOTHING);
  }

  /** Uses the console as a member of staff, who signs in once: a code opens only once, and the next takes half a minute. */
  const desks = new Map<string, Visitor>();
  async function asStaff<T>(email: string, use: (page: Page) => Promise<T>): Promise<T> {
    const known = desks.get(email);
    const visitor = known ?? (await visit(browser, town.origin, { viewport: null }));
    const page = await visitor.context.newPage();
    if (!known) await signIn(page, await town.server.access(), email);
    desks.set(email, visitor);
    await page.goto('/console/oac');
    const answer = await use(page);
    expect({ foreign: visitor.foreign, scripts: visitor.scripts }).toEqual(NOTHING);
    await page.close();
    return answer;
  }

  /** Returns the agent of an appointment's desk, as the coordinator sees it. */
  const deskOf = (name: string): Promise<string> =>
    asStaff('nuria.roca@vilaclara.example', async (page) => {
      const entry = page.getByRole('listitem').filter({ hasText: name });
      return emailAt(`taula-${/Taula (\d)/.exec(await seenIn(entry))?.[1]}`);
    });

  test('a town file with a mistake is refused with its line; a good one is checked and applied', async () => {
    const bad = join(folder.path, 'bad.yaml');
    writeFileSync(
      bad,
      readFileSync(DEMO_TOWN, 'utf8').replace('leadMinutes: 60', 'leadMinutes: soon'),
    );
    const refused = finestreta(['town', 'check', bad], dataDir);
    expect(refused.code).not.toBe(0);
    const line = readFileSync(bad, 'utf8')
      .slice(0, readFileSync(bad, 'utf8').indexOf('soon'))
      .split('\n').length;
    expect(refused.said).toContain(`bad.yaml:${line}:`);

    const good = finestreta(['town', 'check', DEMO_TOWN], dataDir);
    expect(good).toMatchObject({ code: 0, said: expect.stringContaining('Vilaclara, 2 offices') });
    expect(finestreta(['town', 'apply', DEMO_TOWN, '--yes'], dataDir)).toMatchObject({
      code: 0,
      said: expect.stringContaining('Applied.'),
    });
    town = await openTown({ clock: MORNING, smtpUrl: mails.url, dataDir });
  });

  test('two presses of “confirm” in two tabs make one appointment', async () => {
    await somebody(async (page, { context }) => {
      await walkToTimes(page);
      const time = await takeTime(page, 2);
      await fillDetails(page, person('Dolors Twice', 'dolors@example.com'));
      await goOnToCheck(page);
      const other = await context.newPage();
      await other.goto(page.url());
      await Promise.all([page, other].map((each) => press(each, say('citizen.check.confirm'))));
      await Promise.all([page, other].map((each) => each.waitForURL('**/confirmed')));
      expect(manageUrl(other)).toBe(manageUrl(page));
      await mails.mailTo('dolors@example.com', 1);
      const rows = await town.look((tx) =>
        tx.selectFrom('appointment').select('starts').where('name', '=', 'Dolors Twice').execute(),
      );
      expect(rows.map((each) => String(each.starts))).toEqual([utc(time)]);
    });
  });

  test('cancelled: the mail says so, the calendar takes it out, the time is offered again', async () => {
    await somebody(async (page) => {
      // One desk speaks Basque, so its times are the last of their kind.
      const wish = { language: 'Euskara' };
      const time = await book(page, person('Jordi Cancels', 'jordi@example.com'), 0, wish);
      const booked = await mails.mailTo('jordi@example.com', 1);
      const offered = async () => {
        await walkToTimes(page, wish);
        return (await offeredTimes(page)).map((each) => each.start);
      };
      expect(await offered()).not.toContain(time.start);

      await page.goto(manageLink(booked));
      await follow(page, say('citizen.manage.cancel'));
      await page.getByLabel(say('citizen.cancel.reason')).fill('Ja no em cal');
      await press(page, say('citizen.cancel.button'));
      expect(await heading(page)).toBe(say('citizen.manage.cancelled.title'));

      const mail = await mails.mailTo('jordi@example.com', 2);
      expect(mail.calendar).toMatchObject({
        method: 'CANCEL',
        status: 'CANCELLED',
        uid: booked.calendar?.uid,
      });
      expect(mail.calendar?.sequence).toBeGreaterThan(booked.calendar?.sequence ?? 0);
      expect(await offered()).toContain(time.start);
    });
  });

  test('a time that is lost while filling in is named, and every answer is kept', async () => {
    const wish = { language: 'Euskara' };
    await somebody(async (slow) => {
      await walkToTimes(slow, wish);
      const time = await takeTime(slow);
      await fillDetails(slow, { name: 'Amaia Slow', phone: '612 345 678' });
      await press(slow, say('citizen.continue'));
      await slow.getByLabel(say('citizen.details.comment')).fill('Em cal per a l’escola');

      // The hold ends while she types, and another person takes the time.
      await town.comeTo('2026-11-25T07:45:00+01:00');
      await somebody(async (quick) => {
        const taken = await book(quick, person('Iker Quick', 'iker@example.com'), 0, wish);
        expect(taken.start).toBe(time.start);
      });

      await press(slow, say('citizen.continue'));
      const summary = await seen(slow, 'alert');
      expect(summary).toContain(time.name.replace(/, (\d+:\d+)$/, ''));
      expect(summary).toContain(/\d+:\d+$/.exec(time.name)?.[0]);

      const other = await takeTime(slow);
      expect(other.start).not.toBe(time.start);
      expect(await heading(slow)).toBe(say('citizen.check.title'));
      const answers = await seen(slow);
      for (const kept of ['Amaia Slow', '612 34 56 78', 'Em cal per a l’escola', 'Euskara'])
        expect(answers).toContain(kept);
      await press(slow, say('citizen.check.confirm'));
      await slow.waitForURL('**/confirmed');
    });
  });

  test('the whole story: booked, confirmed, moved, called twice, served, surveyed', async () => {
    const maria = person('Maria Puig', 'maria@example.com');
    let time: Offered = { name: '', start: '' };
    let confirmation: Received | undefined;

    await somebody(async (page) => {
      await walkToTimes(page, { procedure: 'Volant de padró', channel: 'phone' });
      const last = (await offeredTimes(page)).length - 1;
      time = await takeTime(page, last);

      // A mistake first: the telephone is missing, what was typed stays.
      await fillDetails(page, { name: maria.name, email: maria.email, phone: '61' });
      await press(page, say('citizen.continue'));
      expect(await seen(page, 'alert')).toContain(say('citizen.error.not_phone'));
      expect(await page.getByLabel(say('citizen.details.name'), { exact: true }).inputValue()).toBe(
        maria.name,
      );
      await fillDetails(page, { phone: maria.phone });
      await goOnToNeeds(page);
      await page.getByLabel(say('citizen.need.companion')).check();
      await page.getByLabel(say('citizen.details.comment')).fill('Per a la beca menjador');
      await press(page, say('citizen.continue'));

      expect(await heading(page)).toBe('Comprova-ho abans de confirmar');
      await press(page, say('citizen.check.confirm'));
      expect(await heading(page)).toBe('Ja tens hora');
      const card = (await seen(page)).toLowerCase();
      for (const part of [...wordsOf(time), maria.email, '612 34 56 78'])
        expect(card).toContain(part);
    });

    confirmation = await mails.mailTo(maria.email, 1);
    expect(confirmation).toMatchObject({ from: 'cita@vilaclara.example', language: 'ca' });
    for (const part of wordsOf(time)) expect(confirmation.subject).toContain(part);
    expect(confirmation.calendar).toMatchObject({
      method: 'PUBLISH',
      start: utc(time),
      alarms: [15],
    });

    // Moved through the mail's link, to the first time of today.
    await somebody(async (page) => {
      await page.goto(manageLink(confirmation));
      await follow(page, say('citizen.manage.change'));
      const times = await offeredTimes(page);
      time = times[0] as Offered;
      await chooseTime(page, time);
      await press(page, say('citizen.changeTime.button'));
      const card = (await seen(page)).toLowerCase();
      for (const part of wordsOf(time)) expect(card).toContain(part);
    });
    const change = await mails.mailTo(maria.email, 2);
    for (const part of wordsOf(time)) expect(change.subject).toContain(part);
    expect(change.calendar).toMatchObject({ uid: confirmation.calendar?.uid, start: utc(time) });
    expect(change.calendar?.sequence).toBeGreaterThan(confirmation.calendar?.sequence ?? 0);

    // The hour has come.
    await town.comeTo(Temporal.Instant.from(time.start).add({ seconds: 20 }).toString());
    const desk = await deskOf(maria.name);
    await asStaff(desk, async (page) => {
      expect(await heading(page)).toBe(say('staff.day.title'));
      await follow(page, say('staff.next'));
      const card = await seen(page);
      for (const part of [maria.name, 'Volant de padró', 'Per a la beca menjador', 'Català'])
        expect(card).toContain(part);
      expect(await callLink(page)).toBe('tel:0612345678');

      await press(page, say('staff.outcome.no_answer'));
      expect(await seen(page)).toContain(say('staff.attempts.title', { count: 1, max: 3 }));
      await press(page, say('staff.call.answered'));

      const row = (n: number) =>
        page.getByRole('group', { name: say('staff.encounter.row', { number: n }) });
      const outcome = async (n: number) =>
        row(n).getByLabel(say('staff.encounter.outcome')).selectOption({ index: 1 });
      await outcome(1);
      await press(page, say('staff.encounter.add'));
      await row(2)
        .getByLabel(say('staff.encounter.kind'))
        .selectOption({ label: say('staff.kind.query') });
      await row(2).getByLabel(say('staff.encounter.label')).fill('Beca menjador: on es demana');
      await outcome(2);
      await page.getByLabel(say('staff.identity.questions')).check();
      await page
        .getByLabel(say('staff.encounter.notes'), { exact: true })
        .fill('Li hem enviat el volant.');
      // Closing without the wrap-up code is refused, and nothing is lost.
      await press(page, say('staff.encounter.close'));
      expect(await seen(page, 'alert')).toContain(say('staff.encounter.wrapUp'));
      expect(
        await page.getByLabel(say('staff.encounter.notes'), { exact: true }).inputValue(),
      ).toBe('Li hem enviat el volant.');
      await wrapUp(page);
      const closed = await seen(page);
      for (const part of [
        say('staff.fulfilled.title'),
        'Beca menjador: on es demana',
        'Li hem enviat el volant.',
      ])
        expect(closed).toContain(part);
    });

    const survey = await mails.mailTo(maria.email, 3);
    await somebody(async (page) => {
      await page.goto(survey.links.find((each) => each.endsWith('/survey')) ?? '');
      await page.getByRole('radio', { name: '9', exact: true }).check();
      await page
        .getByRole('group', { name: say('citizen.survey.solved') })
        .getByLabel(say('citizen.survey.partly'))
        .check();
      await page.getByLabel(say('citizen.survey.comment')).fill('Truqueu una mica més a poc a poc');
      await press(page, say('citizen.survey.send'));
      expect(await heading(page)).toBe(say('citizen.thanks.title'));
    });
    const answers = await town.look((tx) =>
      tx.selectFrom('survey_answer').select(['score', 'solved', 'comment']).execute(),
    );
    expect(answers).toEqual([
      { score: 9, solved: 'partly', comment: 'Truqueu una mica més a poc a poc' },
    ]);
  });

  test('three calls without an answer: a notice, with a link to book again', async () => {
    const pere = person('Pere Mut', 'pere@example.com');
    let time: Offered = { name: '', start: '' };
    await somebody(async (page) => {
      time = await book(page, pere, 0, { procedure: 'Registrar un animal de companyia' });
    });
    await mails.mailTo(pere.email, 1);
    await town.comeTo(Temporal.Instant.from(time.start).add({ seconds: 20 }).toString());
    const desk = await deskOf(pere.name);
    await asStaff(desk, async (page) => {
      await follow(page, pere.name);
      await press(page, say('staff.outcome.no_answer'));
      for (const outcome of ['busy', 'voicemail'] as const) {
        await press(page, say(`staff.outcome.${outcome}`));
        await press(page, say('doubt.early.anyway'));
      }
      expect(await seen(page)).toContain(say('unreached.title'));
    });
    // It ends by itself once the promised window is over.
    await town.comeTo(Temporal.Instant.from(time.start).add({ minutes: 31 }).toString());
    const mail = await mails.mailTo(pere.email, 2);
    expect(mail.subject).toBe('No hem pogut parlar amb tu: demana una altra hora');
    await somebody(async (page) => {
      await page.goto(mail.links.find((each) => each.includes('/oac/')) ?? '');
      expect(await heading(page)).toBe('Registrar un animal de companyia');
      await press(page, say('citizen.procedure.seeTimes'));
      expect(await offeredTimes(page)).not.toEqual([]);
    });
  });
});

const NOTHING = { foreign: [], scripts: [] };

/** Weekday, day and hour, as pages and mails say them. */
const wordsOf = ({ name }: Offered): string[] => name.split(', ');

const utc = ({ start }: Offered): string => Temporal.Instant.from(start).toString();

/** The appointment's page, in a mail. */
function manageLink(mail: Received | undefined): string {
  const link = mail?.links.find((each) => /\/appointment\/[^/]+$/.test(each));
  if (!link) throw new Error(`No link to the appointment in\n${mail?.text}`);
  return link;
}

async function callLink(page: Page): Promise<string | null> {
  return page.locator('a[href^="tel:"]').first().getAttribute('href');
}

/** Returns the address of a desk's agent, by the town file. */
function emailAt(desk: string): string {
  const file = parse(readFileSync(DEMO_TOWN, 'utf8')) as {
    staff: { email: string; offices?: { oac?: { desk?: string } } }[];
  };
  const found = file.staff.find((each) => each.offices?.oac?.desk === desk);
  if (!found) throw new Error(`Nobody sits at ${desk}`);
  return found.email;
}
