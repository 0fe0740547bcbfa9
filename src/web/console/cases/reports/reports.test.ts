import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Office } from '../../../../domain/office/types.ts';
import { handedInTo, sampleForm } from '../../../../features/service/cases/testing.ts';
import { faultsOf } from '../../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../../testing.ts';

let world: ConsoleWorld;
let office: Office;
let marta: string;
let nuria: string;
const INBOX = '/console/oac/cases';
const LIST = '/console/oac/reports';

beforeAll(async () => {
  world = await consoleWorld();
  office = (await world.offices.find('oac'))!;
  await world.forms.publish({ kind: 'system', why: 'operator' }, office, sampleForm());
  const en = (cookie: string) => `${cookie}; staff_language=en`;
  [marta, nuria] = [en(await world.signIn(MARTA)), en(await world.signIn(NURIA))];
});
afterAll(() => world.close());

const get = (path: string, cookie = nuria) => world.app.request(path, { headers: { cookie } });
const html = async (path: string, cookie = nuria) => (await get(path, cookie)).text();
const send = (path: string, fields: Record<string, string>, cookie = nuria) =>
  world.app.request(path, {
    method: 'POST',
    headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });

/** The value that names Marta in the list of those who can be asked. */
const martaIn = (page: string): string =>
  /<option value="(staff:\d+)">Marta Soler</.exec(page)?.[1] ?? '';

const request = async (at: string) => ({
  to: martaIn(await html(`${at}/reports`)),
  question: 'Hi cap la terrassa?',
  steps: 'local',
  days: '10',
});

test('a colleague is asked, reads what is shown, and their report stands on the page of the case', async () => {
  const at = `${INBOX}/${await handedInTo(world, office, { 'local.rotul': 'Cal Nin' })}`;
  const page = await html(`${at}/reports`);
  expect(await faultsOf(page)).toEqual([]);
  expect(page).not.toMatch(/<option[^>]*>Núria Roca</);
  const asked = await send(`${at}/reports`, await request(at));
  expect(asked.headers.get('Location')).toBe(`${at}?done=report-asked`);
  expect(await html(INBOX, marta)).toContain('Reports asked of you: 1');
  const list = await html(LIST, marta);
  expect(await faultsOf(list)).toEqual([]);
  const link = /href="(\/console\/oac\/reports\/[-\da-f]{36})"/.exec(list)?.[1] ?? '';
  const shown = await html(link, marta);
  expect(await faultsOf(shown)).toEqual([]);
  expect(shown).toContain('Hi cap la terrassa?');
  expect(shown).toContain('Cal Nin');
  expect(shown).not.toContain('Rosa Soler');
  const unclear = await send(link, { act: 'give', text: 'Sí.' }, marta);
  expect(unclear.status).toBe(422);
  const again = await unclear.text();
  expect(await faultsOf(again)).toEqual([]);
  expect(again).toContain('>Sí.</textarea>');
  expect((await send(link, { act: 'give', opinion: 'for', text: ' ' }, marta)).status).toBe(422);
  const given = await send(link, { act: 'give', opinion: 'for', text: 'Sí, hi cap.' }, marta);
  expect(given.headers.get('Location')).toBe(`${LIST}?done=done`);
  const now = await html(at);
  expect(await faultsOf(now)).toEqual([]);
  expect(now).toContain('Sí, hi cap.');
  expect(now).toContain('Report of Marta Soler');
  // What comes after the end is not lost.
  const late = await send(link, { act: 'give', opinion: 'against', text: 'Ara no.' }, marta);
  expect(late.status).toBe(409);
  expect(await late.text()).toContain('Ara no.');
});

test('what is missing is told at its field, with what was typed', async () => {
  const at = `${INBOX}/${await handedInTo(world, office)}`;
  const wrong = await send(`${at}/reports`, { to: 'office:x', question: 'Què?', days: '400' });
  expect(wrong.status).toBe(422);
  const page = await wrong.text();
  expect(await faultsOf(page)).toEqual([]);
  expect(page).toContain('Choose who gives the report');
  expect(page).toContain('Write a number of days between 1 and 60');
  expect(page).toContain('>Què?</textarea>');
});

test('a report is sent back with its reason, or the office goes on without it', async () => {
  const at = `${INBOX}/${await handedInTo(world, office)}`;
  await send(`${at}/reports`, { ...(await request(at)), suspends: 'yes' });
  const page = await html(at);
  expect(page).toContain('The time to decide stands still until it comes');
  const withdraw = new RegExp(`action="(${at}/reports/[-\\da-f]{36}/withdraw)"`).exec(page)?.[1];
  const gone = await send(withdraw ?? '', {});
  expect(gone.headers.get('Location')).toBe(`${at}?done=report-withdrawn`);
  expect((await send(withdraw ?? '', {})).headers.get('Location')).toBe(at);
  await send(`${at}/reports`, await request(at));
  const list = await html(LIST, marta);
  const link = /href="(\/console\/oac\/reports\/[-\da-f]{36})"/.exec(list)?.[1] ?? '';
  expect((await send(link, { act: 'decline', reason: '' }, marta)).status).toBe(422);
  const done = await send(link, { act: 'decline', reason: 'Demaneu-ho a obres.' }, marta);
  expect(done.headers.get('Location')).toBe(`${LIST}?done=declined`);
  const back = await html(at);
  expect(back).toContain('Demaneu-ho a obres.');
  expect(back).toContain('Not given. Marta Soler');
});
