import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../../src/lib/i18n/languages.ts';
import { MORNING, openTown, type Town } from '../support/town.ts';
import { bookingHeard, headingsHeard } from './support/heard.ts';
import { heardIn, NOBODY_LISTENS } from './support/listening.ts';

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
describe.skipIf(NOBODY_LISTENS)('Orca', { timeout: 900_000 }, () => {
  let town: Town;
  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
  });
  afterAll(() => town?.[Symbol.asyncDispose]());

  // Speech passes through the queues of four programs; on a busy machine a word of the browser's own may come between.
  test.each(LANGUAGES)('speaks a booking with a mistake: %s', { retry: 2 }, async (language) => {
    await town.comeTo(eveningOf(language));
    const transcript = await heardIn(
      town,
      { language, readsPages: language === 'ca' },
      (page, listener) => bookingHeard(page, listener, language),
    );
    await expect(steady(transcript)).toMatchFileSnapshot(`transcripts/booking.${language}.txt`);
  });

  test('goes through a page by its headings', { retry: 2 }, async () => {
    const transcript = await heardIn(town, { language: 'ca', readsPages: false }, headingsHeard);
    await expect(steady(transcript)).toMatchFileSnapshot('transcripts/headings.ca.txt');
  });
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
