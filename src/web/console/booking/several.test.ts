import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, MARTA } from '../testing.ts';

let world: ConsoleWorld;
let marta: string;
beforeAll(async () => {
  world = await consoleWorld();
  marta = await world.signIn(MARTA);
});
afterAll(() => world.close());

const send = (path: string, form?: [string, string][]) =>
  world.app.request(path, {
    headers: {
      cookie: marta,
      ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { method: 'POST', body: new URLSearchParams(form).toString() }),
  });
const BOOK = '/console/oac/book';
const form = (...more: [string, string][]): [string, string][] => [
  ['procedure', 'volant-padro'],
  ['channel', 'phone'],
  ['language', 'ca'],
  ['noticeLanguage', 'ca'],
  ['name', 'Pere Mas'],
  ['phone', '612 345 678'],
  ...more,
];
const starts = (page: string): string[] =>
  [...page.matchAll(/name="start"[^>]*value="([^"]+)"/g)].map((each) => each[1] ?? '');

test('a caller is booked for several procedures and people, and each is a line of the encounter', async () => {
  const first = await (
    await send(`${BOOK}?procedure=volant-padro&channel=phone&language=ca`)
  ).text();
  expect(first).toContain('També en la mateixa cita');
  expect(first).not.toContain('<details class="more" open');
  expect(first).toContain('value="cens-electoral"');
  expect(first).not.toContain('value="consulta-obres" />');

  const both: [string, string][] = [
    ['with', 'cens-electoral'],
    ['people', '3'],
  ];
  const times = await (await send(BOOK, form(...both, ['action', 'times']))).text();
  expect(times).toContain('També en la mateixa cita: 30 minuts');
  expect(await faultsOf(times)).toEqual([]);
  const [start = ''] = starts(times).slice(-1);
  const booked = await send(BOOK, form(...both, ['action', 'book'], ['start', start]));
  expect(booked.status).toBe(303);
  const path = booked.headers.get('Location') ?? '';
  const oac = await world.offices.find('oac');
  const id = /appointment\/([\w-]+)/.exec(path)?.[1] ?? '';
  const appointment = oac && (await world.appointments.byId(oac, id));
  expect(appointment).toMatchObject({ further: ['cens-electoral'], people: 3 });

  const card = await (await send(path)).text();
  expect(card).toContain('Volant de padró + Cens electoral (3 persones)');
  await send(`/console/oac/appointment/${id}/start`, [['anyway', '1']]);
  const begun = await (await send(`/console/oac/appointment/${id}`)).text();
  expect(begun).toContain('name="booked" value="volant-padro cens-electoral"');
  expect(begun).toMatch(
    /item-0-what[\s\S]{0,200}p:volant-padro[\s\S]*item-1-what[\s\S]{0,200}p:cens-electoral/,
  );
  const found = await (await send(`/console/oac/search?q=${appointment?.reference}`)).text();
  expect(found + card).toContain('Volant de padró + Cens electoral');
});

test.each([
  [[['with', 'consulta-obres']], 'no es fan junts'],
  [[['people', '999']], 'persones com a màxim'],
  [
    [
      ['with', 'cens-electoral'],
      ['with', 'informe-residencia'],
      ['with', 'gaudir-mes'],
    ],
    'no es fan junts',
  ],
] as [[string, string][], string][])('%j is refused, with the reason', async (more, said) => {
  const times = await (await send(BOOK, form(...more, ['action', 'times']))).text();
  expect(times).toContain(said);
  expect(starts(times)).toEqual([]);
  const start: [string, string] = ['start', '2026-11-30T09:10:00Z'];
  const booked = await send(BOOK, form(...more, ['action', 'book'], start));
  expect(booked.status).toBe(409);
  expect(await booked.text()).toContain(said);
});
