import { join } from 'node:path';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTIONS } from '../src/features/foundation/preferences/rules.ts';
import { CHROME, FAKE_DEVICES, openBrowser } from './support/browser.ts';
import { openClient } from './support/client.ts';
import { entry, NURIA, SCREEN } from './support/console.ts';
import { follow, heading, press, say, seenIn, signIn, signOut } from './support/pages.ts';
import { rememberConnections } from './support/phone.ts';
import { ROOT } from './support/processes.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';
import { bookVideo, MARIA, says, untilSeen } from './support/video.ts';

const JOAN = { name: 'Joan Vila', phone: '612 345 679', email: 'joan@example.com' };
const AWAY = join(ROOT, 'deploy', 'proxies', 'away.html');
const SMALL = { width: 360, height: 740 };

describe.skipIf(!CHROME)('a video call while the pages of the console change', () => {
  let browser: Browser;
  let town: Town;
  let citizen: Page;
  let agent: Page;
  /** The path of the appointment in the console. */
  let home = '';
  /** The options of the call's start. */
  let begunWith: unknown;

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    browser = await openBrowser(FAKE_DEVICES);
    const { manage, start } = await bookVideo(openClient(town.origin, 'ca'));
    await bookVideo(openClient(town.origin, 'ca'), JOAN);
    citizen = await browser.newPage({ baseURL: town.origin, locale: 'ca-ES' });
    agent = await browser.newPage({ ...SCREEN, baseURL: town.origin, locale: 'ca-ES' });
    for (const page of [citizen, agent]) {
      page.setDefaultTimeout(25_000);
      await rememberConnections(page);
    }
    await town.comeTo(Temporal.Instant.from(start).subtract({ minutes: 5 }).toString());
    await signIn(agent, await town.server.access(), NURIA);
    await citizen.goto(`${manage}/room`);
    await press(citizen, say('room.enter'));
    await says(citizen, 'waiting');
    await agent.goto('/console/oac');
    await entry(agent, MARIA.name).getByRole('link').click();
    await agent.waitForURL('**/appointment/*');
    home = new URL(agent.url()).pathname;
    await agent.getByText(say('room.desk.here')).waitFor();
    await agent.locator('[data-action="begin"]').click();
    await begun();
  });
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
  });

  /** How many connections each has made since their page was loaded, and how many seats there were. */
  async function made() {
    const connections = (page: Page) =>
      page.evaluate(() => (window as unknown as { connections: unknown[] }).connections.length);
    const seats = await town.look((tx) => tx.selectFrom('seat').select('id').execute());
    return [await connections(citizen), await connections(agent), seats.length];
  }
  const bothSee = () => Promise.all([untilSeen(citizen), untilSeen(agent)]);
  async function begun(): Promise<void> {
    await bothSee();
    begunWith = await made();
    await agent.evaluate(() => {
      document.body.dataset.mark = 'here';
    });
  }
  const isSamePage = () => agent.evaluate(() => document.body.dataset.mark === 'here');
  /** It is the call that was begun: the same page, from the same seats, over the same connection. */
  async function goesOn(): Promise<void> {
    await bothSee();
    expect(await made()).toEqual(begunWith);
    expect(await isSamePage()).toBe(true);
  }

  const dock = () => agent.locator('#dock');
  const docked = () => dock().getByRole('region', { name: say('room.desk.title') });
  const isDocked = () => docked().isVisible();
  const hangUp = () => press(agent, say('room.desk.leave'));
  const notes = () => agent.locator('#notes');
  const focusedId = () => agent.evaluate(() => document.activeElement?.id ?? '');
  const onPage = (path: string) => agent.waitForURL((url) => url.pathname === path);
  async function toDay(): Promise<void> {
    await follow(agent, say('staff.place.day'));
    await onPage('/console/oac');
  }

  test('saving keeps the call, and the typed text', async () => {
    await notes().fill('Vol el volant per a l’escola');
    await press(agent, say('staff.encounter.save'));
    await expect.poll(focusedId).toBe('main');
    expect(await notes().inputValue()).toBe('Vol el volant per a l’escola');
    await goesOn();
    expect(await isDocked()).toBe(false);
  });

  test('another page has the call at its foot, with the buttons to continue and to end it', async () => {
    await notes().fill('Vol el volant per a l’escola bressol');
    await toDay();
    await docked()
      .getByRole('link', { name: say('persistentCall.back', { who: MARIA.name }) })
      .waitFor();
    expect(await agent.title()).not.toContain(MARIA.name);
    await expect.poll(focusedId).toBe('main');
    await goesOn();
    expect(await seenIn(docked())).toContain(say('room.said.connected'));
    await docked()
      .getByRole('button', { name: say('room.desk.leave') })
      .waitFor();
    await press(agent, say('room.microphone.off'));
    await citizen.getByText(say('room.them.mute')).waitFor();
    await press(agent, say('room.microphone.on'));
    expect(await axeFaults(agent)).toEqual([]);
  });

  test('on a small screen it covers nothing for good', async () => {
    await agent.setViewportSize(SMALL);
    const isClear = async (action: string) => {
      const [one, foot] = [agent.locator(action).last(), dock()].map((each) => each.boundingBox());
      const [{ y, height }, strip] = [(await one)!, (await foot)!];
      return y + height <= strip.y && strip.height < SMALL.height / 3;
    };
    await agent.keyboard.press(ACTIONS.book.key);
    await onPage('/console/oac/book');
    await goesOn();
    await agent.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await expect.poll(() => isClear('main button[type="submit"]:visible')).toBe(true);
    expect(await agent.evaluate(() => document.documentElement.scrollWidth)).toBe(SMALL.width);
    await agent.setViewportSize(SCREEN.viewport);
  });

  test('the way back, by palette, link and browser, leads to the call and to the last typed text', async () => {
    await agent.keyboard.press('Control+k');
    await agent.keyboard.type('videotrucada');
    await agent.keyboard.press('Enter');
    await onPage(home);
    await expect.poll(isDocked).toBe(false);
    await expect.poll(focusedId).toMatch(/^call-/);
    expect(await notes().inputValue()).toBe('Vol el volant per a l’escola bressol');
    await goesOn();
    await agent.goBack();
    await onPage('/console/oac/book');
    await expect.poll(isDocked).toBe(true);
    await agent.goForward();
    await onPage(home);
    await expect.poll(isDocked).toBe(false);
    await agent.keyboard.press(ACTIONS.board.key);
    await onPage('/console/oac/board');
    await docked().getByRole('link').press('Enter');
    await onPage(home);
    await goesOn();
  });

  test('a result of the palette opens beneath the call, though the page was refreshed meanwhile', async () => {
    const choose = async (words: string) => {
      await agent.keyboard.press('Control+k');
      await agent.keyboard.type(words);
      await agent.evaluate(() => {
        for (const each of document.querySelectorAll('.places, .day-region'))
          each.replaceWith(each.cloneNode(true));
      });
      await agent.keyboard.press('Enter');
    };
    await toDay();
    await choose(JOAN.name);
    await agent.getByRole('heading', { level: 1, name: JOAN.name }).waitFor();
    await goesOn();
    await choose(say(ACTIONS.book.words));
    await onPage('/console/oac/book');
    await goesOn();
    await docked().getByRole('link').press('Enter');
    await onPage(home);
  });

  test.each<[string, (route: Route) => Promise<void>]>([
    ['cannot be had', (route) => route.abort()],
    ['is the web server’s own', (route) => route.fulfill({ status: 503, path: AWAY })],
  ])('a page that %s is said, and the call goes on', async (_, answer) => {
    await toDay();
    await docked().getByRole('link').press('Enter');
    await onPage(home);
    const failed = agent.getByText(say('persistentCall.failed'));
    expect(await failed.count()).toBe(0);
    await agent.route('**/console/oac', answer);
    await follow(agent, say('staff.place.day'));
    await failed.waitFor();
    await agent.unroute('**/console/oac');
    expect(await heading(agent)).toBe(MARIA.name);
    await goesOn();
  });

  test('an island whose script could not be loaded is loaded on the next page that has it', async () => {
    const grid = agent.getByRole('grid');
    await agent.route('**/assets/main-*.js', (route) => route.abort(), { times: 1 });
    const failed = agent.waitForEvent('requestfailed', (each) => /\/main-/.test(each.url()));
    await agent.keyboard.press('v');
    await agent.keyboard.press('r');
    await onPage('/console/oac/rota');
    await failed;
    expect(await grid.count()).toBe(0);
    await agent.goBack();
    await onPage(home);
    await agent.goForward();
    await grid.waitFor();
    await docked().getByRole('link').press('Enter');
    await onPage(home);
    await goesOn();
  });

  test('whoever would end the call by leaving is asked first', async () => {
    let asked = 0;
    agent.on('dialog', (dialog) => {
      if (dialog.type() === 'beforeunload') asked++;
      void dialog.dismiss();
    });
    await agent.evaluate(() => location.assign('/console/hisenda'));
    await expect.poll(() => asked).toBe(1);
    await signOut(agent);
    await expect.poll(() => asked).toBe(2);
    agent.removeAllListeners('dialog');
    await goesOn();
  });

  test('no link leads into a second call, and a person who enters it is not heard in the first any more', async () => {
    await toDay();
    await entry(agent, JOAN.name).getByRole('link').click();
    await agent.locator('[data-action="begin"]').click();
    await press(agent, say('doubt.busy.anyway')); // the first encounter is still open
    const enter = agent.getByRole('button', { name: say('room.desk.enter') });
    await enter.waitFor();
    expect(await isDocked()).toBe(true);
    await goesOn();
    await enter.click();
    await citizen.getByText(say('room.said.alone')).waitFor();
    await expect.poll(isDocked).toBe(false);
    await hangUp();
  });

  test('a person who hangs up on another page stays there', async () => {
    await agent.goto(home);
    await begun();
    await toDay();
    await hangUp();
    await expect.poll(isDocked).toBe(false);
    await dock().getByText(say('room.said.left')).waitFor({ state: 'attached' });
    await expect.poll(focusedId).toBe('main');
    expect(await isSamePage()).toBe(true);
  });

  test('a browser that cannot move a picture without taking it out shows it all the same', async () => {
    await agent.addInitScript(() => {
      Reflect.deleteProperty(Element.prototype, 'moveBefore');
    });
    await agent.goto(home);
    await begun();
    await toDay();
    await goesOn();
    await agent.goBack();
    await onPage(home);
    await expect.poll(isDocked).toBe(false);
    await goesOn();
  });

  test('closing the encounter asks about a message that was not sent, and ends it for both', async () => {
    await press(agent, say('room.write.open'));
    await agent.getByLabel(say('room.write.label')).fill('El seu número és');
    await agent.locator('#item-0-outcome').selectOption({ index: 1 });
    await agent.locator('#identity').check();
    await agent.locator('#wrapUp').check();
    await press(agent, say('staff.encounter.close'));
    await agent
      .getByRole('alert')
      .filter({ hasText: say('room.write.unsent') })
      .waitFor();
    await press(agent, say('staff.encounter.close'));
    await agent.getByRole('heading', { name: say('staff.fulfilled.title') }).waitFor();
    await expect.poll(() => new URL(citizen.url()).pathname).not.toMatch(/\/room$/);
    await citizen.locator('.lit-title h1').waitFor();
    expect(await isSamePage()).toBe(true);
    expect(await agent.locator('[data-goes-on]').count()).toBe(0);
    await toDay();
    expect(await isSamePage()).toBe(false);
  });
});
