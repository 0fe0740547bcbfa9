import { afterAll, beforeAll, expect, test } from 'vitest';
import { timesOf } from '../../../../e2e/support/graph/mailbox.ts';
import { type GraphStandIn, graphStandIn } from '../../../../e2e/support/graph/standin.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { ALBERT, type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let graph: GraphStandIn;
let marta: string;
let albert: string;
const BASE = '/console/oac/calendars';
const OWN = `${BASE}/own`;

beforeAll(async () => {
  graph = await graphStandIn({ baseUrl: 'http://localhost:3000' });
  world = await consoleWorld({ graph: graph.settings });
  marta = await world.signIn(MARTA);
  albert = await world.signIn(ALBERT);
  graph.person('marta', 'Calendar', 'Birthdays');
  graph.person('taula');
});
afterAll(async () => {
  await world?.close();
  await graph?.[Symbol.asyncDispose]();
});

const get = (path: string, cookie = marta, language = 'en') =>
  world.app.request(path, { headers: { cookie: `${cookie}; staff_language=${language}` } });
const html = async (path: string, cookie = marta, language = 'en') =>
  (await get(path, cookie, language)).text();
const send = (path: string, fields: string[][], cookie = marta) =>
  world.app.request(path, {
    method: 'POST',
    headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
const toOf = (answer: Response) => answer.headers.get('Location') ?? '';
const wordsIn = (page: string) => page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

/** Sends a form, goes to Microsoft by the link of the answer, and comes back as far as the office's page. */
async function goThere(path: string, fields: string[][], login: string, cookie: string) {
  const page = await (await send(path, fields, cookie)).text();
  const link = /href="(http:\/\/127\.0\.0\.1[^"]*)"/.exec(page)?.[1] ?? '';
  const back = new URL(await graph.visit(link.replaceAll('&amp;', '&'), login));
  expect(back.origin + back.pathname).toBe('http://localhost:3000/staff/calendars/microsoft');
  return toOf(await get(`${back.pathname}${back.search}`, cookie));
}

test('an agent connects their calendar of Microsoft 365, and chooses which one', async () => {
  expect(await html(OWN)).toContain(`${OWN}?with=graph`);
  const form = await html(`${OWN}?with=graph`);
  expect(form).not.toContain('name="password"');
  const nothing = await send(`${OWN}?with=graph`, [['act', 'connect']]);
  expect(nothing.status).toBe(422);
  const fields = [
    ['act', 'connect'],
    ['choice', 'reads'],
  ];
  const back = await goThere(`${OWN}?with=graph`, fields, 'marta', marta);
  expect(back).toMatch(/^\/console\/oac\/calendars\/microsoft\?/);
  // Somebody else's session opens nothing with it.
  expect((await get(back, albert)).status).toBe(422);
  const done = await get(back);
  expect(toOf(done)).toBe(`${OWN}?done=connected`);
  const page = await html(OWN);
  expect(wordsIn(page)).toContain('marta@vilaclara.example · Microsoft 365');
  expect(page).toContain('Birthdays');
  const place = graph.mailboxes.get('marta')!.named().id;
  const chosen = await send(OWN, [
    ['act', 'choose'],
    ['calendar', place],
  ]);
  expect(toOf(chosen)).toBe(`${OWN}?done=chosen`);
  await world.calendarConnections.sync();
  expect(wordsIn(await html(OWN))).toContain('Working');
  // The link is used up.
  const again = await get(back);
  expect([again.status, await faultsOf(await again.text())]).toEqual([422, []]);
});

test('the hours at which it is busy are drawn on the day, the board and the rota, without their names', async () => {
  await world.book('10:10');
  const times = timesOf('2026-11-30T09:15:00', '2026-11-30T11:00:00');
  graph.mailboxes.get('marta')!.put({ ...times, subject: 'Dentist' });
  world.clock.advance({ minutes: 10 });
  await world.calendarConnections.sync();
  await send('/console/oac/view', [
    ['view', 'line'],
    ['back', '/console/oac'],
  ]);
  const nuria = await world.signIn(NURIA);
  const line = await html('/console/oac');
  const board = await html('/console/oac/board', nuria);
  const week = await html('/console/oac/rota?week=2026-11-30', nuria);
  expect(wordsIn(line)).toContain('10:25 –12:00 Calendar: busy');
  expect(wordsIn(board)).toContain('Calendar: busy, 10:30–12:00');
  for (const page of [line, board]) {
    expect(page).toContain('A connected calendar has something then.');
    expect(wordsIn(page)).toContain('Busy in the calendar');
    expect(wordsIn(page)).not.toContain('Outside the shift');
  }
  expect(wordsIn(week)).toContain('10:10: appointment while the calendar is busy');
  expect(line + board + week).not.toContain('Dentist');
  const later = await world.book('12:10');
  const choices = await html(`/console/oac/appointment/${later.id}/desk`, nuria);
  expect(await faultsOf(choices)).toEqual([]);
  for (const language of LANGUAGES)
    expect(await faultsOf(await html('/console/oac/board', nuria, language))).toEqual([]);
});

test('whoever asks for it again and again, or while Microsoft asks to wait, is told when it is read', async () => {
  const hurry = async () => toOf(await send(OWN, [['act', 'hurry']]));
  world.clock.advance({ minutes: 10 });
  await world.calendarConnections.sync();
  expect(await hurry()).toBe(`${OWN}?not=recent`);
  const recent = await html(`${OWN}?not=recent`);
  expect(wordsIn(recent)).toContain('You can ask again in a minute.');
  world.clock.advance({ minutes: 10 });
  graph.next.push({ status: 429, headers: { 'Retry-After': '600' } });
  await world.calendarConnections.sync();
  world.clock.advance({ minutes: 2 });
  expect(await hurry()).toBe(`${OWN}?not=throttled`);
  for (const language of LANGUAGES) {
    const page = await html(`${OWN}?not=throttled`, marta, language);
    expect(await faultsOf(page)).toEqual([]);
    if (language === 'en') expect(wordsIn(page)).toMatch(/We look at it again: .*30 Nov/);
  }
  world.clock.advance({ minutes: 8 });
  expect(await hurry()).toBe(`${OWN}?done=hurried`);
  await world.calendarConnections.sync();
});

test('what went wrong at Microsoft is told apart', async () => {
  const page = await (
    await send(
      `${BASE}/connect?with=graph`,
      [
        ['act', 'connect'],
        ['desk', 'taula-3'],
        ['choice', 'reads'],
      ],
      albert,
    )
  ).text();
  const link = /href="(http:\/\/127\.0\.0\.1[^"]*)"/.exec(page)?.[1] ?? '';
  const state = new URL(link.replaceAll('&amp;', '&')).searchParams.get('state') ?? '';
  for (const [error, words] of [
    ['access_denied', 'The permission was not given at Microsoft'],
    ['server_error', 'Try again in a few minutes'],
    ['invalid_request', 'look at the registration'],
  ] as const) {
    const query = new URLSearchParams({ error, state });
    const answer = await get(`${BASE}/microsoft?${query}`, albert);
    expect([answer.status, wordsIn(await answer.text())]).toEqual([
      422,
      expect.stringContaining(words),
    ]);
  }
});

test('when the permission ends, the page asks its owner to sign in again', async () => {
  graph.signIn.revoke();
  world.clock.advance({ minutes: 10 });
  await world.calendarConnections.sync();
  const page = await html(OWN);
  expect(wordsIn(page)).toContain('Microsoft no longer lets us in');
  const back = await goThere(OWN, [['act', 'renew']], 'taula', marta);
  const other = await get(back, marta);
  expect([other.status, wordsIn(await other.text())]).toEqual([
    422,
    expect.stringContaining('You signed in with a different account'),
  ]);
  const right = await goThere(OWN, [['act', 'renew']], 'marta', marta);
  expect(toOf(await get(right))).toBe(`${OWN}?done=connected`);
  await world.calendarConnections.sync();
  expect(wordsIn(await html(OWN))).toContain('Working');
});

test('an administrator connects a desk’s; pages have no faults in any language', async () => {
  const path = `${BASE}/connect?with=graph`;
  const fields = [
    ['act', 'connect'],
    ['desk', 'taula-2'],
    ['choice', 'writes'],
  ];
  expect((await send(path, fields)).status).toBe(404);
  const unknown = await send(path, [...fields, ['desk', 'nowhere']].slice(2), albert);
  expect(unknown.status).not.toBe(303);
  const done = await get(await goThere(path, fields, 'taula', albert), albert);
  const one = toOf(done).replace(/\?.*/, '');
  expect(one).toMatch(/connected\/[\da-f-]{36}$/);
  const go = await (
    await send(path, [...fields.slice(0, 1), ['desk', 'taula-3'], ['choice', 'reads']], albert)
  ).text();
  expect(await faultsOf(go)).toEqual([]);
  for (const language of LANGUAGES)
    for (const each of [`${BASE}/connect`, path, `${BASE}/connect?with=caldav`, one])
      expect(await faultsOf(await html(each, albert, language))).toEqual([]);
  // Who chooses a desk that has a calendar learns it before they go to Microsoft.
  const taken = await send(path, fields, albert);
  const words = await taken.text();
  expect([taken.status, await faultsOf(words)]).toEqual([422, []]);
  expect(words).not.toContain(graph.settings.loginUrl);
  expect(words).toContain('href="#desk"');
  expect((await get('/staff/calendars/microsoft')).headers.get('Location')).toBe('/console');
  const declined = await get(`${BASE}/microsoft?error=access_denied&state=oac.x`, albert);
  expect([declined.status, await faultsOf(await declined.text())]).toEqual([422, []]);
});
