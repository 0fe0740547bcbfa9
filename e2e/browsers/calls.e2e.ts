import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, test } from 'vitest';
import { CHROME, FAKE_DEVICES, openBrowser } from '../support/browser.ts';
import { openClient, signedIn } from '../support/client.ts';
import { entry, NURIA } from '../support/console.ts';
import { press, say } from '../support/pages.ts';
import { until } from '../support/processes.ts';
import { MORNING, openTown, type Town } from '../support/town.ts';
import { type BookedVideo, bookVideo, MARIA, says, untilSeen } from '../support/video.ts';
import { launchFirefox, NO_FIREFOX } from './support/firefox.ts';

type Cookie = Parameters<BrowserContext['addCookies']>[0][number];
type Engine = 'Firefox' | 'Chromium';

const PAIRS: { name: string; citizen: Engine; agent: Engine }[] = [
  { name: 'Berta Pou', citizen: 'Firefox', agent: 'Chromium' },
  { name: 'Cesc Riu', citizen: 'Chromium', agent: 'Firefox' },
  { name: 'Dolça Mas', citizen: 'Firefox', agent: 'Firefox' },
];

describe.skipIf(!CHROME || NO_FIREFOX)('a call', () => {
  const booked = new Map<string, BookedVideo>();
  let browsers: Record<Engine, Browser>;
  const pages: Page[] = [];
  let town: Town;
  /** The agent's sign-in, which works in each browser: a code opens only once. */
  let session: Cookie[];

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    browsers = { Chromium: await openBrowser(FAKE_DEVICES), Firefox: await launchFirefox() };
    for (const { name } of PAIRS)
      booked.set(name, await bookVideo(openClient(town.origin, 'ca'), { ...MARIA, name }));
    const [first] = [...booked.values()].map(({ start }) => start).sort();
    const soon = Temporal.Instant.from(first ?? '').subtract({ minutes: 5 });
    await town.comeTo(soon.toString());
    const { cookies } = await signedIn(town, await town.server.access(), NURIA);
    session = [...cookies].map(([name, value]) => ({ name, value, url: town.origin }));
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
  });
  afterAll(async () => {
    for (const browser of Object.values(browsers ?? {})) await browser.close();
    await town?.[Symbol.asyncDispose]();
  });

  async function open(engine: Engine): Promise<Page> {
    const page = await browsers[engine].newPage({ baseURL: town.origin, locale: 'ca-ES' });
    pages.push(page);
    return page;
  }

  /** The citizen waits in the room, and the agent lets them in. */
  async function connect(name: string, citizen: Page, agent: Page): Promise<void> {
    await citizen.goto(`${booked.get(name)?.manage}/room`);
    await press(citizen, say('room.enter'));
    await says(citizen, 'waiting');
    await agent.goto('/console/oac');
    await entry(agent, name).getByRole('link').click();
    await agent.getByText(say('room.desk.here')).waitFor();
    await agent.locator('[data-action="begin"]').click();
    await agent.locator('#doubt, #encounter').first().waitFor();
    // The encounter of the pair before is still open.
    if (await agent.locator('#doubt').count()) await press(agent, say('doubt.busy.anyway'));
  }

  test.each(PAIRS)('a citizen with $citizen, an agent with $agent', async (pair) => {
    const citizen = await open(pair.citizen);
    const agent = await open(pair.agent);
    await agent.context().addCookies(session);
    await connect(pair.name, citizen, agent);
    await Promise.all([untilSeen(citizen), untilSeen(agent)]);
    await Promise.all([says(citizen, 'connected'), says(agent, 'connected')]);

    await writes(citizen, 'Visc al carrer Nou', agent);
    await writes(agent, 'Bon dia, Berta', citizen);
    await citizen.reload();
    await Promise.all([untilSeen(citizen), untilSeen(agent)]);

    await press(citizen, say('room.leave'));
    await says(citizen, 'left');
    await until('the agent sees nobody', async () => (await tiles(agent).count()) === 0);
  });
});

const tiles = (page: Page) => page.locator('[data-goes-on] .room-tile[data-side]');

/** Somebody types, and the other side reads it before it is sent (EN 301 549, 6.2). */
async function writes(writer: Page, text: string, reader: Page): Promise<void> {
  const live = writer.getByLabel(say('room.write.live'));
  if (!(await live.isVisible())) await press(writer, say('room.write.open'));
  await live.check();
  await writer.getByLabel(say('room.write.label')).pressSequentially(text);
  await reader.locator('.room-captions').filter({ hasText: text }).waitFor();
}
