import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, FAKE_DEVICES, openBrowser } from './support/browser.ts';
import { openClient } from './support/client.ts';
import { SCREEN } from './support/console.ts';
import { press, say } from './support/pages.ts';
import { temporaryFolder, until } from './support/processes.ts';
import { axeFaults } from './support/scan.ts';
import { type SpeechEngine, startEngine, townWithEngine } from './support/speech/engine.ts';
import { MORNING, openTown, type Town } from './support/town.ts';
import { admit, bookVideo, MARIA, said, untilSeen } from './support/video.ts';

const PROVIDER = { provider: 'Vilaclara' };

describe.skipIf(!CHROME)('captions of a call', () => {
  let browser: Browser;
  let engine: SpeechEngine;
  let town: Town;
  let citizen: Page;
  let agent: Page;

  beforeAll(async () => {
    engine = await startEngine();
    town = await openTown({
      clock: MORNING,
      townFile: townWithEngine(temporaryFolder().path, engine),
      env: { CAPTIONS_SECRET: engine.secret },
    });
    browser = await openBrowser(FAKE_DEVICES);
    const open = (viewport: { width: number; height: number }) =>
      browser.newPage({ baseURL: town.origin, locale: 'ca-ES', viewport });
    citizen = await open({ width: 360, height: 740 });
    agent = await open(SCREEN.viewport);
    for (const page of [citizen, agent]) page.setDefaultTimeout(25_000);
    await admit(await bookVideo(openClient(town.origin, 'ca')), { town, citizen, agent });
    await Promise.all([untilSeen(citizen), untilSeen(agent)]);
    for (const page of [citizen, agent]) await press(page, say('room.more'));
  });
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
    await engine?.[Symbol.asyncDispose]();
  });

  const saidTo = (page: Page, words: string) =>
    until(`the room says “${words}”`, async () => (await said(page))?.includes(words));
  const isSaid = async (page: Page, words: string) => (await said(page))?.includes(words) ?? false;
  const spoken = (page: Page, whose: 'mine' | 'theirs') =>
    page.locator(`.room-captions [data-spoken="${whose}"]`).filter({ hasText: 'bip número' });
  const connections = (count: number) =>
    until(`the engine has ${count} connections`, async () => engine.open() === count);
  const captions = say('room.captions.on');

  test('nothing goes to the engine before somebody asks', () => expect(engine.open()).toBe(0));

  test('the citizen asks: both read what both say, and that a machine writes it', async () => {
    await press(citizen, captions);
    await spoken(citizen, 'theirs').waitFor();
    await spoken(citizen, 'mine').waitFor();
    await spoken(agent, 'theirs').filter({ hasText: MARIA.name }).waitFor();
    for (const page of [citizen, agent]) await saidTo(page, say('room.captions.mine', PROVIDER));
    for (const page of [citizen, agent]) expect(await axeFaults(page)).toEqual([]);
    expect([engine.open(), engine.refused()]).toEqual([2, 0]);
  });

  test('an engine that goes away is said, and its captions return by themselves', async () => {
    engine.goAway();
    for (const page of [citizen, agent]) await saidTo(page, say('room.captions.failed'));
    await spoken(citizen, 'theirs').waitFor({ state: 'detached' });
    engine.back();
    await connections(2);
    await spoken(citizen, 'theirs').waitFor();
    await until(
      'no failure is said',
      async () => !(await isSaid(citizen, say('room.captions.failed'))),
    );
  });

  test('turned off, nothing more goes to the engine', async () => {
    await press(citizen, captions);
    await connections(0);
    await expect.poll(() => isSaid(agent, say('room.captions.mine', PROVIDER))).toBe(false);
  });

  test('the agent asks: the citizen’s words are written only after their yes', async () => {
    await press(agent, captions);
    await connections(1);
    await press(citizen, say('room.captions.no'));
    await saidTo(agent, say('room.captions.without', { name: MARIA.name }));
    expect(engine.open()).toBe(1);
    await press(agent, captions);
    await connections(0);
    await press(agent, captions);
    await press(citizen, say('room.captions.allow'));
    await connections(2);
    await spoken(agent, 'theirs').waitFor();
  });
});
