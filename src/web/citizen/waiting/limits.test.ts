import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf, type Page, type TestTown, testTown, WEDNESDAY } from '../testing.ts';

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());
beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  await town.database.asOwner('truncate wait_list cascade');
});

const WAIT = '/ca/oac/volant-padro/waiting?channel=phone&language=ca';

const challenge = (when: 'busy' | 'always') =>
  within(town.database.kysely, INSTALLATION, (tx) =>
    sql`update office set revision = revision + 1,
      settings = jsonb_set(settings, '{booking,challenge}', ${JSON.stringify(when)}::jsonb)`.execute(
      tx,
    ),
  );

let forms = 0;
/** Returns the form of a new person. */
const form = () => {
  forms++;
  return {
    ...{
      name: 'Anna “Nita” Vila',
      phone: `6010000${10 + forms}`,
      email: `anna-${forms}@example.cat`,
    },
    ...{
      whom: 'self',
      anything: 'no',
      'day-day': '9',
      'day-month': '12',
      'day-year': '2026',
      part: 'afternoon',
    },
    once: `form ${forms}`,
  };
};

/** Returns the fields of the page's form. */
const hidden = ({ html }: Page): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([\w-]+)" value(?:="([^"]*)")?/g)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );

const entries = () =>
  within(town.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('wait_list').select(['name', 'part', 'last_day']).execute(),
  );

test('a challenge comes before an entry, and keeps the whole form', async () => {
  await challenge('always');
  const filled = form();
  const page = await town.post(WAIT, filled);
  expect(page.status).toBe(200);
  expect(page.html).toContain('Abans de posar-te a la llista');
  expect(await entries()).toEqual([]);
  const { ticket = '', answer, ...others } = hidden(page);
  expect(answer).toBe('');
  expect(others).toEqual(filled);
  const early = await town.post(WAIT, hidden(page));
  expect(early).toMatchObject({ status: 429 });
  expect(hidden(early)).toEqual(hidden(page));
  town.clock.advance({ seconds: 20 });
  const sent = await Promise.all([1, 2, 3].map(() => town.post(WAIT, hidden(page))));
  expect(new Set(sent.map(({ status, path }) => `${status} ${path}`)).size).toBe(1);
  expect(sent[0]?.status).toBe(303);
  expect(await entries()).toEqual([
    { name: filled.name, part: 'afternoon', last_day: '2026-12-09' },
  ]);

  // Its ticket is valid for no other entry, and the form sent again gives the same entry.
  expect((await town.post(WAIT, { ...form(), ticket, answer: '' })).status).toBe(200);
  expect((await town.post(WAIT, filled)).path).toBe(sent[0]?.path);
  expect(await entries()).toHaveLength(1);
});

test('mistakes are shown before the challenge', async () => {
  await challenge('always');
  expect((await town.post(WAIT, { ...form(), 'day-day': '' })).status).toBe(422);
});

test('under load it comes when more people than usual join within the hour', async () => {
  await challenge('busy');
  const desks = (await town.deps.offices.find('oac'))?.desks.length ?? 0;
  const most = Math.max(3, desks);
  const join = () => town.post(WAIT, form());
  for (let nth = 0; nth < most; nth++) expect((await join()).status).toBe(303);
  expect((await join()).status).toBe(200);
  town.clock.advance({ minutes: 61 });
  expect((await join()).status).toBe(303);
});

test.each(LANGUAGES)('in %s the page is good HTML', async (language) => {
  await challenge('always');
  const page = await town.post(WAIT.replace('/ca/', `/${language}/`), form());
  expect(page.html).toContain(`<html lang="${language}"`);
  expect(await faultsOf(page.html)).toEqual([]);
});
