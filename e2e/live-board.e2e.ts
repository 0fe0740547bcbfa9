import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, FAKE_DEVICES, openBrowser, type Visitor, visit } from './support/browser.ts';
import { openClient } from './support/client.ts';
import {
  ANE,
  atWork,
  isLookAtDay,
  listen,
  listening,
  MARTA,
  NURIA,
  said,
} from './support/console.ts';
import { press, say, seen, signOut, tabTo } from './support/pages.ts';
import { until } from './support/processes.ts';
import { axeFaults, overflowAt, smallTargets } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';
import { type BookedVideo, bookVideo, MARIA, says } from './support/video.ts';

const NOW = '/console/oac/now';

describe.skipIf(!CHROME)('a coordinator watches this moment', () => {
  let browser: Browser;
  let town: Town;
  let nuria: Visitor;
  let ane: Visitor;
  let citizen: Page;
  let booked: BookedVideo;
  let board: Page;
  let hers: Page;

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    // Ane's desk alone attends in Basque.
    booked = await bookVideo(openClient(town.origin, 'ca'), undefined, 'eu');
    await town.comeTo(Temporal.Instant.from(booked.start).subtract({ minutes: 5 }).toString());
    browser = await openBrowser(FAKE_DEVICES);
    nuria = await atWork(browser, town, NURIA);
    citizen = await browser.newPage({ baseURL: town.origin, locale: 'ca-ES' });
    board = await listening(nuria, NOW);
  }, 120_000);
  afterAll(async () => {
    await nuria?.[Symbol.asyncDispose]();
    await ane?.[Symbol.asyncDispose]();
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
  });

  const figure = (name: string, page = board) => page.locator(`#figure-${name}`).textContent();
  const shows = (name: string, value: string) => expect.poll(() => figure(name)).toBe(value);
  const desk = () => board.locator('.desk-now').filter({ hasText: 'Taula 4' });
  const isAt = (state: string) => expect.poll(() => desk().getAttribute('data-state')).toBe(state);
  /** Before its hours, an unoccupied desk isn't shown. */
  const isGone = () => expect.poll(() => desk().count()).toBe(0);
  /** Chosen in the bar, by keyboard alone. */
  async function becomes(page: Page, state: 'available' | 'break' | 'away') {
    await page.locator('#presence > summary').focus();
    await page.keyboard.press('Enter');
    await tabTo(page, say(`liveBoard.state.${state}`), 5);
    const gone = page.waitForEvent('framenavigated');
    await page.keyboard.press('Enter');
    await gone;
    await page.waitForLoadState();
  }

  test('whoever comes to their desk is there by themselves', async () => {
    expect([await figure('free'), await figure('waiting')]).toEqual(['0', '0']);
    await isGone();
    ane = await atWork(browser, town, ANE);
    hers = await listening(ane);
    await shows('free', '1');
    await isAt('available');
    expect(await desk().textContent()).toContain('Ane Etxeberria');
  });

  test('a citizen who enters the room waits, without a name, and is read out once', async () => {
    await citizen.goto(`${booked.manage}/room`);
    await press(citizen, say('room.enter'));
    await says(citizen, 'waiting');
    await shows('waiting', '1');
    const wait = board.locator('.wait');
    expect(await wait.textContent()).toMatch(/M\. P\. · [A-Z0-9]{3}-[A-Z0-9]{3}/);
    expect(await board.locator('.now-board').textContent()).not.toContain('Maria');
    await said(board, 'Maria Puig');
    expect(await wait.getByRole('link', { name: new RegExp(say('reassign.title')) }).count()).toBe(
      1,
    );
  });

  test('nothing in it is for a scan to find; it fits a telephone, and a wall', async () => {
    expect(await axeFaults(board)).toEqual([]);
    for (const path of [NOW, `${NOW}?wall=1`]) {
      const page = await nuria.context.newPage();
      await page.goto(path);
      expect(await axeFaults(page)).toEqual([]);
      expect(await overflowAt(page, 320)).toBeLessThanOrEqual(0);
      expect(await smallTargets(page, 24)).toEqual([]);
      await page.close();
    }
  });

  test('the agent lets them in: in a call, and the waiting line is empty', async () => {
    await hers.locator('.entry a').filter({ hasText: 'Maria Puig' }).click();
    await hers.locator('[data-action="begin"]').click();
    await hers.locator('#item-0-outcome').waitFor();
    await shows('inCall', '1');
    await isAt('in_call');
    await shows('waiting', '0');
    await shows('free', '0');
  });

  test('a break that she asks for in the call, by keyboard, holds after it', async () => {
    // In a page of its own: the call goes on in hers.
    const page = await ane.context.newPage();
    await page.goto('/console/oac/book');
    expect(await seen(page)).toContain(say('desk.book.title'));
    await becomes(page, 'break');
    await isAt('in_call');
    await hers.locator('#item-0-outcome').selectOption({ index: 1 });
    await hers.locator('input[name="identity"]').first().check();
    await hers.locator('input[name="wrapUp"]').first().check();
    const closed = hers.getByRole('heading', { name: say('staff.fulfilled.title') });
    await hers.locator('#action').click();
    await closed.or(hers.locator('#unticked')).first().waitFor();
    if (!(await closed.isVisible())) await hers.locator('#action').click();
    await closed.waitFor();
    await isAt('break');
    await shows('inCall', '0');
    await page.reload();
    expect(await page.locator('#presence > summary').textContent()).toContain(
      say('liveBoard.state.break'),
    );
    await becomes(page, 'available');
    await shows('free', '1');
    await page.close();
  });

  test('a break is for the board to look again, and for no page that shows no desks', async () => {
    await using marta = await atWork(browser, town, MARTA);
    await shows('free', '2');
    /** Opens the day on a clock that stands still, since it also looks once a minute. Returns its looks from then on. */
    const watch = async ({ context }: Visitor) => {
      const page = await context.newPage();
      await page.clock.setFixedTime(Date.now());
      await listen(page);
      const looks: Request[] = [];
      page.on('request', (each) => isLookAtDay(each) && looks.push(each));
      return { page, looks };
    };
    // Hers hears by way of the tab that listens.
    const [theirs, own] = [await watch(marta), await watch(nuria)];
    const page = await ane.context.newPage();
    await page.goto('/console/oac/book');
    await becomes(page, 'break');
    await shows('free', '1');
    await becomes(page, 'available');
    await shows('free', '2');
    // A booking is told after all that: the day's first look is for it.
    await bookVideo(openClient(town.origin, 'ca'), { ...MARIA, name: 'Neus Tardana' }, 'eu');
    const first = await until('the day looks', () => own.looks[0]);
    expect(await (await first.response())?.text()).toContain('Neus Tardana');
    expect(theirs.looks).toHaveLength(0);
    await page.close();
    await own.page.close();
  });

  test('without scripts it has the same content, and its actions work', async () => {
    await using plain = await visit(browser, town.origin, {
      storageState: await nuria.context.storageState(),
    });
    const page = await plain.context.newPage();
    await page.goto(NOW);
    for (const each of ['free', 'waiting', 'inCall', 'late', 'longest'])
      expect(await figure(each, page)).toBe(await figure(each));
    await page.getByLabel(say('liveBoard.channel')).selectOption('video');
    await press(page, say('staff.day.show'));
    expect(page.url()).toContain('channel=video');
    await press(page, say('liveBoard.wall'));
    expect(page.url()).toMatch(/channel=video&wall=1/);
    expect(plain.scripts).toEqual([]);

    await using own = await visit(browser, town.origin, {
      storageState: await ane.context.storageState(),
    });
    const bar = await own.context.newPage();
    await bar.goto('/console/oac');
    await bar.locator('#presence > summary').click();
    await press(bar, say('liveBoard.state.away'));
    expect(await bar.locator('#presence > summary').textContent()).toContain(
      say('liveBoard.state.away'),
    );
    await isGone();
  });

  test('whoever signs out is away', async () => {
    await hers.goto('/console/oac');
    await becomes(hers, 'available');
    await isAt('available');
    await signOut(hers);
    await isGone();
  });
});
