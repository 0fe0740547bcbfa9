import { afterAll, beforeAll, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let coordinator: string;
let desk: string;
beforeAll(async () => {
  world = await consoleWorld();
  coordinator = await world.signIn(NURIA);
  desk = await world.signIn(MARTA);
  await world.book('09:10', {
    citizen: { name: 'Rosa Soler i Puig', email: null, phone: '+34600123456' },
  });
  world.clock.set('2026-11-30T09:14:00+01:00');
});
afterAll(() => world.close());

const ask = (path: string, cookie = coordinator, init: RequestInit = {}) =>
  world.app.request(`/console/oac${path}`, {
    ...init,
    headers: { cookie, 'Accept-Language': 'ca', ...(init.headers as Record<string, string>) },
  });
const text = async (response: Response | Promise<Response>) =>
  (await (await response).text())
    .replaceAll(/<style[\s\S]*?<\/style>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
const say = (state: string, back = '/console/oac', cookie = desk) =>
  ask('/presence', cookie, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ state, back }).toString(),
  });
const figure = async (name: string, path = '/now') => {
  const html = await (await ask(path)).text();
  return new RegExp(`id="figure-${name}">([^<]*)<`).exec(html)?.[1];
};

test('the bar shows the person’s presence; a person without a desk isn’t asked', async () => {
  expect(await text(ask('', desk))).toMatch(/Ara constes com a: ✓ Disponible/);
  expect(await (await ask('')).text()).not.toContain('id="presence"');
});

test('a chosen presence holds, and leads back to the same page, or to the console', async () => {
  const said = await say('break', '/console/oac?day=2026-11-30');
  expect([said.status, said.headers.get('Location')]).toEqual([303, '/console/oac?day=2026-11-30']);
  expect(await text(ask('', desk))).toMatch(/Ara constes com a: ○ En pausa/);
  expect((await say('asleep')).status).toBe(303);
  expect((await say('in_call', 'https://elsewhere.example')).headers.get('Location')).toBe(
    '/console',
  );
  expect(await text(ask('', desk))).toMatch(/Ara constes com a: ○ En pausa/);
  await say('available');
  expect(await figure('free')).toBe('1');
});

test('the board lists the waiting people without names, and the possible actions', async () => {
  const page = await (await ask('/now')).text();
  const words = await text(ask('/now'));
  expect(words).toMatch(/4 minuts R\. S\. P\. · [A-Z0-9]{3}-[A-Z0-9]{3} Volant de padró/);
  expect(page).not.toContain('Rosa');
  expect(page).toMatch(/href="\/console\/oac\/appointment\/[\w-]+\/desk"/);
  expect(page).toMatch(/href="\/console\/oac\/late\?desk=\d+"/);
  expect(page).toContain('data-from="/console/oac/now"');
  expect(await figure('waiting')).toBe('1');
  expect(await figure('late')).toBe('0');
});

test('the address filters the work; an unknown filter shows all', async () => {
  expect(await figure('waiting', '/now?channel=video')).toBe('0');
  expect(await figure('waiting', '/now?channel=phone&procedure=volant-padro')).toBe('1');
  expect(await figure('waiting', '/now?channel=pigeon&procedure=nothing')).toBe('1');
  const page = await (await ask('/now?channel=video&procedure=volant-padro')).text();
  expect(page).toContain('data-from="/console/oac/now?procedure=volant-padro&amp;channel=video"');
});

test('on a wall it identifies neither citizens nor agents', async () => {
  const page = await (await ask('/now?wall=1')).text();
  const [, region = ''] = /(<section class="region day-region.*)<p id="live"/s.exec(page) ?? [];
  expect(region).toContain('Volant de padró');
  for (const each of ['Rosa', 'R. S. P.', 'Marta', '/appointment/'])
    expect(region).not.toContain(each);
  expect(region).not.toMatch(/[A-Z0-9]{3}-[A-Z0-9]{3}/);
});

test('a desk that doesn’t answer comes first, and once for a screen reader', async () => {
  world.clock.set('2026-11-30T09:22:00+01:00');
  const page = await (await ask('/now')).text();
  expect(page).toContain('data-alarm="Hi ha qui espera i ningú no respon: Taula 1"');
  expect(await figure('unresponsive')).toBe('1');
  expect(await figure('late')).toBe('1');
  expect(await text(ask('/now'))).toMatch(/Les taules Taula 1 Marta Soler.*? ✕ No respon/);
  await ask('', desk);
  expect(await (await ask('/now')).text()).not.toContain('data-alarm');
});

test('is valid HTML, and so is the bar', async () => {
  for (const [path, cookie] of [
    ['/now', coordinator],
    ['/now?wall=1&channel=phone', coordinator],
    ['', desk],
  ] as const)
    expect(await faultsOf(await (await ask(path, cookie)).text())).toEqual([]);
});

test('is not found for an agent', async () => {
  expect((await ask('/now', desk)).status).toBe(404);
});

test('a person who signs out is away', async () => {
  await ask('', desk);
  await world.app.request('/staff/sign-out', { method: 'POST', headers: { cookie: desk } });
  const rows = await within(world.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('presence_event').select(['to_state', 'why']).orderBy('id').execute(),
  );
  expect(rows.at(-1)).toEqual({ to_state: 'away', why: 'signed_out' });
});
