import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { pdf } from '../../src/features/service/documents/checks/testing/files.ts';
import { CHROME, FAKE_DEVICES, openBrowser } from '../support/browser.ts';
import { openClient } from '../support/client.ts';
import { atWork, entry, NURIA, wrapUp } from '../support/console.ts';
import { press, say } from '../support/pages.ts';
import { MORNING, openTown, type Town } from '../support/town.ts';
import { type BookedVideo, bookVideo, MARIA, says } from '../support/video.ts';
import { tabTo } from './support/heard.ts';
import { heardIn, NOBODY_LISTENS } from './support/listening.ts';
import type { Listener } from './support/orca.ts';

/** What a blind citizen hears of a video call: Firefox is theirs, and the agent has a Chromium. See `orca.e2e.ts`. */
describe.skipIf(NOBODY_LISTENS || !CHROME)('Orca in the room', { timeout: 600_000 }, () => {
  test('speaks what comes during a call', { retry: 2 }, async () => {
    await using town = await openTown({ clock: MORNING });
    const booked = await bookVideo(openClient(town.origin, 'ca'));
    await town.comeTo(Temporal.Instant.from(booked.start).subtract({ minutes: 5 }).toString());
    await using desk = await atDesk(town);
    const transcript = await heardIn(town, { language: 'ca', readsPages: false }, (citizen, orca) =>
      callHeard({ citizen, orca, agent: desk.page, booked }),
    );
    await expect(steady(transcript)).toMatchFileSnapshot('transcripts/room.ca.txt');
  });
});

/** Opens the day of the agent whose appointment it is. */
async function atDesk(town: Town) {
  const browser = await openBrowser(FAKE_DEVICES);
  const { context } = await atWork(browser, town, NURIA);
  return {
    page: await context.newPage(),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

const GREETING = 'Bon dia, Maria.';

interface Call {
  citizen: Page;
  orca: Listener;
  agent: Page;
  booked: BookedVideo;
}

async function callHeard({ citizen, orca, agent, booked }: Call): Promise<void> {
  await orca.opens('the page of the room', () => citizen.goto(`${booked.manage}/room`));
  await tabTo(citizen, orca, say('room.enter'));
  await orca.hears('Enter', async () => {
    await orca.key('Return');
    await says(citizen, 'waiting');
  });
  await agent.goto('/console/oac');
  await entry(agent, MARIA.name).getByRole('link').click();
  await agent.getByText(say('room.desk.here')).waitFor();
  await orca.hears('the agent comes in', async () => {
    await agent.locator('[data-action="begin"]').click();
    await says(citizen, 'connected');
  });
  await press(agent, say('room.write.open'));
  await agent.getByLabel(say('room.write.label')).fill(GREETING);
  await orca.hears('the agent writes', async () => {
    await press(agent, say('room.write.send'));
    await citizen.locator('.room-log').getByText(GREETING).waitFor();
  });
  const file = { name: 'volant.pdf', mimeType: 'application/pdf', buffer: pdf('', 'Volant') };
  await agent.setInputFiles('#result', file);
  await orca.hears('a result comes', async () => {
    await press(agent, say('documents.desk.addButton'));
    await citizen.getByText(say('room.papers.new')).waitFor({ state: 'attached' });
  });
  await agent.locator('#item-0-outcome').selectOption({ index: 1 });
  await agent.getByLabel(say('staff.identity.questions')).check();
  await orca.opens('the agent ends the call', () => wrapUp(agent));
}

/** How long the two take to find each other, and how well they see each other: it depends on the machine. */
const PASSING = [
  ...[say('room.said.entering'), say('room.said.alone'), say('room.said.connecting')],
  ...[say('quality.fair'), say('quality.poor'), say('room.ways.phone'), say('room.saving.mine')],
  say('room.saving.theirs', { name: 'Núria' }),
];

/** Whether a line says nothing else: two of these may be spoken in one breath. */
const isPassing = (line: string): boolean =>
  line !== '' && PASSING.reduce((rest, each) => rest.replace(each, ''), line).trim() === '';

const steady = (transcript: string): string =>
  transcript
    .split('\n')
    .filter((line) => !isPassing(line))
    .join('\n');
