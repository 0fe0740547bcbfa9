import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { ANSWER_MINUTES, LONGEST_NOTE } from '../../../features/service/colleagues/rules.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, JORDI, LAIA, MARTA } from '../testing.ts';

const say = translateTo('ca');
let world: ConsoleWorld;
let marta: string;
let jordi: string;
let laia: string;
let of: Appointment;

beforeAll(async () => {
  world = await consoleWorld();
  [marta, jordi, laia] = [
    await world.signIn(MARTA),
    await world.signIn(JORDI),
    await world.signIn(LAIA),
  ];
});
afterAll(() => world.close());

const TIMES = ['08:30', '09:20', '10:10', '11:00', '11:50', '13:00', '13:05'];
/** Marta serves a citizen by video, and Jordi is at his desk. */
async function begin(channel: 'video' | 'phone') {
  world.clock.set('2026-11-30T07:00:00+01:00');
  of = await world.book(TIMES.shift()!, { channel });
  world.clock.set(of.start.toString());
  await letAllServe();
  await ask(at('/start'), { anyway: '1' });
  await ask('/console/oac', undefined, jordi);
}
beforeEach(() => begin('video'));

/** The desks of the test's town have few competences, so that bookings go to Marta. */
const letAllServe = () =>
  within(world.database.kysely, INSTALLATION, async (tx) => {
    await tx.updateTable('desk').set({ skills: null }).execute();
    await tx
      .updateTable('office')
      .set((eb) => ({ revision: eb('revision', '+', 1) }))
      .execute();
  });

const at = (rest = '', { id } = of) => `/console/oac/appointment/${id}${rest}`;
const ask = (path: string, form?: Record<string, string>, cookie = marta) =>
  world.app.request(path, {
    headers: {
      Cookie: cookie,
      ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { method: 'POST', body: new URLSearchParams(form).toString() }),
  });
const page = async (path: string, cookie = marta) => (await ask(path, undefined, cookie)).text();
/** Returns the value of somebody's radio button on a page. */
const idOf = (html: string, name: string) =>
  new RegExp(`id="(to[^"]*)" value="(\\d+)"[^>]*/?><label for="\\1">${name}`).exec(html)?.[2] ?? '';
/** Marta asks Jordi. Returns the address of his answer. */
async function asked(path: '/colleague' | '/hand-over', note = '') {
  const to = idOf(await page(at(path)), 'Jordi Puig');
  const done = await ask(at(path), { to, note });
  expect([done.status, done.headers.get('Location')]).toEqual([303, `${at()}#colleagues`]);
  const html = await page('/console/oac', jordi);
  return /action="(\/console\/oac\/asked\/[\w-]+)"/.exec(html)?.[1] ?? '';
}

test('the page lists who can be asked, and says why the others can’t; mistakes lose nothing', async () => {
  const html = await page(at('/colleague'));
  expect(await faultsOf(html)).toEqual([]);
  expect(idOf(html, 'Jordi Puig')).toMatch(/^\d+$/);
  expect(idOf(html, 'Laia Ferrer')).toBe('');
  expect(html).toContain(say('colleagues.why.away'));
  const found = await page(`${at('/colleague')}?q=puig`);
  expect([idOf(found, 'Jordi Puig') !== '', found.includes('Laia Ferrer')]).toEqual([true, false]);
  expect(await page(`${at('/colleague')}?q=ningu`)).toContain(
    say('colleagues.notFound', { search: 'ningu' }),
  );
  const wrong = await ask(at('/colleague'), { note: 'Obres' });
  expect(wrong.status).toBe(422);
  const shown = await wrong.text();
  expect(await faultsOf(shown)).toEqual([]);
  expect(shown).toContain(say('colleagues.wrong.missing'));
  expect(shown).toContain('value="Obres"');
  const to = idOf(html, 'Jordi Puig');
  const long = await ask(at('/colleague'), { to, note: 'x'.repeat(LONGEST_NOTE + 1) });
  expect([long.status, (await long.text()).includes(String(LONGEST_NOTE))]).toEqual([409, true]);
});

test('the request is on every page of whoever is asked, for some minutes, and of nobody else', async () => {
  const answer = await asked('/colleague', 'Pregunta <per> les obres');
  const on = async (path: string, cookie: string) => (await page(path, cookie)).includes(answer);
  expect(await on('/console/oac/book', jordi)).toBe(true);
  expect(await on('/console/oac/asked', jordi)).toBe(true);
  expect(await on('/console/oac', marta)).toBe(false);
  expect(await on('/console/oac', laia)).toBe(false);
  const html = await page('/console/oac', jordi);
  expect(await faultsOf(html)).toEqual([]);
  expect(html).toContain('Pregunta &lt;per> les obres');
  // The subject is enough to decide: the citizen is not named.
  expect(await page('/console/oac/asked', jordi)).not.toContain(of.citizen.name);
  world.clock.advance({ minutes: ANSWER_MINUTES });
  expect(await on('/console/oac', jordi)).toBe(false);
  const late = await ask(answer, { answer: 'accepted' }, jordi);
  expect([late.status, (await late.text()).includes(say('colleagues.late.title'))]).toEqual([
    409,
    true,
  ]);
});

test('a yes opens a page with the call and nothing else; only for whoever was asked', async () => {
  const answer = await asked('/colleague');
  expect((await ask(answer, { answer: 'accepted' }, laia)).status).toBe(404);
  const yes = await ask(answer, { answer: 'accepted' }, jordi);
  const call = yes.headers.get('Location') ?? '';
  expect(call).toMatch(/^\/console\/oac\/call\/[\w-]+$/);
  const html = await page(call, jordi);
  expect(await faultsOf(html)).toEqual([]);
  expect(html).toContain(`data-base="${call}/room"`);
  for (const hidden of [of.citizen.email, '/documents', 'id="encounter"'])
    expect(html).not.toContain(hidden);
  expect((await ask(call, undefined, laia)).status).toBe(404);
  expect((await ask(`${call}/room/seat`, {}, laia)).status).toBe(404);
  expect((await ask(`${call}/room/seat`, {}, jordi)).status).toBe(200);
  for (const none of ['/room/still', '/room/picture'])
    expect((await ask(call + none, {}, jordi)).status).toBe(404);
  expect(await page(at())).toContain(say('colleagues.state.join.in'));
  const end = /action="([^"]+\/end)"/.exec(await page(at()))?.[1] ?? '';
  expect((await ask(end, {}, laia)).status).toBe(404);
  expect((await ask(end, {})).status).toBe(303);
  expect(await page(call, jordi)).toContain(say('colleagues.call.over.title'));
  expect((await ask(`${call}/room/seat`, {}, jordi)).status).toBe(404);
});

test('not now goes back to the page on which it was said, and whoever asked reads it', async () => {
  const answer = await asked('/hand-over');
  const no = await ask(answer, { answer: 'declined', back: '/console/oac/book' }, jordi);
  expect([no.status, no.headers.get('Location')]).toEqual([303, '/console/oac/book']);
  expect(await page(at())).toContain(say('colleagues.state.hand_over.declined'));
  const elsewhere = { answer: 'declined', back: 'https://example.org' };
  expect((await ask(answer, elsewhere, jordi)).headers.get('Location')).toBe('/console');
});

describe('by telephone', () => {
  beforeEach(() => begin('phone'));

  test('nobody is asked in; whoever gets the encounter has the number and the card', async () => {
    const html = await page(at());
    expect(html).toContain(say('colleagues.byPhone'));
    expect(html).not.toContain(`${at('/colleague')}"`);
    expect(await page(at('/hand-over'))).toContain(say('colleagues.handOver.phone'));
    const answer = await asked('/hand-over');
    const yes = await ask(answer, { answer: 'accepted' }, jordi);
    expect(yes.headers.get('Location')).toBe(at());
    const card = await page(at(), jordi);
    expect(card).toContain('href="tel:');
    expect(card).toContain('id="encounter"');
    expect(await page(at())).toContain(say('takeOver.title'));
  });
});
