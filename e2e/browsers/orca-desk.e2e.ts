import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openClient, signedIn, startsIn } from '../support/client.ts';
import { ANE } from '../support/console.ts';
import { MORNING, openTown, type Town } from '../support/town.ts';
import { enter, headings, headingsOf, lines, tabTo } from './support/heard.ts';
import { heardIn, NOBODY_LISTENS } from './support/listening.ts';
import type { Listener } from './support/orca.ts';

const CLARA = 'Clara Citada';
const PAU = 'Pau Roure';

/**
 * What a member of the staff hears who is blind: the day's list by Tab, the card of an appointment by its headings and line
 * by line, and the encounter's form by Tab. See `orca.e2e.ts`.
 */
describe.skipIf(NOBODY_LISTENS)('Orca at a desk', { timeout: 600_000 }, () => {
  test('speaks a day and an encounter', { retry: 2 }, async () => {
    await using town = await openTown({ clock: MORNING });
    for (const name of [CLARA, PAU]) await book(town, name);
    await town.comeTo('2026-11-25T08:40:00+01:00');
    const { cookies } = await signedIn(town, await town.server.access(), ANE);
    const transcript = await heardIn(
      town,
      { language: 'ca', readsPages: false },
      async (page, orca) => {
        const all = [...cookies].map(([name, value]) => ({ name, value, url: town.origin }));
        await page.context().addCookies(all);
        await dayHeard(page, orca);
      },
    );
    await expect(steady(transcript)).toMatchFileSnapshot('transcripts/desk.ca.txt');
  });
});

/** Books the first free telephone call in Basque: one desk alone speaks it. */
async function book(town: Town, name: string): Promise<void> {
  const client = openClient(town.origin, 'ca');
  const procedure = '/ca/oac/volant-padro/times?channel=phone&language=eu';
  const [start = ''] = startsIn((await client.get(procedure)).html);
  const details = await client.post(procedure, { start });
  const person = { name, phone: '612 345 678', whom: 'self', anything: 'no' };
  const check = await client.post(details.path, person);
  await client.post(check.path, {});
}

async function dayHeard(page: Page, orca: Listener): Promise<void> {
  await orca.opens('the day', () => page.goto('/console/oac'));
  await tabTo(page, orca, CLARA);
  await lines(orca, 3);
  await orca.hears('Shift+Tab', () => orca.key('shift+Tab'));
  await enter(orca);
  const toName = 3;
  await headings(orca, toName);
  await lines(orca, 2);
  await headings(orca, (await headingsOf(page)) - toName);
  await tabTo(page, orca, 'action');
  await enter(orca);
  await headings(orca, await headingsOf(page));
  await tabTo(page, orca, 'action');
}

/** Takes out the server's clock, and what is counted from it. */
const steady = (transcript: string): string =>
  transcript
    .replaceAll(/\b8([:.])[45]\d\b/g, '8$1··')
    .replaceAll(/\b(?:un moment|\d+ minuts?)\b/g, '·· minuts');
