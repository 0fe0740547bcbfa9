import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, FAKE_DEVICES, openBrowser } from './support/browser.ts';
import { openClient } from './support/client.ts';
import { press, say, signIn } from './support/pages.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';
import { type BookedVideo, bookVideo, says, untilSeen } from './support/video.ts';

describe.skipIf(!CHROME)('a citizen who identifies in the call', { timeout: 120_000 }, () => {
  let browser: Browser;
  let town: Town;
  let appointment: BookedVideo;
  let hers: BrowserContext;
  let citizen: Page;
  let agent: Page;

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    appointment = await bookVideo(openClient(town.origin, 'ca'));
    browser = await openBrowser(FAKE_DEVICES);
    const viewport = { width: 360, height: 740 };
    hers = await browser.newContext({ baseURL: town.origin, locale: 'ca-ES', viewport });
    citizen = await hers.newPage();
    agent = await browser.newPage({
      ...{ baseURL: town.origin, locale: 'ca-ES' },
      viewport: { width: 1280, height: 800 },
    });
    for (const page of [citizen, agent]) page.setDefaultTimeout(25_000);
    await town.comeTo(Temporal.Instant.from(appointment.start).toString());
    await signIn(agent, await town.server.access(), 'nuria.roca@vilaclara.example');
    await citizen.goto(`${appointment.manage}/room`);
    await press(citizen, say('room.enter'));
    await says(citizen, 'waiting');
    await agent.goto('/console/oac');
    await agent
      .getByRole('link', { name: /Maria Puig/ })
      .first()
      .click();
    await agent.locator('[data-action="begin"]').click();
    await Promise.all([untilSeen(citizen), untilSeen(agent)]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
  });

  const card = () => agent.locator('#identity-of');

  test('is asked by a press, and says no by another', async () => {
    await agent.locator('[data-action="askIdentity"]').click();
    const no = citizen.getByRole('button', { name: say('room.identify.no') });
    await no.waitFor();
    expect(await axeFaults(citizen)).toEqual([]);
    if (process.env.PICTURES) {
      await citizen.screenshot({ path: `${process.env.PICTURES}/room-asked-360.png` });
      await agent.screenshot({ path: `${process.env.PICTURES}/desk-asked-1280.png` });
    }
    await no.click();
    await card().getByText(say('identifying.failed.declined')).waitFor();
    expect(await axeFaults(agent)).toEqual([]);
  });

  test('does so in a second tab by the demonstration’s provider, while the call goes on', async () => {
    await agent.locator('[data-action="askIdentity"]').click();
    const opened = hers.waitForEvent('page');
    await citizen.getByRole('link', { name: say('room.identify.open') }).click();
    const tab = await opened;
    await tab.getByLabel(say('identifying.tick')).check();
    await tab.getByRole('button', { name: /demostració/ }).click();
    await tab.getByLabel(/Rosa Soler Vidal/).check();
    await press(tab, say('identify.demo.button'));
    await tab.getByText(say('identifying.done.call')).waitFor();
    expect(await axeFaults(tab)).toEqual([]);
    await card().getByText('Rosa Soler Vidal').waitFor();
    await card().getByText('***4567**').waitFor();
    // The appointment is Maria's: the agent is told, and judges.
    await card().getByText(say('identifying.desk.other')).waitFor();
    await tab.close();
    await Promise.all([untilSeen(citizen), untilSeen(agent)]);
    if (process.env.PICTURES)
      await agent.screenshot({ path: `${process.env.PICTURES}/desk-identified-1280.png` });
  });

  test('has a whole identifier that is shown by a press, and stays when an older answer comes', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: fetched, resolve: isFetched } = Promise.withResolvers<void>();
    await agent.route(/\/appointment\/[\w-]+$/, async (route) => {
      if (!route.request().headers()['x-refresh']) return route.continue();
      const answer = await route.fetch();
      isFetched();
      await released;
      await route.fulfill({ response: answer });
    });
    await agent.locator('[data-action="askIdentity"]').click();
    await fetched;
    await card().getByText(say('identifying.desk.reveal')).click();
    await card().getByText('12345678Z').waitFor();
    const older = agent.waitForResponse((each) => each.request().headers()['x-refresh'] === '1');
    release();
    await (await older).finished();
    await agent.unrouteAll({ behavior: 'wait' });
    await agent.evaluate(() => new Promise(requestAnimationFrame));
    expect(await card().getByText('12345678Z').isVisible()).toBe(true);
    await citizen.getByRole('button', { name: say('room.identify.no') }).click();
    await card().getByText(say('identifying.failed.declined')).waitFor();
  });

  test('does so on another device, by a code that they type there', async () => {
    await agent.locator('[data-action="askIdentity"]').click();
    const opened = hers.waitForEvent('page');
    await citizen.getByRole('link', { name: say('room.identify.other') }).click();
    const tab = await opened;
    await press(tab, say('anotherDevice.make'));
    const code = (await tab.locator('.typed-code').textContent()) ?? '';
    // The other device has neither the link nor a script.
    const phone = await (
      await browser.newContext({ baseURL: town.origin, locale: 'ca-ES', javaScriptEnabled: false })
    ).newPage();
    await phone.goto('/ca/identify/code');
    await phone.getByLabel(say('anotherDevice.enter.label')).fill(code.toLowerCase());
    await press(phone, say('anotherDevice.enter.button'));
    await press(phone, say('anotherDevice.check.yes'));
    await phone.getByRole('button', { name: /demostració/ }).click();
    await phone.getByLabel(/Rosa Soler Vidal/).check();
    await press(phone, say('identify.demo.button'));
    await phone.getByText(say('anotherDevice.finished.text')).waitFor();
    await phone.context().close();
    // The page looks by itself, and leads on.
    await tab.getByText(say('anotherDevice.done.text')).waitFor();
    await card().getByText(say('anotherDevice.desk')).waitFor();
    await tab.close();
  });
});
