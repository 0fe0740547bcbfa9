import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedPast } from '../../../features/insight/planning/testing.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let coordinator: string;

beforeAll(async () => {
  world = await consoleWorld();
  coordinator = await world.signIn(NURIA);
});
afterAll(() => world.close());

const ask = (query = '', cookie = coordinator, language = 'en', page = 'planning') =>
  world.app.request(`/console/oac/${page}${query}`, {
    headers: { cookie: `${cookie}; staff_language=${language}` },
  });
const read = async (query = '', language = 'en') =>
  (await ask(query, coordinator, language)).text();
const text = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ');

test('is for coordinators and administrators, in their own office', async () => {
  const [marta, albert] = [await world.signIn(MARTA), await world.signIn(ALBERT)];
  for (const page of ['planning', 'planning.csv']) {
    expect((await ask('', marta, 'en', page)).status).toBe(404);
    expect((await ask('', '', 'en', page)).status).toBe(303);
    expect((await ask('', coordinator, 'en', page)).status).toBe(200);
    expect((await ask('', albert, 'en', page)).status).toBe(200);
    const other = `/console/hisenda/${page}`;
    expect((await world.app.request(other, { headers: { cookie: coordinator } })).status).toBe(404);
  }
  const day = await world.app.request('/console/oac/board', { headers: { cookie: coordinator } });
  expect(await day.text()).toContain('href="/console/oac/planning"');
});

describe('without history', () => {
  test('says so, and offers assumptions', async () => {
    const page = await read();
    expect(page).toContain('There were no appointments or calls in the weeks');
    expect(page).toMatch(/<details class="fold-form" open/);
    expect(page).not.toContain('planning.csv');
    expect(await faultsOf(page)).toEqual([]);
    expect(text(await read('?replay=1'))).toContain('There is nothing to replay');
  });

  test('plans with the assumptions, and keeps them in the form and in the file’s address', async () => {
    const page = await read('?phone=120&calls=&give=20&overbooking=25&show=90');
    expect(page).toContain('value="120"');
    expect(page).toContain('planning.csv?phone=120&amp;give=20&amp;show=90&amp;overbooking=25');
    expect(text(page)).toMatch(/Appointments by phone 96–144/);
    expect(text(page)).toContain('more people would come than there is room for');
    expect(text(page)).not.toContain('Calls without an appointment 0');
  });

  test('mistakes are shown by their fields, and nothing typed is lost', async () => {
    const answer = await ask('?phone=many&days=0&patience=60');
    expect(answer.status).toBe(422);
    const page = await answer.text();
    expect(text(page)).toContain(
      'Appointments by phone in a week: Enter a number, such as 12 or 2.5.',
    );
    expect(text(page)).toContain('It must be between 1 and 30.');
    for (const value of ['many', '0', '60']) expect(page).toContain(`value="${value}"`);
    expect(page).toContain('<a href="#phone">');
    expect(await faultsOf(page)).toEqual([]);
    expect((await ask('?phone=many', coordinator, 'en', 'planning.csv')).status).toBe(404);
  });
});

describe('after four weeks', () => {
  beforeAll(async () => {
    const office = await world.offices.find('oac');
    if (!office) throw new Error('no office');
    await seedPast(world.database.kysely, office, {
      ...{ first: '2026-11-02', weeks: 4, perDesk: 9, calls: 12 },
    });
  });

  test('shows the need of a week and the rota, with a table behind each picture', async () => {
    const page = await read('?weeks=4');
    // Seven of nine at eight desks on five days.
    expect(page).toContain('So far: 280');
    expect(text(page)).toMatch(/an ordinary week takes \d+–\d+ desk hours, and it has \d+/);
    expect(text(page)).toContain('But not at every hour');
    expect(text(page)).toMatch(/Calls without an appointment 5\d–6\d/);
    expect([...page.matchAll(/<h3 id="day-(\d)">(\w+)</g)].map((each) => each[2])).toEqual([
      ...['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
    ]);
    expect(page.match(/<caption/g)).toHaveLength(6);
    expect(page.match(/class="planned"/g)).toHaveLength(5);
    expect(await faultsOf(page)).toEqual([]);
  });

  test('the month is replayed on request, side by side', async () => {
    expect(await read()).not.toContain('id="replay"');
    const page = await read('?replay=1&days=2');
    for (const change of [
      '2 fewer desks',
      '1 fewer desk',
      'As it was',
      '1 more desk',
      '2 more desks',
    ])
      expect(page).toContain(`<th scope="col" class="number">${change}</th>`);
    expect(text(page)).toContain('Free time within 2 working days');
    expect(text(page)).toMatch(/The ones removed, in this order: Taula \d and Taula \d\./);
    expect(await faultsOf(page)).toEqual([]);
  });

  test.each(LANGUAGES)('is written in %s', async (language) => {
    const page = await read('?replay=1&phone=50&overbooking=40&show=95', language);
    expect(page).toContain(`<html lang="${language}"`);
    expect(await faultsOf(page)).toEqual([]);
  });

  test('the file has a row for each half hour and kind of demand', async () => {
    const file = await ask('?weeks=4', coordinator, 'en', 'planning.csv');
    expect(file.headers.get('Content-Disposition')).toContain('planning-oac.csv');
    const [heads, ...rows] = (await file.text()).trim().split('\r\n');
    expect(heads).toBe('Day,From,What comes,At least,At most,The rota has');
    expect(rows.length % 4).toBe(0);
    expect(rows).toContainEqual(
      expect.stringMatching(/^Monday,9:00,Appointments by phone,\d,\d,[\d.]+$/),
    );
    expect(rows.find((each) => each.startsWith('Monday,9:00,Calls'))).toMatch(/,[1-9],[1-9],/);
  });
});

describe('for chats', () => {
  const CHATS = 'planning/chats';
  const chats = async (query = '', language = 'en') =>
    text(await (await ask(query, coordinator, language, CHATS)).text());

  test('is for those who coordinate an office that has chats', async () => {
    const marta = await world.signIn(MARTA);
    expect((await ask('', marta, 'en', CHATS)).status).toBe(404);
    expect((await ask('', coordinator, 'en', CHATS)).status).toBe(200);
    expect(await read()).toContain('href="/console/oac/planning/chats"');
  });

  test('without any says so, and computes with what is typed', async () => {
    expect(await chats()).toContain('Nobody wrote in the last eight weeks');
    const page = await chats('?perHour=30&minutes=12&share=40&atOnce=1');
    expect(page).toContain('As entered');
    expect(page).toMatch(/30 chats begin in an hour/);
    // With one at once it is as by telephone: as many desks in both columns.
    expect(page).toMatch(/As entered 30 (\d+) \1 /);
  });

  test('mistakes are by their fields', async () => {
    const answer = await ask('?perHour=many&atOnce=1.5&share=0', coordinator, 'en', CHATS);
    expect(answer.status).toBe(422);
    const page = await answer.text();
    for (const field of ['perHour', 'atOnce', 'share']) expect(page).toContain(`href="#${field}"`);
    expect(page).toContain('value="many"');
    expect(await faultsOf(page)).toEqual([]);
  });

  test.each(LANGUAGES)('is whole in %s', async (language) => {
    const answer = await ask('?perHour=20', coordinator, language, CHATS);
    expect(await faultsOf(await answer.text())).toEqual([]);
  });
});
