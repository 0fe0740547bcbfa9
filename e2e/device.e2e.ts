import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { aboutRelay } from '../src/cli/doctor/relay.ts';
import { CHROME, openBrowser } from './support/browser.ts';
import { openClient } from './support/client.ts';
import { type Coturn, NO_COTURN, openCoturn } from './support/coturn.ts';
import { press, say, seen, seenIn, signIn } from './support/pages.ts';
import { axeFaults } from './support/scan.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { MORNING } from './support/town.ts';
import { bookVideo } from './support/video.ts';

const SECRET = 'quatre finestres';

describe.skipIf(!CHROME)('testing one’s device', () => {
  let browser: Browser;
  let relay: Coturn | null = null;
  let server: RunningServer;
  let manage: string;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    relay = NO_COTURN ? null : await openCoturn();
    // Over TCP a relay is reached, and no straight way is.
    const url = `turn:127.0.0.1:${relay?.port ?? 9}?transport=tcp`;
    const turn = { TURN_URLS: url, TURN_SECRET: relay?.secret ?? SECRET };
    server = await startServer({ env: { CLOCK: MORNING, ...turn } });
    // Its prompts belong to windows.
    browser = await openBrowser(['--use-fake-device-for-media-stream'], CHROME);
    ({ manage } = await bookVideo(openClient(server.baseUrl, 'ca')));
  });
  afterEach(() => context?.close());
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await relay?.[Symbol.asyncDispose]();
  });

  /** Opens the test's page on a telephone, where the browser grants the given permissions. */
  async function open(permissions = ['camera', 'microphone'], javaScriptEnabled = true) {
    const viewport = { width: 360, height: 740 };
    const locale = 'ca-ES';
    context = await browser.newContext({
      baseURL: server.baseUrl,
      viewport,
      locale,
      javaScriptEnabled,
    });
    context.setDefaultTimeout(25_000);
    await context.grantPermissions(permissions);
    page = await context.newPage();
    return page;
  }

  const outcome = () => page.locator('#outcome');
  const partOf = (part: string) => page.locator(`[data-part="${part}"]`);
  const stateOf = (part: string) => partOf(part).locator('[data-found] .tag');
  const adviceOf = (part: string) => partOf(part).locator('[data-advice]');
  const begin = async () => {
    await page.goto(`${manage}/device`);
    await press(page, say('device.start'));
  };
  const isSaved = () => expect.poll(() => outcome().textContent()).toContain(say('device.saved'));

  test('all works: pictures come, a voice is heard, and the agent sees it beforehand', async () => {
    await open();
    await begin();
    for (const part of ['camera', 'microphone'])
      await expect.poll(() => stateOf(part).textContent()).toContain(say('device.found.works'));
    const frames = () =>
      page
        .locator('video')
        .evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames);
    const before = await frames();
    await expect.poll(frames).toBeGreaterThan(before);
    await press(page, say('device.speaker.play'));
    await press(page, say('device.speaker.yes'));
    await isSaved();
    expect(await axeFaults(page)).toEqual([]);

    await press(page, say('device.stop'));
    await expect.poll(() => outcome().textContent()).toBe(say('device.stopped'));
    await page.goto(manage);
    const day = 'dimecres, 25 de novembre';
    // The town's clock goes on while it is tested.
    expect(await seen(page)).toMatch(
      new RegExp(say('device.link.tested', { day, time: '7:3\\d' })),
    );
    expect(await cardSeenByAgent()).toMatch(/Chrome \(Linux\)[\s\S]*Càmera ✓\s?Funciona/);
  });

  async function cardSeenByAgent(): Promise<string> {
    const staff = await browser.newPage({ baseURL: server.baseUrl, locale: 'ca-ES' });
    await signIn(staff, await server.access(), 'nuria.roca@vilaclara.example');
    await staff.goto('/console/oac');
    await staff
      .getByRole('link', { name: /Maria Puig/ })
      .first()
      .click();
    const card = staff.locator('.card').filter({ hasText: say('device.desk.label') });
    await card.waitFor();
    const text = (await seenIn(card)).replaceAll(/\s*\n\s*/g, ' ');
    await staff.context().close();
    return text;
  }

  test.skipIf(NO_COTURN)('where only a relay is reached, it is found', async () => {
    await open();
    await begin();
    await expect
      .poll(() => stateOf('network').textContent())
      .toContain(say('device.found.relayed'));
    expect(relay?.output()).toMatch(/ALLOCATE processed, success/);
  });

  test.skipIf(NO_COTURN)('where the relay is reached over UDP, the way is straight', async () => {
    await open();
    await page.route('**/device/servers', async (route) => {
      const { iceServers } = await (await route.fetch()).json();
      const bare = `127.0.0.1:${relay?.port}`;
      const both = [{ urls: `stun:${bare}` }, { ...iceServers[0], urls: `turn:${bare}` }];
      await route.fulfill({ json: { iceServers: both } });
    });
    await begin();
    await expect.poll(() => stateOf('network').textContent()).toContain(say('device.found.direct'));
  });

  test('where none is, it says what to try', async () => {
    await open();
    await page.route('**/device/servers', (route) =>
      route.fulfill({
        json: {
          iceServers: [{ urls: 'turn:127.0.0.1:9?transport=tcp', username: 'x', credential: 'x' }],
        },
      }),
    );
    await begin();
    await expect
      .poll(() => stateOf('network').textContent())
      .toContain(say('device.found.blocked'));
    expect(await adviceOf('network').textContent()).toContain(say('device.advice.network'));
    await isSaved();
    expect(await outcome().textContent()).toContain(say('device.result.bad'));
  });

  test('a permission that is denied is told apart by device, with the way to give it', async () => {
    await open(['microphone']);
    await begin();
    await expect.poll(() => stateOf('camera').textContent()).toContain(say('device.found.denied'));
    await expect
      .poll(() => stateOf('microphone').textContent())
      .toContain(say('device.found.works'));
    expect(await adviceOf('camera').textContent()).toContain(say('device.advice.allow.desktop'));
    await isSaved();
    expect(await axeFaults(page)).toEqual([]);
  });

  test.each([
    ['NotReadableError', 'Could not start video source', 'busy', 'busy'],
    ['NotFoundError', 'Requested device not found', 'none', 'none.camera'],
    ['NotAllowedError', 'Permission denied by system', 'system', 'system.other'],
    ['NotAllowedError', 'Permission dismissed', 'dismissed', 'question'],
  ] as const)('%s, %s', async (name, message, trouble, advice) => {
    await open();
    await page.addInitScript(
      ([error, words]) => {
        const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = (wanted) =>
          wanted?.video ? Promise.reject(new DOMException(words, error)) : ask(wanted);
      },
      [name, message],
    );
    await begin();
    await expect
      .poll(() => stateOf('camera').textContent())
      .toContain(say(`device.found.${trouble}`));
    expect(await adviceOf('camera').textContent()).toContain(say(`device.advice.${advice}`));
    await expect
      .poll(() => stateOf('microphone').textContent())
      .toContain(say('device.found.works'));
  });

  test('black pictures, a mute microphone and an inaudible loudspeaker', async () => {
    await open();
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        const canvas = document.createElement('canvas');
        const drawing = canvas.getContext('2d');
        setInterval(() => drawing?.fillRect(0, 0, canvas.width, canvas.height), 50);
        const out = new AudioContext().createMediaStreamDestination();
        return new MediaStream([
          ...canvas.captureStream(20).getTracks(),
          ...out.stream.getTracks(),
        ]);
      };
    });
    await begin();
    await expect.poll(() => stateOf('camera').textContent()).toContain(say('device.found.covered'));
    await expect
      .poll(() => stateOf('microphone').textContent())
      .toContain(say('device.found.silent'));
    await press(page, say('device.speaker.play'));
    await press(page, say('device.speaker.no'));
    expect(await adviceOf('speaker').textContent()).toContain(say('device.advice.volume'));
  });

  test('a browser without cameras gets the names of those that have them', async () => {
    await open();
    await page.addInitScript(() => {
      Reflect.deleteProperty(Navigator.prototype, 'mediaDevices');
      Reflect.deleteProperty(window, 'RTCPeerConnection');
    });
    await begin();
    for (const part of ['camera', 'network'])
      await expect
        .poll(() => stateOf(part).textContent())
        .toContain(say('device.found.unsupported'));
    expect(await adviceOf('camera').textContent()).toContain(say('device.advice.unsupported'));
  });

  test('without scripts it says how to look, and how to be called by phone', async () => {
    await open([], false);
    await page.goto(`${manage}/device`);
    const text = await seen(page);
    expect(text).toContain(say('device.plain.camera'));
    expect(text).not.toContain(say('device.start'));
    await page.getByRole('link', { name: say('citizen.changeTime.rather.phone') }).click();
    expect(page.url()).toContain('/change?channel=phone');
  });

  test.skipIf(NO_COTURN)(
    'the doctor gets an address from the relay, and knows a wrong secret',
    async () => {
      const at = `127.0.0.1:${relay?.port}`;
      const ask = async (url: string, secret = SECRET) =>
        (
          await aboutRelay(
            { urls: [url], secret },
            Temporal.Instant.fromEpochMilliseconds(Date.now()),
          )
        )[0];
      for (const url of [`turn:${at}`, `turn:${at}?transport=tcp`, `stun:${at}`])
        expect(await ask(url)).toMatchObject({ state: 'right' });
      expect((await ask(`turn:${at}`, 'a wrong one'))?.words).toContain('401');
      expect(await ask('turn:127.0.0.1:9?transport=tcp')).toMatchObject({ state: 'wrong' });
    },
  );

  test('no other page may have the camera', async () => {
    await open();
    await page.goto(manage);
    const denied = page.evaluate(() => navigator.mediaDevices.getUserMedia({ video: true }));
    await expect(denied).rejects.toThrow(/NotAllowed|Permission/);
  });
});
