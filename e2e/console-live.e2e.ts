import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, type Visitor, visit } from './support/browser.ts';
import {
  ANE,
  atWork,
  BASQUE,
  entry,
  isLookAtDay,
  listening,
  MARTA,
  said,
} from './support/console.ts';
import { book, focused, follow, manageUrl, press, say } from './support/pages.ts';
import { until } from './support/processes.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

/** Records notifications in place of the browser's own, which a test can't see. */
const RECORDED = `
  window.shown = [];
  window.Notification = class extends EventTarget {
    static permission = 'granted';
    constructor(title) {
      super();
      this.title = title;
      window.shown.push(this);
    }
    close() {}
  };`;

describe.skipIf(!CHROME)('the day, live', () => {
  let browser: Browser;
  let town: Town;
  let ane: Visitor;
  let marta: Visitor;

  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    await booked('Amaia Lehena');
    [ane, marta] = [await atWork(browser, town, ANE), await atWork(browser, town, MARTA)];
  });
  // One tab listens for all tabs.
  afterEach(async () => {
    for (const { context } of [ane, marta]) for (const page of context.pages()) await page.close();
  });
  afterAll(async () => {
    await ane?.[Symbol.asyncDispose]();
    await marta?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  /** A citizen books in Basque; answers the appointment's address. */
  async function booked(name: string): Promise<string> {
    await using visitor = await visit(browser, town.origin);
    const page = await visitor.context.newPage();
    await book(
      page,
      { name, phone: '612 345 678', email: `${name.replace(' ', '.')}@example.com` },
      0,
      BASQUE,
    );
    return manageUrl(page);
  }

  /** Runs beside the server, in another process than its. */
  const change = (name: string, how: 'save' | 'cancel') =>
    town.operate(async ({ appointments, encounter, offices }) => {
      const office = (await offices.find('oac'))!;
      const found = await town.look((tx) =>
        tx
          .selectFrom('appointment')
          .select('id')
          .where('name', '=', name)
          .executeTakeFirstOrThrow(),
      );
      if (how === 'cancel') {
        const token = {
          kind: 'token',
          token: 1,
          office: office.id,
          scopes: new Set<string>(),
        } as const;
        return (await appointments.cancel(token, office, found.id, '')).ok;
      }
      const nuria = { kind: 'staff', staff: 999, name: 'Núria', office: office.id } as const;
      const viewer = { ...nuria, role: 'coordinator', desk: null } as const;
      const draft = {
        items: [],
        identity: null,
        identityNote: '',
        notes: 'Altra nota',
        wrapUp: null,
        points: [],
      };
      // The typed text may have been saved meanwhile: this builds on it.
      const { version } = await town.look((tx) =>
        tx
          .selectFrom('encounter')
          .select('version')
          .where('appointment_id', '=', found.id)
          .executeTakeFirstOrThrow(),
      );
      return (await encounter.save(viewer, office, { appointment: found.id }, version, draft)).ok;
    });

  test('a booking appears by itself and is read out; the focus stays; no other desk gets it', async () => {
    const page = await listening(ane);
    const other = await listening(marta);
    await page.evaluate(() => document.documentElement.setAttribute('data-same', ''));
    await entry(page, 'Amaia Lehena').getByRole('link').focus();
    await booked('Iker Bigarrena');
    await entry(page, 'Iker Bigarrena').waitFor();
    await said(page, 'Iker Bigarrena, Volant de padró');
    expect(await focused(page)).toBe('Amaia Lehena');
    expect(await page.locator('html[data-same]').count()).toBe(1);
    expect(await axeFaults(page)).toEqual([]);
    // Her page gets only her own events, and would have got this one by now.
    expect(await other.locator('#live').textContent()).toBe('');
    expect(await other.getByText('Iker Bigarrena').count()).toBe(0);
  });

  test('two tabs share one stream, and both show what happens', async () => {
    const streams: string[] = [];
    ane.context.on('request', (each) => {
      if (each.url().includes('/stream')) streams.push(each.url());
    });
    const one = await listening(ane);
    const two = await ane.context.newPage();
    await two.goto('/console/oac');
    await booked('Miren Hirugarrena');
    await entry(one, 'Miren Hirugarrena').waitFor();
    await entry(two, 'Miren Hirugarrena').waitFor();
    expect(streams).toHaveLength(1);
    // The one that listened closes: the other goes on.
    await one.close();
    await until('the other tab listens', () => streams.length === 2);
    expect(streams[1]).toMatch(/\?after=\d+$/);
    await booked('Jone Laugarrena');
    await entry(two, 'Jone Laugarrena').waitFor();
  });

  test('a new tab beside a listening one shows the earlier events', async () => {
    const one = await listening(ane);
    const two = await ane.context.newPage();
    let begin = () => {};
    const told = new Promise<void>((resolve) => {
      begin = resolve;
    });
    await two.route('**/*.js', async (route) => {
      await told;
      await route.continue();
    });
    await two.goto('/console/oac', { waitUntil: 'commit' });
    await entry(two, 'Amaia Lehena').waitFor();
    await booked('Nerea Bosgarrena');
    await entry(one, 'Nerea Bosgarrena').waitFor();
    begin();
    await entry(two, 'Nerea Bosgarrena').waitFor();
  });

  test('a press during a refresh of the list leads to the announced place', async () => {
    const page = await listening(ane);
    const taken = page.waitForResponse((each) => isLookAtDay(each.request()));
    await entry(page, 'Amaia Lehena').getByRole('link').hover();
    await page.mouse.down();
    await booked('Garazi Seigarrena');
    await (await taken).finished();
    // By now the page has done with it what it does.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    await page.mouse.up();
    await page.waitForURL('**/appointment/*');
    await page.getByRole('heading', { level: 1, name: 'Amaia Lehena' }).waitFor();
  });

  test('N leads to the next, unless the focus is in a text field', async () => {
    const page = await listening(ane);
    expect(await page.locator('#action kbd').isVisible()).toBe(true);
    await page.locator('#find').focus();
    await page.keyboard.press('n');
    expect(new URL(page.url()).pathname).toBe('/console/oac');
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('n');
    await page.waitForURL('**/appointment/*');
  });

  test('a text in progress stays, with a remark about another person’s change', async () => {
    const page = await listening(ane);
    await entry(page, 'Iker Bigarrena').getByRole('link').click();
    await page.waitForURL('**/appointment/*');
    let listen = () => {};
    const changed = new Promise<void>((resolve) => {
      listen = resolve;
    });
    await page.route('**/stream*', async (route) => {
      await changed;
      await route.continue();
    });
    await page.route('**/save', async (route) => {
      await changed;
      await route.continue();
    });
    await press(page, say('staff.call.calledBack'));
    const notes = page.getByLabel(say('staff.encounter.notes'), { exact: true });
    await notes.fill('A mig escriure');
    // Before the page can hear it.
    expect(await change('Iker Bigarrena', 'save')).toBe(true);
    listen();
    await page.getByRole('link', { name: say('live.see') }).waitFor();
    expect(await notes.inputValue()).toBe('A mig escriure');
    expect(await focused(page)).toBe('notes');
    expect(await axeFaults(page)).toEqual([]);
  });

  test('a restart of the server is announced, and the events meanwhile are shown', async () => {
    const page = await listening(ane);
    await town.server.stop();
    await page.getByText(say('live.lost')).first().waitFor();
    // As many as are read out one by one; the connection is no third.
    for (const name of ['Miren Hirugarrena', 'Jone Laugarrena'])
      expect(await change(name, 'cancel')).toBe(true);
    await town.comeTo(MORNING);
    const isShown = async () => {
      await page.locator('.day-done > summary').click();
      await entry(page, 'Miren Hirugarrena').getByText(say('staff.situation.cancelled')).waitFor();
    };
    // What is read out gives way to what is read out next: both are looked for at once.
    await Promise.all([said(page, say('live.back')), isShown()]);
    await page.locator('#line').waitFor({ state: 'detached' });
  });

  test('whoever works in another window is alerted once, in one tab', async () => {
    await ane.context.addInitScript({ content: RECORDED });
    const shownIn = (page: Page) =>
      page.evaluate(() =>
        (window as unknown as { shown: Notification[] }).shown.map((n) => n.title),
      );
    const one = await ane.context.newPage();
    await one.goto('/staff/alerts');
    await one.getByLabel(say('alerts.choice.notification')).check();
    await one.getByText(say('alerts.browser.granted')).waitFor();
    expect(await axeFaults(one)).toEqual([]);
    await press(one, say('alerts.save'));
    await one.getByText(say('alerts.done')).waitFor();
    const { starts } = await town.look((tx) =>
      tx
        .selectFrom('appointment')
        .select('starts')
        .where('name', '=', 'Amaia Lehena')
        .executeTakeFirstOrThrow(),
    );
    await town.comeTo(starts.toString());
    await one.goto('/console/oac');
    const due = new RegExp(`^\\(1\\) ${say('alerts.named.due', { name: 'Amaia' })} – `);
    await one.waitForFunction(() => document.title.startsWith('(1)'));
    const two = await ane.context.newPage();
    await two.goto('/console/oac/search');
    await two.waitForFunction(() => document.title.startsWith('(1)'));
    for (const page of [one, two]) expect(await page.title()).toMatch(due);
    // No name: others may see the screen.
    const time = '9:00';
    await expect.poll(() => shownIn(one)).toEqual([say('alerts.said.due', { time })]);
    expect(await shownIn(two)).toEqual([]);
    await one.evaluate(() =>
      (window as unknown as { shown: Notification[] }).shown[0]?.dispatchEvent(new Event('click')),
    );
    await one.getByRole('heading', { level: 1, name: 'Amaia Lehena' }).waitFor();
    await press(one, say('staff.call.calledBack'));
    // The encounter of an earlier test is open still.
    await press(one, say('doubt.busy.anyway'));
    await two.waitForFunction(() => !document.title.startsWith('('));
    await one.waitForFunction(() => !document.title.startsWith('('));
    expect([...(await shownIn(one)), ...(await shownIn(two))]).toEqual([]);
  });

  test('without JavaScript the page works as before', async () => {
    const { cookies } = await ane.context.storageState();
    await using visitor = await visit(browser, town.origin);
    await visitor.context.addCookies(cookies);
    const page = await visitor.context.newPage();
    await page.goto('/console/oac');
    await entry(page, 'Amaia Lehena').waitFor();
    expect(await page.locator('#action kbd').isVisible()).toBe(false);
    await page.getByText(say('shortcuts.bar.menu')).click();
    await follow(page, say('shortcuts.title'));
    await page.getByLabel(say('staff.next'), { exact: true }).waitFor();
    expect(visitor.scripts).toEqual([]);
  });
});
