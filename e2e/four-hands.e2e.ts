import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formSchema } from '../src/domain/form/schema.ts';
import { launchFirefox, NO_FIREFOX } from './browsers/support/firefox.ts';
import { CHROME, FAKE_DEVICES, openBrowser } from './support/browser.ts';
import { openClient } from './support/client.ts';
import { NURIA } from './support/console.ts';
import { follow, press, say, signIn } from './support/pages.ts';
import { until } from './support/processes.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';
import { bookVideo, says, untilSeen } from './support/video.ts';

const ROSA = { name: 'Rosa Soler Vidal', phone: '612 345 678', email: 'rosa@example.com' };

/** A form of one page with two questions, for whoever is identified. */
const form = formSchema.parse({
  procedure: 'volant-padro',
  identity: 'low',
  title: { ca: 'Terrassa' },
  steps: [
    {
      id: 'local',
      title: { ca: 'El local' },
      together: true,
      questions: [
        { id: 'rotul', type: 'text', label: { ca: 'Rètol' }, required: true },
        { id: 'taules', type: 'integer', label: { ca: 'Taules' }, required: true, min: 1 },
      ],
    },
  ],
});

/** The field of a question: the links that change it have its name, too. */
const field = (page: Page | FrameLocator, name: string) => page.getByRole('textbox', { name });

/** Keeps a picture of a page for whoever asks for it. */
async function keep(page: Page, name: string): Promise<void> {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });
}

describe.skipIf(!CHROME || NO_FIREFOX)('a form with four hands', { timeout: 120_000 }, () => {
  let browser: Browser;
  let firefox: Browser;
  let town: Town;
  let hers: BrowserContext;
  let citizen: Page;
  let agent: Page;
  let framed: FrameLocator;

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    await town.operate(async ({ offices, forms }) => {
      const office = (await offices.find('oac'))!;
      await forms.publish({ kind: 'system', why: 'operator' }, office, form);
    });
    const booked = await bookVideo(openClient(town.origin, 'ca'), ROSA);
    [browser, firefox] = await Promise.all([openBrowser(FAKE_DEVICES), launchFirefox()]);
    const here = { baseURL: town.origin, locale: 'ca-ES' };
    hers = await browser.newContext({ ...here, viewport: { width: 1280, height: 800 } });
    citizen = await hers.newPage();
    agent = await firefox.newPage({ ...here, viewport: { width: 1280, height: 900 } });
    for (const page of [citizen, agent]) page.setDefaultTimeout(25_000);
    await town.comeTo(Temporal.Instant.from(booked.start).toString());
    await signIn(agent, await town.server.access(), NURIA);
    await citizen.goto(`${booked.manage}/room`);
    await press(citizen, say('room.enter'));
    await says(citizen, 'waiting');
    await agent.goto('/console/oac');
    await agent
      .getByRole('link', { name: /Rosa Soler/ })
      .first()
      .click();
    await agent.locator('[data-action="begin"]').click();
    await Promise.all([untilSeen(citizen), untilSeen(agent)]);
    framed = citizen.frameLocator('iframe[name="room-form"]');
  }, 180_000);
  afterAll(async () => {
    for (const each of [browser, firefox]) await each?.close();
    await town?.[Symbol.asyncDispose]();
  });

  test('is opened by the agent, and stands beside the picture of the citizen', async () => {
    await agent
      .getByLabel(say('fourHands.procedure'), { exact: true })
      .selectOption('volant-padro');
    await press(agent, say('fourHands.open'));
    await agent.getByText(say('fourHands.who')).waitFor();
    expect(await axeFaults(agent)).toEqual([]);
    await press(citizen, say('room.form.open'));
    await framed.getByRole('heading', { name: 'Terrassa' }).waitFor();
    await untilSeen(citizen);
  });

  test('has what the agent types at once, with their name, and what the citizen types', async () => {
    await follow(agent, say('fourHands.go'));
    await field(agent, 'Rètol').click();
    await agent.keyboard.type('Bar Pi');
    await agent.keyboard.press('Tab');
    await framed.getByText('Bar Pi').waitFor();
    await framed.getByText(/^Escrit per Núria, /).waitFor();
    await framed.getByRole('link', { name: 'Canvia: Taules' }).click();
    // The agent is in the field that the citizen answers: nothing moves under their hands.
    await field(framed, 'Taules').fill('4');
    await field(framed, 'Rètol').focus();
    await agent.getByText(/^Escrit per la persona, .*: 4$/).waitFor();
    expect(await field(agent, 'Taules').inputValue()).toBe('');
    await field(agent, 'Rètol').focus();
    await until(
      'the answer is there',
      async () => (await field(agent, 'Taules').inputValue()) === '4',
    );
    await keep(agent, 'four-hands-desk');
    await keep(citizen, 'four-hands-room');
    await Promise.all([untilSeen(citizen), untilSeen(agent)]);
  });

  test('is confirmed by the citizen alone, who identifies in a tab while the call goes on', async () => {
    await press(agent, say('citizen.continue'));
    await press(agent, say('fourHands.confirm.ask'));
    await agent.getByText(/^Demanada a les /).waitFor();
    await framed.getByRole('button', { name: say('citizen.continue'), exact: true }).click();
    await framed.getByText(/t’ha demanat que comprovis/).waitFor();
    await keep(citizen, 'four-hands-check');
    const opened = hers.waitForEvent('page');
    await framed.getByRole('link', { name: say('identify.title') }).click();
    const tab = await opened;
    await tab.getByRole('button', { name: /demostració/ }).click();
    await tab.getByLabel(/Rosa Soler Vidal/).check();
    await press(tab, say('identify.demo.button'));
    await tab.getByText('Bar Pi').waitFor();
    expect(await axeFaults(tab)).toEqual([]);
    await press(tab, say('case.handIn.button'));
    await until('it is handed in', async () => tab.url().endsWith('/done'));
    // The agent's page leads to the case, and the call goes on.
    await until('the agent is told', async () =>
      /\/cases\/[\w-]+$/.test(new URL(agent.url()).pathname),
    );
    await agent.getByText('Bar Pi').waitFor();
    await Promise.all([untilSeen(citizen), untilSeen(agent)]);
  });
});
