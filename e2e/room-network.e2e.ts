import { setTimeout as lasting } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { credentials } from '../src/lib/calls/turn.ts';
import { CHROME } from './support/browser.ts';
import { openClient } from './support/client.ts';
import { type Coturn, NO_COTURN, openCoturn } from './support/coturn.ts';
import { type Front, openFront } from './support/front.ts';
import { type Network, NO_NETWORK, openNetwork, type Place } from './support/network.ts';
import { say } from './support/pages.ts';
import { until } from './support/processes.ts';
import { MORNING, openTown, type Town } from './support/town.ts';
import {
  admit,
  type BookedVideo,
  bookVideo,
  figures,
  listenIn,
  says,
  untilSeen,
  wordsSaid,
} from './support/video.ts';

/**
 * Each person is at a place of its own in a network with controlled faults: the subject is the duration
 * of outages.
 */
describe.skipIf(!CHROME || NO_NETWORK)(
  `a call on bad networks${NO_NETWORK ? `: ${NO_NETWORK}` : ''}`,
  () => {
    let network: Network<'hall' | 'home' | 'desk'>;
    let hall: Place;
    let home: Place;
    let town: Town;
    let front: Front;
    let relay: Coturn | null = null;
    let browsers: Browser[] = [];
    let appointment: BookedVideo;
    let citizen: Page;
    let agent: Page;
    /** Whether the relay is offered: not to the first call, which is to stand without it. */
    let isRelayed = false;

    beforeAll(async () => {
      network = openNetwork(['hall', 'home', 'desk']);
      ({ hall, home } = network.places);
      town = await openTown({ clock: MORNING });
      front = await openFront(await hall.listen(town.server.port));
      front.behind.push(town.server.port);
      relay = NO_COTURN ? null : await openCoturn(hall);
      appointment = await bookVideo(openClient(town.origin, 'ca'));
      const { desk } = network.places;
      browsers = await Promise.all([home, desk].map((place) => place.browser(hall)));
      const [hers, theirs] = browsers;
      citizen = await (hers as Browser).newPage({ baseURL: town.origin, locale: 'ca-ES' });
      agent = await (theirs as Browser).newPage({ baseURL: town.origin, locale: 'ca-ES' });
      for (const page of [citizen, agent]) await prepare(page);
      await admit(appointment, { town, citizen, agent });
      await bothSee();
    });
    afterAll(async () => {
      await Promise.all(browsers.map((each) => each.close()));
      await relay?.[Symbol.asyncDispose]();
      await front?.[Symbol.asyncDispose]();
      await town?.[Symbol.asyncDispose]();
      await network?.[Symbol.asyncDispose]();
    });

    /** Each begins with a call that stands, whatever became of the one before. */
    beforeEach(async () => {
      home.mend();
      await bothSee(10).catch(async () => {
        for (const page of pages()) await page.reload();
        await bothSee();
      });
      await Promise.all(pages().map(wordsSaid));
    });

    /** The town's clock is not the relay's: credentials use the real time. */
    async function prepare(page: Page): Promise<void> {
      page.setDefaultTimeout(25_000);
      await listenIn(page);
      if (!relay) return;
      const anHourOn = Temporal.Instant.fromEpochMilliseconds(Date.now() + 3_600_000);
      const given = credentials(relay.secret, 'call', anHourOn);
      const url = `turns:${hall.address}:${relay.tlsPort}?transport=tcp`;
      const servers = [{ urls: url, ...given }];
      await page.route('**/room/servers', (route) =>
        route.fulfill({ json: { iceServers: isRelayed ? servers : [] } }),
      );
    }

    /** From the Wi-Fi to the telephone's network, or back: the new one is there as the old one goes. */
    let uplink = 1;
    const move = () => {
      const left = uplink;
      uplink = 3 - uplink;
      home.plug(uplink);
      home.unplug(left);
    };

    /** Which a browser may do without a word, or with many. */
    const hasMoved = () =>
      until('the call goes by the other uplink', async () => {
        const { from } = await figures(citizen);
        return from === home.addressOf(uplink);
      });

    const pages = () => [citizen, agent];
    const bothSee = (seconds?: number) =>
      Promise.all(pages().map((page) => untilSeen(page, seconds)));

    /** Prints how long it takes until both see each other again. */
    async function untilBack(after: string): Promise<void> {
      const since = performance.now();
      const seen = async (page: Page) => {
        await untilSeen(page);
        return ((performance.now() - since) / 1000).toFixed(1);
      };
      const [hers, theirs] = await Promise.all(pages().map(seen));
      await Promise.all(pages().map((page) => says(page, 'connected')));
      await bothSee(); // by the new way, where one of them still saw something by the old
      const { path } = await figures(citizen);
      console.log(
        `${after}: the citizen sees after ${hers} s, the agent after ${theirs} s (${path})`,
      );
    }

    /** Has said in words that something is the matter. */
    const saidSo = (page: Page) =>
      until('the room says that something is the matter', async () =>
        (await wordsSaid(page)).some((each) => !each.includes(say('room.said.connected'))),
      );

    test('they see each other straight', async () => {
      await expect.poll(async () => (await figures(citizen)).path).toBe('host');
      isRelayed = true;
      for (const page of pages()) await page.reload();
      await bothSee();
    });

    test.each([5, 20])('an unannounced outage of %i s', async (seconds) => {
      home.cut();
      await lasting(seconds * 1000);
      home.mend();
      await untilBack(`An outage of ${seconds} s`);
      if (seconds > 10) for (const page of pages()) await saidSo(page);
    });

    test('a laptop whose lid is closed for a minute', async () => {
      home.sleep();
      await lasting(60_000);
      home.wake();
      await untilBack('A minute’s sleep');
      await saidSo(agent);
    });

    test('from the Wi-Fi to another network, and back', async () => {
      move();
      await hasMoved();
      await untilBack('Another network, once it is used');
      move();
      await hasMoved();
      await untilBack('Back to the first, once it is used');
    });

    test('the server is killed and started again: they go on, and what it passes on is passed on again', async () => {
      await town.server.kill9();
      await bothSee();
      await town.comeTo(appointment.start);
      await bothSee();
      move();
      await hasMoved();
      await untilBack('Another network after the server was killed, once it is used');
    });

    test.skipIf(NO_COTURN)('where UDP is refused, through the relay over TLS', async () => {
      home.refuseUdp();
      await until('the relay is used', async () => (await figures(citizen)).path === 'relay');
      await untilBack('UDP refused in mid-call, once the relay is used');
      expect((await figures(citizen)).path).toBe('relay');
      await citizen.reload();
      await untilBack('UDP refused, after a reload');
      expect((await figures(citizen)).path).toBe('relay');
    });

    test.each([300, 80])('%i kbit/s', async (kbits) => {
      home.limit(kbits);
      for (let seconds = 0; seconds <= 10; seconds += 5) {
        if (seconds > 0) await lasting(5_000);
        for (const page of pages()) {
          const who = page === citizen ? 'citizen' : 'agent';
          const got = JSON.stringify(await figures(page));
          console.log(`${kbits} kbit/s for ${seconds} s, what the ${who} gets: ${got}`);
        }
      }
      home.mend();
      await untilBack(`After ${kbits} kbit/s`);
    });
  },
);
