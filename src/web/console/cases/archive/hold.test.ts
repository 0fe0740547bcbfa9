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

beforeAll(async () => {
  world = await consoleWorld();
  office = (await world.offices.find('oac'))!;
  await world.forms.publish({ kind: 'system', why: 'operator' }, office, sampleForm());
  const en = (cookie: string) => `${cookie}; staff_language=en`;
  [marta, nuria] = [en(await world.signIn(MARTA)), en(await world.signIn(NURIA))];
});
afterAll(() => world.close());

const get = (path: string, cookie = nuria) => world.app.request(path, { headers: { cookie } });
const send = (path: string, fields: Record<string, string>, cookie = nuria) =>
  world.app.request(path, {
    method: 'POST',
    headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });
const seenIn = (page: string) => /name="seen" value="([^"]*)"/.exec(page)?.[1] ?? '';

test('a coordinator holds a case for a reason, and its page names them', async () => {
  const at = `${INBOX}/${await handedInTo(world, office)}`;
  const page = await (await get(`${at}/hold`)).text();
  expect(await faultsOf(page)).toEqual([]);
  const seen = seenIn(page);
  const empty = await send(`${at}/hold`, { act: 'hold', seen, reason: ' ' });
  expect(empty.status).toBe(422);
  const long = await send(`${at}/hold`, { act: 'hold', seen, reason: 'x'.repeat(301) });
  expect(long.status).toBe(422);
  expect(await long.text()).toContain('x'.repeat(301));
  const held = await send(`${at}/hold`, { act: 'hold', seen, reason: 'Recurs 12/2027' });
  expect(held.headers.get('Location')).toBe(`${at}?done=held`);
  const shown = await (await get(`${at}?done=held`)).text();
  expect(shown).toMatch(/by Núria Roca\.<span class="said"> Recurs 12\/2027/);
  expect(await faultsOf(shown)).toEqual([]);
  const asAgent = await (await get(at, marta)).text();
  expect(asAgent).toContain('by Núria Roca.');
  expect(asAgent).not.toContain('Recurs 12/2027');
  // From the page of before, nothing is done, and what was typed is still there.
  const late = await send(`${at}/hold`, { act: 'hold', seen, reason: 'Un altre recurs' });
  expect(late.status).toBe(409);
  expect(await late.text()).toContain('Un altre recurs');
  const now = seenIn(await (await get(`${at}/hold`)).text());
  const over = await send(`${at}/hold`, { act: 'let_go', seen: now });
  expect(over.headers.get('Location')).toBe(`${at}?done=let-go`);
});

test('an agent neither holds a case nor sees what ends', async () => {
  const at = `${INBOX}/${await handedInTo(world, office)}`;
  for (const path of [`${at}/hold`, `${INBOX}/archive`])
    expect((await get(path, marta)).status).toBe(404);
  expect((await send(`${at}/hold`, { act: 'hold', reason: 'Recurs' }, marta)).status).toBe(404);
  expect(await (await get(INBOX, marta)).text()).not.toContain(`${INBOX}/archive`);
  expect(await (await get(INBOX)).text()).toContain(`${INBOX}/archive`);
});
