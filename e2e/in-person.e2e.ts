import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, type Visitor, visit } from './support/browser.ts';
import { ANE, atWork, entry, wrapUp } from './support/console.ts';
import {
  chooseTime,
  follow,
  goOnToCheck,
  heading,
  offeredTimes,
  press,
  say,
  seen,
  seenIn,
} from './support/pages.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const ERES = 'OAC Les Eres';
/** Half an hour before the appointment of nine. */
const HALF_PAST_EIGHT = '2026-11-25T08:31:00+01:00';

describe.skipIf(!CHROME)('an appointment in person', () => {
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

  /** From the procedure's page to the confirmation, without a script and without an e-mail address; answers its address. */
  async function booked(page: Page, name: string, phone: string): Promise<string> {
    await page.goto('/ca/oac/cens-electoral');
    await page.getByLabel(`${say('common.channel.in_person')}: ${ERES}`).check();
    await page.getByLabel('Euskara', { exact: true }).check();
    await press(page, say('citizen.procedure.seeTimes'));
    expect(await seen(page)).toContain(ERES);
    const [time] = await offeredTimes(page);
    if (!time) throw new Error('no time is offered');
    await chooseTime(page, time);
    await press(page, say('citizen.continue'));
    await page.getByLabel(say('citizen.details.name')).fill(name);
    await press(page, say('citizen.continue'));
    expect(await seen(page, 'alert')).toContain(say('details.error.missing_either'));
    await page.getByLabel(say('citizen.details.phoneEither'), { exact: true }).fill(phone);
    await goOnToCheck(page);
    expect(await seen(page)).toContain(`${say('common.channel.in_person')}: ${ERES}`);
    await press(page, say('citizen.check.confirm'));
    await page.waitForURL('**/confirmed');
    const confirmed = await seen(page);
    for (const part of [ERES, 'Carrer de les Eres, 42', 'parada Les Eres', 'DNI'])
      expect(confirmed).toContain(part);
    return page.url().replace(/\/confirmed$/, '');
  }

  /** The page of an appointment, where scripts run. */
  async function opened({ context }: Visitor, address: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(address);
    return page;
  }

  test('is booked, checked in, called and closed', async () => {
    await using plain = await visit(browser, town.origin);
    const page = await plain.context.newPage();
    const address = await booked(page, 'Teresa Camps', '612 345 678');
    expect(await page.goto(address).then(() => seen(page))).toContain(
      say('checkIn.early', { time: '8:30' }),
    );

    await town.comeTo(HALF_PAST_EIGHT);
    await using scripted = await visit(browser, town.origin, {
      javaScriptEnabled: true,
      bypassCSP: true,
    });
    const hers = await opened(scripted, address);
    expect(await axeFaults(hers)).toEqual([]);
    await press(hers, say('checkIn.here'));
    expect(await heading(hers)).toBe(say('checkIn.arrived.title'));

    await using ane = await atWork(browser, town, ANE);
    const desk = await opened(ane, '/console/oac');
    const line = entry(desk, 'Teresa Camps');
    expect(await seenIn(line)).toContain(say('checkIn.situation.waiting'));
    expect(await seenIn(line)).toMatch(/8:3[1-5]/); // as long as it takes
    await follow(desk, 'Teresa Camps');
    expect(await axeFaults(desk)).toEqual([]);
    expect(await seen(desk)).not.toContain(say('staff.call.how'));
    await desk.locator('#action').click();
    await desk.locator('#picker').waitFor();

    // Her page says so by itself.
    const called = say('checkIn.called.title', { desk: 'Taula 4' });
    await hers.locator('#check-in').getByText(called).waitFor();
    await page.goto(address);
    expect(await heading(page)).toBe(called);
    expect(await heading(hers)).toBe(called);

    await desk.getByLabel(say('staff.identity.questions')).check();
    await desk.locator('#item-0-outcome').selectOption({ index: 1 });
    await wrapUp(desk);
    // The page saves what was typed before it closes.
    const closed = desk.getByRole('heading', { name: say('staff.fulfilled.title') });
    await closed.or(desk.locator('#unticked')).first().waitFor();
    if (!(await closed.isVisible())) await press(desk, say('staff.encounter.close'));
    await closed.waitFor();
    await page.goto(address);
    expect(await seen(page)).toContain(say('ending.lead.in_person'));
    expect(plain.foreign).toEqual([]);
    expect(scripted.foreign).toEqual([]);
  });

  test('staff mark whoever has no telephone as there; whoever does not come is a no-show', async () => {
    await using plain = await visit(browser, town.origin);
    const page = await plain.context.newPage();
    const address = await booked(page, 'Josefa Vila', '612 345 679');
    const { start } = await town.look((tx) =>
      tx
        .selectFrom('appointment')
        .select('starts as start')
        .where('name', '=', 'Josefa Vila')
        .executeTakeFirstOrThrow(),
    );
    await town.comeTo(start.toString());
    await using ane = await atWork(browser, town, ANE);
    const desk = await opened(ane, '/console/oac');
    await entry(desk, 'Josefa Vila').getByRole('button').click();
    await desk.waitForURL(({ search }) => search === '?day=2026-11-25');
    expect(await seenIn(entry(desk, 'Josefa Vila'))).toContain(say('checkIn.situation.waiting'));
    await page.goto(address);
    expect(await heading(page)).toBe(say('checkIn.arrived.title'));

    await follow(desk, 'Josefa Vila');
    await press(desk, say('checkIn.desk.unmark'));
    expect(await seen(desk)).toContain(say('checkIn.desk.away'));
    await press(desk, say('checkIn.desk.missed'));
    await desk.getByRole('heading', { name: say('checkIn.situation.noshow') }).waitFor();
    await page.goto(address);
    expect(await heading(page)).toBe(say('ending.noshow.title.in_person'));
  });
});
