import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../../src/lib/i18n/languages.ts';
import { MORNING, openTown, type Town } from '../support/town.ts';
import { NO_DESKTOP, openDesktop } from './support/desktop.ts';
import { launchFirefox, NO_FIREFOX } from './support/firefox.ts';
import { bookingHeard, headingsHeard } from './support/heard.ts';
import { type Listener, NO_ORCA, startOrca } from './support/orca.ts';

/**
 * In the evening no time of today is left, however long the tests take. Each language has a week of its own, in which the
 * others have booked nothing.
 */
const eveningOf = (language: Language): string =>
  Temporal.ZonedDateTime.from('2026-11-25T20:00[Europe/Madrid]')
    .add({ weeks: LANGUAGES.indexOf(language) })
    .toInstant()
    .toString();

/**
 * What Orca speaks is kept in a transcript. `npm run test:e2e -- browsers/orca -u` writes it anew: read it as somebody who
 * hears it, and see the difference, before it is committed.
 */
describe.skipIf(NO_FIREFOX || NO_DESKTOP || NO_ORCA)('Orca', { timeout: 900_000 }, () => {
  let town: Town;
  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
  });
  afterAll(() => town?.[Symbol.asyncDispose]());

  // Speech passes through the queues of four programs; on a busy machine a word of the browser's own may come between.
  test.each(LANGUAGES)('speaks a booking with a mistake: %s', { retry: 2 }, async (language) => {
    await town.comeTo(eveningOf(language));
    const transcript = await heardIn(language, language === 'ca', (page, listener) =>
      bookingHeard(page, listener, language),
    );
    await expect(transcript).toMatchFileSnapshot(`transcripts/booking.${language}.txt`);
  });

  test('goes through a page by its headings', { retry: 2 }, async () => {
    const transcript = await heardIn('ca', false, headingsHeard);
    await expect(transcript).toMatchFileSnapshot('transcripts/headings.ca.txt');
  });

  /** Runs a journey in a Firefox with Orca beside it, and returns what was heard. */
  async function heardIn(
    language: Language,
    readsPages: boolean,
    journey: (page: Page, listener: Listener) => Promise<void>,
  ): Promise<string> {
    await using desktop = await openDesktop(language);
    const listen = await startOrca(desktop, readsPages);
    const browser = await launchFirefox({}, desktop);
    try {
      const page = await browser.newPage({
        baseURL: town.origin,
        locale: language,
        viewport: null,
      });
      const listener = listen(page);
      // Orca also speaks of the browser's window, before or after its first page.
      await listener.opens('a short page', () => page.goto(`/${language}/offline`));
      listener.forget();
      await journey(page, listener);
      return steady(listener.transcript());
    } finally {
      await browser.close();
    }
  }
});

/**
 * Takes out what differs from run to run: the minute of this evening until which a time is held, the reference, and how many
 * terms a list has, where Orca's count depends on what it has read before.
 */
const steady = (transcript: string): string =>
  transcript
    .replaceAll(/\d+(?= (?:termes|términos|terms|termino)\b)/g, '··')
    .replaceAll(/\b20([:.])\d\d\b/g, '20$1··')
    .replaceAll(/\b[A-Z\d]{3}-[A-Z\d]{3}\b/g, '···-···');
