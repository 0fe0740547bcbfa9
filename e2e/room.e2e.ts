import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pdf } from '../src/features/service/documents/checks/testing/files.ts';
import { credentials } from '../src/lib/calls/turn.ts';
import { CHROME, FAKE_DEVICES, openBrowser } from './support/browser.ts';
import { openClient } from './support/client.ts';
import { NO_COTURN, openCoturn } from './support/coturn.ts';
import { press, say, seen, signIn } from './support/pages.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';
import {
  type BookedVideo,
  bookVideo,
  framesShown,
  loudness,
  pictureShare,
  ROOM_SIZES,
  roomFaults,
  roomSeen,
  said,
  says,
  untilSeen,
} from './support/video.ts';

describe.skipIf(!CHROME)('the room of a video appointment', () => {
  let browser: Browser;
  let town: Town;
  let appointment: BookedVideo;
  let hers: BrowserContext;
  let citizen: Page;
  let agent: Page;

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    appointment = await bookVideo(openClient(town.origin, 'ca'));
    // A shell has no way through a relay alone.
    browser = await openBrowser(FAKE_DEVICES, CHROME);
    hers = await browser.newContext({
      baseURL: town.origin,
      locale: 'ca-ES',
      viewport: { width: 360, height: 740 },
    });
    citizen = await hers.newPage();
    agent = await browser.newPage({ baseURL: town.origin, locale: 'ca-ES' });
    for (const page of [citizen, agent]) page.setDefaultTimeout(25_000);
  });
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
  });

  const room = () => `${appointment.manage}/room`;
  const bothSee = () => Promise.all([untilSeen(citizen), untilSeen(agent)]);

  test('too early, it says when it opens', async () => {
    await citizen.goto(room());
    expect(await seen(citizen)).toContain('La sala s’obre');
    expect(await axeFaults(citizen)).toEqual([]);
  });

  test('the agent sees a waiting citizen at once, and sees them leave', async () => {
    const soon = Temporal.Instant.from(appointment.start).subtract({ minutes: 5 });
    await town.comeTo(soon.toString());
    await signIn(agent, await town.server.access(), 'nuria.roca@vilaclara.example');
    await agent.goto('/console/oac');
    await citizen.goto(appointment.manage);
    await citizen.getByRole('link', { name: say('room.link') }).click();
    await press(citizen, say('room.enter'));
    await says(citizen, 'waiting');
    await citizen.getByText(say('room.check.heard')).waitFor(); // fake microphones beep
    await press(citizen, say('room.check.play'));
    await citizen.getByText(say('room.check.played')).waitFor();
    expect(await axeFaults(citizen)).toEqual([]);
    const entry = agent.getByRole('link', { name: /Maria Puig/ }).first();
    const standing = () =>
      agent.locator('.region li').filter({ hasText: 'Maria Puig' }).first().textContent();
    await expect.poll(standing).toContain(say('staff.situation.waiting'));
    await press(citizen, say('room.leave'));
    await says(citizen, 'left');
    await expect.poll(standing).not.toContain(say('staff.situation.waiting'));
    await entry.click();
    await agent.getByText(say('room.desk.away')).waitFor();
    await press(citizen, say('room.enter'));
    await says(citizen, 'waiting');
  });

  test('a browser that can’t make calls is told before it waits, with other ways than a telephone', async () => {
    const old = await hers.newPage();
    const errors: string[] = [];
    old.on('pageerror', ({ message }) => errors.push(message));
    await old.addInitScript(() => Reflect.deleteProperty(window, 'RTCPeerConnection'));
    await old.goto(room());
    await old.getByText(say('room.unable')).waitFor();
    expect(await seen(old)).toContain(say('room.unable.ways'));
    expect(await old.getByRole('button', { name: say('room.enter') }).count()).toBe(0);
    await old.getByRole('button', { name: /612/ }).waitFor();
    await old.locator('#room-unable a[href^="mailto:"]').waitFor();
    expect(await axeFaults(old)).toEqual([]);
    expect(errors).toEqual([]);
    await old.close();
  });

  test('entry needs the agent’s permission: then both see and hear each other', async () => {
    expect(await citizen.locator('.room-tile').count()).toBe(0);
    await agent.reload();
    await agent.getByText(say('room.desk.here')).waitFor();
    await agent.locator('[data-action="begin"]').click();
    await bothSee();
    await Promise.all([says(citizen, 'connected'), says(agent, 'connected')]);
    for (const page of [citizen, agent])
      await expect.poll(() => loudness(page)).toBeGreaterThan(0.01);
    for (const page of [citizen, agent]) {
      expect(await axeFaults(page)).toEqual([]);
      await page.getByRole('group', { name: say('room.controls'), exact: true }).waitFor();
    }
  });

  test('the picture fills the window, less one bar of buttons', async () => {
    for (const size of ROOM_SIZES) {
      await citizen.setViewportSize(size);
      const now = await roomSeen(citizen);
      expect(roomFaults(now), `${size.width}×${size.height}`).toEqual([]);
      expect(pictureShare(now), `${size.width}×${size.height}`).toBeGreaterThanOrEqual(0.85);
    }
    await citizen.setViewportSize({ width: 320, height: 256 }); // 1280 × 1024 at 400 %
    expect(roomFaults(await roomSeen(citizen))).toEqual([]);
    await citizen.setViewportSize({ width: 360, height: 740 });
    for (const part of ['header', 'footer', 'h1'])
      expect(await citizen.locator(`body > ${part}`).filter({ visible: true }).count()).toBe(0);
  });

  test('somebody who types on a telephone sees the picture above the keyboard', async () => {
    await press(citizen, say('room.write.open'));
    await expect.poll(() => citizen.evaluate(() => document.activeElement?.id)).toBe('room-draft');
    expect(roomFaults(await roomSeen(citizen))).toEqual([]);
    expect(await axeFaults(citizen)).toEqual([]);
    // Browsers that make the page smaller for the keyboard.
    await citizen.setViewportSize({ width: 360, height: 400 });
    const now = await roomSeen(citizen);
    expect(roomFaults(now)).toEqual([]);
    expect(pictureShare(now)).toBeGreaterThanOrEqual(0.45);
    await citizen.setViewportSize({ width: 360, height: 740 });
    // Browsers that put the keyboard over the page, and tell its size.
    await citizen.evaluate(() => {
      Object.defineProperty(visualViewport, 'height', { get: () => 400, configurable: true });
      visualViewport?.dispatchEvent(new Event('resize'));
    });
    const covered = await roomSeen(citizen);
    expect(roomFaults({ ...covered, height: 400 })).toEqual([]);
    await citizen.evaluate(() => {
      Reflect.deleteProperty(visualViewport ?? {}, 'height');
      visualViewport?.dispatchEvent(new Event('resize'));
    });
    await citizen.keyboard.press('Escape');
    const opener = citizen.getByRole('button', { name: say('room.write.open') });
    await expect.poll(() => opener.evaluate((each) => each === document.activeElement)).toBe(true);
  });

  test('a message that the server can’t take at first is sent again, while the stream stays open', async () => {
    let refused = 0;
    const refuse = (route: Route) => {
      refused++;
      return route.fulfill({ status: 503 });
    };
    await citizen.route('**/room/say', refuse, { times: 1 });
    await press(citizen, say('room.write.open'));
    await citizen.keyboard.type('Sóc la Maria');
    await citizen.keyboard.press('Enter');
    const written = citizen.getByRole('log').filter({ hasText: 'Sóc la Maria' });
    await written.waitFor();
    await expect.poll(() => written.textContent()).not.toContain(say('room.write.sending'));
    expect(refused).toBe(1);
    await citizen.keyboard.press('Escape');
  });

  test('one’s own picture goes to another corner by keyboard and by pointer, and is never below', async () => {
    const me = citizen.locator('.room-me');
    const corner = () => me.getAttribute('data-corner');
    const grip = citizen.getByRole('button', { name: say('room.move') });
    expect(await corner()).toBe('0');
    await grip.focus();
    await citizen.keyboard.press('ArrowLeft');
    await expect.poll(corner).toBe('3');
    const from = (await grip.boundingBox())!;
    await citizen.mouse.move(from.x + 20, from.y + 20);
    await citizen.mouse.down();
    await citizen.mouse.move(300, 500, { steps: 4 });
    await citizen.mouse.up();
    await expect.poll(corner).toBe('1');
    await grip.focus();
    await citizen.keyboard.press('ArrowUp');
    await expect.poll(corner).toBe('0');
  });

  test('the agent sees the citizen while the encounter is scrolled, and mutes and hangs up by keys', async () => {
    for (const size of [
      { width: 1280, height: 800 },
      { width: 360, height: 740 },
    ]) {
      await agent.setViewportSize(size);
      await agent.evaluate(() => {
        scrollTo(0, document.body.scrollHeight);
        for (const each of document.querySelectorAll('.region')) each.scrollTop = 9_999;
      });
      const { width, height, pictures, buttons } = await roomSeen(agent);
      expect(roomFaults({ width, height, pictures, buttons, panel: null, scrolls: 0 })).toEqual([]);
    }
    await agent.setViewportSize({ width: 1280, height: 900 });
    const mute = agent.getByRole('button', { name: say('room.microphone.off') });
    expect(await mute.locator('kbd').textContent()).toBe('Q');
    await agent.locator('body').press('q');
    await citizen.getByText(say('room.them.mute')).waitFor();
    await agent.locator('body').press('q');
    await mute.waitFor();
    await agent.locator('body').press('h');
    await says(agent, 'left');
    await press(agent, say('room.desk.enter'));
    await bothSee();
  });

  test('a camera that is off is said, and comes back', async () => {
    await press(citizen, say('room.camera.off'));
    await agent.getByText(say('room.them.dark')).waitFor();
    await press(citizen, say('room.camera.on'));
    await untilSeen(agent);
    await expect.poll(() => agent.getByText(say('room.them.dark')).count()).toBe(0);
  });

  test('a result that comes is said to the citizen, and counted on the button for papers until it is opened', async () => {
    const file = { name: 'volant.pdf', mimeType: 'application/pdf', buffer: pdf('', 'Volant') };
    await agent.setInputFiles('#result', file);
    await press(agent, say('documents.desk.addButton'));
    const papers = citizen.locator('[data-do="papers"]');
    await papers.filter({ hasText: say('room.papers.waiting', { count: 1 }) }).waitFor();
    await expect.poll(() => said(citizen)).toContain(say('room.papers.new'));
    expect(await said(agent)).not.toContain(say('room.papers.new'));
    expect(await axeFaults(citizen)).toEqual([]);
    await papers.click();
    await citizen.frameLocator('iframe[name="room-papers"]').getByRole('heading').first().waitFor();
    await expect.poll(() => said(citizen)).not.toContain(say('room.papers.new'));
    await papers.click();
    await bothSee();
  });

  test('a reload of either side', async () => {
    await citizen.reload();
    await bothSee();
    await agent.reload();
    await bothSee();
  });

  test('a restart of the server in mid-call', async () => {
    await town.comeTo(Temporal.Instant.from(appointment.start).toString());
    const before = await framesShown(citizen);
    await expect.poll(() => framesShown(citizen)).toBeGreaterThan(before);
    await citizen.reload();
    await bothSee();
  });

  test('another tab goes on in place of the first', async () => {
    const other = await hers.newPage();
    await other.goto(room());
    await press(other, say('room.enter'));
    await says(citizen, 'taken');
    await untilSeen(other);
    await press(citizen, say('room.here'));
    await says(other, 'taken');
    await bothSee();
    await other.close();
  });

  /** Simulates a firewall that blocks direct connections, with these ways to a relay. */
  async function reloadBehind(servers: object[]) {
    await citizen.unrouteAll();
    await citizen.route('**/room/servers', (route) =>
      route.fulfill({ json: { iceServers: servers } }),
    );
    await citizen.reload();
  }

  test.skipIf(NO_COTURN)('through a relay alone', async () => {
    await citizen.addInitScript(() => {
      const Plain = window.RTCPeerConnection;
      window.RTCPeerConnection = class extends Plain {
        constructor(configuration?: RTCConfiguration) {
          super({ ...configuration, iceTransportPolicy: 'relay' });
        }
      };
    });
    await using relay = await openCoturn();
    const until = Temporal.Instant.fromEpochMilliseconds(Date.now() + 600_000);
    const url = `turn:127.0.0.1:${relay.port}?transport=tcp`;
    await reloadBehind([{ urls: url, ...credentials(relay.secret, 'call', until) }]);
    await bothSee();
    expect(relay.output()).toMatch(/ALLOCATE processed, success/);
  });

  test.skipIf(NO_COTURN)('where there is no way, it says so', async () => {
    await reloadBehind([]);
    await says(citizen, 'hopeless');
  });

  test('the citizen would rather be phoned: the agent has the number at once', async () => {
    await citizen.getByRole('button', { name: /612/ }).click();
    await citizen.getByText(/et trucarem al 612/).waitFor();
    await expect.poll(() => said(agent)).toContain(say('room.desk.asked.citizen'));
    expect(await seen(agent)).toMatch(/612[\s\u00a0]34/);
  });
});
