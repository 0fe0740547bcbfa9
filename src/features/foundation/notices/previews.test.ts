import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { casesOf, MOST_SEGMENTS, WORDED_KINDS } from '../../../domain/office/wording.ts';
import { handClock } from '../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { createOffices } from '../offices/service.ts';
import { testOffice } from '../offices/testing.ts';
import { createPreviews, type Previews } from './previews.ts';
import { oweOne } from './testing/owing.ts';
import { PAPER_SECRET, sampleLinks } from './testing.ts';

const clock = handClock('2026-12-01T11:00:00Z');
let database: TestDatabase;
let office: Office;
let previews: Previews;

beforeAll(async () => {
  database = await testDatabase();
  await testOffice(database.kysely);
  office = (await createOffices(database.kysely).find('oac'))!;
  previews = createPreviews({ db: database.kysely, clock, links: sampleLinks });
});
afterAll(() => database.close());

test.each(WORDED_KINDS)(
  '%s is shown in every language and case, with no link that works',
  async (kind) => {
    const { isMade, all } = await previews.of(office, kind, {});
    expect(isMade).toBe(true);
    expect(all.map(({ language, of }) => `${language} ${of}`)).toEqual(
      office.languages.flatMap((language) => casesOf(kind).map((of) => `${language} ${of}`)),
    );
    for (const { language, of, subject, text, sms } of all) {
      const html = await previews.html(office, kind, {}, { language, of });
      for (const each of [subject, text, sms.text, html]) {
        expect(each).not.toContain(PAPER_SECRET);
        expect(each.replace(/<style>.*<\/style>/s, '')).not.toMatch(/undefined|null|NaN|[{}]/);
      }
      expect(sms.segments).toBeLessThanOrEqual(MOST_SEGMENTS);
    }
  },
);

test('a made time is in a week; the next real one takes its place', async () => {
  const day = async () => (await previews.of(office, 'soon', {})).all[0]?.text;
  expect(await day()).toContain('8 de desembre del 2026, 10:00');
  await oweOne(database.kysely, { office: office.id, now: clock.now() });
  expect((await previews.of(office, 'soon', {})).isMade).toBe(false);
  expect(await day()).toContain('9 de desembre del 2026, 9:20');
  expect(await day()).not.toContain('Marta');
});

test('words of one’s own that take two SMS are told so, with the letters that cost', async () => {
  const smsOf = async (own: string) => {
    const wording = { change: { sms: { phone: { ca: `{day} {time} ${own}` } } } };
    const { all } = await previews.of(office, 'change', wording);
    return all.find((each) => each.language === 'ca' && each.of === 'phone')!.sms;
  };
  const long = await smsOf('a'.repeat(120));
  expect(long).toMatchObject({ segments: 2, alphabet: 'gsm-7', costly: [] });
  expect(long.text).toMatch(/^\S.*: dc\. 9\/12 9:20 a{120} https:\/\/[^/]+\/s\/\*{22}$/);
  expect(await smsOf('Bé, i així')).toMatchObject({ alphabet: 'ucs-2', costly: ['í'] });
});
