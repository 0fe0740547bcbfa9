import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTIONS } from '../src/features/foundation/preferences/rules.ts';
import { CHROME, FAKE_DEVICES, openBrowser, type Visitor, visit } from './support/browser.ts';
import { type Exchange, HAS_EXCHANGE, startExchange } from './support/exchange.ts';
import { heading, press, say, seenIn, signIn } from './support/pages.ts';
import {
  heardBothWays,
  mediaOf,
  rememberConnections,
  silent,
  townWithExchange,
} from './support/phone.ts';
import { ended, temporaryFolder, until } from './support/processes.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const MARTA = 'marta.soler@vilaclara.example';

describe.skipIf(!CHROME || !HAS_EXCHANGE)('the telephone in the console', () => {
  let browser: Browser;
  let exchange: Exchange;
  let town: Town;
  let agent: Visitor;
  let page: Page;
  let hour = 9;

  beforeAll(async () => {
    exchange = await startExchange();
    town = await openTown({
      clock: MORNING,
      townFile: townWithExchange(temporaryFolder().path, exchange),
      env: { SIP_SECRET: exchange.secret },
    });
    browser = await openBrowser(FAKE_DEVICES);
    agent = await visit(browser, town.origin, {
      javaScriptEnabled: true,
      viewport: { width: 1280, height: 900 },
      permissions: ['microphone'],
    });
    page = await agent.context.newPage();
    await rememberConnections(page);
    await signIn(page, await town.server.access(), MARTA);
  });
  afterAll(async () => {
    await agent?.[Symbol.asyncDispose]();
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
    await exchange?.[Symbol.asyncDispose]();
  });

  const phone = () => page.locator('#phone');
  const state = (wanted: string) =>
    until(`the telephone is ${wanted}`, async () => {
      return (await phone().getAttribute('data-state')) === wanted;
    }).catch(async (error: Error) => {
      throw new Error(`${error.message}: ${await seenIn(phone())}\n${exchange.output()}`);
    });
  const button = (words: string) => phone().getByRole('button', { name: words, exact: true });

  /**
   * Books for a person whose number ends in the behaviour of their telephone (e2e/support/sip/callee.xml).
   */
  async function booked(name: string, phoneNumber: string): Promise<string> {
    const { tokens } = await town.server.access();
    const start = `2026-11-25T${String(hour++).padStart(2, '0')}:00:00+01:00`;
    const answer = await fetch(`${town.origin}/api/v1/offices/oac/appointments`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${tokens.oac}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        ...{ procedure: 'volant-padro', channel: 'phone', language: 'ca', start },
        citizen: { name, phone: phoneNumber },
      }),
    });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { id: string }).id;
  }

  const open = (id: string) => page.goto(`/console/oac/appointment/${id}`);
  const call = async () => {
    await state('ready');
    await page.locator('a[data-action="call"]').click();
  };
  /** Returns whether the page wasn't loaded anew, even if parts of it were replaced. */
  const isSamePage = () => page.evaluate(() => document.body.dataset.mark === 'here');
  const mark = () =>
    page.evaluate(() => {
      document.body.dataset.mark = 'here';
    });
  const calls = () =>
    town.look((tx) => tx.selectFrom('call').selectAll().orderBy('ended_at').execute());

  let rosa: string;

  test('an answered call is heard, logged and served while the pages change; keys, mute and hold reach the other side', async () => {
    rosa = await booked('Rosa Güell', '+34612345200');
    await open(rosa);
    await call();
    await state('talking');
    await heardBothWays(page);
    await page.locator('form#draft, #notes').first().waitFor();
    expect(await page.title()).toContain('Rosa Güell');

    await mark();
    await page
      .getByRole('link', { name: say('staff.place.day'), exact: true })
      .first()
      .click();
    await until('the day is there', async () => page.url().endsWith('/console/oac'));
    expect(await isSamePage()).toBe(true);
    await heardBothWays(page);
    await page.goBack();
    await until('the appointment is there', async () => (await heading(page)) === 'Rosa Güell');
    expect(await isSamePage()).toBe(true);

    await page.getByRole('button', { name: say('staff.encounter.close'), exact: true }).click();
    await page.getByRole('alert').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('errors');
    expect(page.url()).toContain(rosa);
    await page.route('**/console/oac', (route) => route.abort());
    await page
      .getByRole('link', { name: say('staff.place.day'), exact: true })
      .first()
      .click();
    await page.getByText(say('persistentCall.failed')).waitFor();
    await page.unroute('**/console/oac');
    expect(await isSamePage()).toBe(true);

    await button(say('softphone.keypad')).click();
    for (const tone of ['4', '2', '#']) await phone().locator(`[data-tone="${tone}"]`).click();
    await until('the keys came', async () => /4.*2.*#/.test(exchange.tones()));

    await button(say('softphone.mute')).click();
    await silent(page);
    await button(say('softphone.unmute')).click();
    await heardBothWays(page);
    await button(say('softphone.hold')).click();
    await until('on hold', async () => (await seenIn(phone())).includes('En espera'));
    await silent(page);
    await button(say('softphone.resume')).click();
    await heardBothWays(page);

    await button(say('softphone.hangUp')).click();
    await state('ready');
    await until('the call is kept', async () => (await calls()).length === 1);
    expect((await calls())[0]).toMatchObject({
      appointment_id: rosa,
      attempt: 1,
      direction: 'out',
      status: 200,
      ended_by: 'desk',
      codec: 'PCMA',
    });
    expect(await isSamePage()).toBe(true);
  });

  test.each([
    ['busy', '486'],
    ['wrong_number', '404'],
    ['rejected', '603'],
    ['no_answer', '480'],
  ] as const)('%s is proposed, and logged with one press', async (outcome, code) => {
    const words = say(`staff.outcome.${outcome}`);
    await open(await booked(`Pere ${outcome}`, `+34612345${code}`));
    await call();
    const log = button(say('softphone.log', { who: words }));
    await log.click();
    await page.locator('main ol li', { hasText: words }).first().waitFor();
    await log.waitFor({ state: 'hidden' });
  });

  test('hanging up while it rings proposes “no answer”', async () => {
    await open(await booked('Joan Vila', '+34612345180'));
    await call();
    await state('rings');
    await button(say('softphone.hangUp')).click();
    await button(say('softphone.log', { who: say('staff.outcome.no_answer') })).waitFor();
    await button(say('softphone.dismiss')).click();
  });

  test('a number that is pressed twice is called once; no microphone stays on', async () => {
    await open(await booked('Marc Roca', '+34612345180'));
    await state('ready');
    await page.evaluate(() => {
      const given: MediaStreamTrack[] = [];
      const devices = navigator.mediaDevices;
      const ask = devices.getUserMedia.bind(devices);
      devices.getUserMedia = async (wanted) => {
        const stream = await ask(wanted);
        given.push(...stream.getTracks());
        return stream;
      };
      Object.assign(window, { given });
    });
    const made = () =>
      page.evaluate(() => {
        const { given, connections } = window as unknown as Record<'connections', unknown[]> & {
          given: MediaStreamTrack[];
        };
        const live = given.filter((each) => each.readyState === 'live');
        return { asked: given.length > 1, live: live.length, calls: connections.length };
      });
    // Opened, and closed before the microphone is there.
    await button(say('softphone.sound.title')).dblclick();
    await page.locator('a[data-action="call"]').dblclick();
    await state('rings');
    // The second press asks for a microphone of its own only when it comes before the call has begun.
    await expect.poll(made).toEqual({ asked: true, live: 1, calls: 1 });
    await button(say('softphone.hangUp')).click();
    await state('ready');
    expect(await made()).toEqual({ asked: true, live: 0, calls: 1 });
    await button(say('softphone.dismiss')).click();
  });

  test('an answer that was a machine’s is logged as such with one press', async () => {
    await open(await booked('Anna Mas', '+34622345200'));
    await call();
    await state('talking');
    await button(say('softphone.voicemail')).click();
    await page
      .locator('main ol li', { hasText: say('staff.outcome.voicemail') })
      .first()
      .waitFor();
    await state('ready');
    await page.locator('a[data-action="call"]').waitFor();
  });

  test('a caller is recognised by their number; their appointment opens with the answer; a second one gets the busy signal', async () => {
    await page.goto('/console/oac');
    await state('ready');
    const rings = await exchange.call('101', '+34612345200');
    await state('ringing');
    await until('they are known', async () => (await seenIn(phone())).includes('Rosa Güell'));
    await mark();
    await button(say('softphone.answer')).click();
    await state('talking');
    await until('their appointment is there', async () => (await heading(page)) === 'Rosa Güell');
    expect(await isSamePage()).toBe(true);
    await heardBothWays(page);

    const second = await exchange.call('101', '+34633333333');
    await button(say('softphone.busy')).click();
    expect(await ended(second)).toBe(0);
    await heardBothWays(page);
    await button(say('softphone.hangUp')).click();
    expect(await ended(rings)).toBe(0);

    const third = await exchange.call('101', 'anonymous', 1500);
    await state('ringing');
    expect(await seenIn(phone())).toContain(say('softphone.hidden'));
    await page.keyboard.press(ACTIONS.answer.key);
    expect(await ended(third)).toBe(0);
    await state('ready');
  });

  test('a call outlives the exchange’s restart, and the telephone registers again', async () => {
    await open(rosa);
    await state('ready');
    await button(say('softphone.dial.title')).click();
    await phone().getByLabel(say('softphone.dial.label')).fill('612 345 200');
    await phone().locator('form').getByRole('button').click();
    await state('talking');
    await exchange.restart();
    await heardBothWays(page);
    await button(say('softphone.hangUp')).click();
    await state('ready');
    const again = await exchange.call('101', '+34612345200');
    await state('ringing');
    await button(say('softphone.decline')).click();
    await ended(again);
  });

  test('a service or an exchange that can’t answer for a moment is asked again', async () => {
    const away = (route: Route) =>
      route.fulfill({ status: 503, contentType: 'text/html', body: '<h1>Ara no</h1>' });
    await page.route('**/phone/credentials', away, { times: 1 });
    let registrations = 0;
    await page.routeWebSocket(exchange.url, (socket) => {
      socket.connectToServer().onMessage((said) => {
        const isRegistered = /^SIP\/2\.0 200 [\s\S]*^CSeq: \d+ REGISTER/im.test(String(said));
        if (isRegistered) registrations++;
        const isRefused = isRegistered && registrations === 1;
        socket.send(isRefused ? String(said).replace(/ 200 .*/, ' 503 Not now') : said);
      });
    });
    await open(rosa);
    await state('lost');
    await state('ready');
    expect(registrations).toBeGreaterThan(1);
  });

  test('one tab is the telephone, and another takes it over; a page that goes away says so afterwards', async () => {
    await open(await booked('Lluís Pons', '+34644345200'));
    await state('ready');
    const other = await agent.context.newPage();
    await other.goto('/console/oac');
    await other.getByText(say('softphone.elsewhere')).waitFor();
    await other.getByRole('button', { name: say('softphone.here') }).click();
    await other.locator('#phone[data-state="ready"]').waitFor();
    await page.getByText(say('softphone.elsewhere')).waitFor();
    await page.locator('a[data-action="call"]').click();
    await state('talking');
    await other.getByText(say('softphone.elsewhereBusy')).waitFor();
    await other.close();

    let asked = '';
    page.once('dialog', (dialog) => {
      asked = dialog.type();
      void dialog.accept();
    });
    await page.reload();
    expect(asked).toBe('beforeunload');
    await page.getByText('Lluís Pons', { exact: false }).first().waitFor();
    expect(await seenIn(phone())).toContain('enmig de la trucada');
    await press(page, say('softphone.dismiss'));
    expect((await mediaOf(page)).sent).toBe(0);
  });
});
