import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALBERT, type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../testing.ts';
import type { Findable } from './find.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.close());

const ask = (cookie: string, office = 'oac') =>
  world.app.request(`http://localhost:3000/console/${office}/find`, {
    headers: { Cookie: cookie },
  });
const find = async (email: string): Promise<Findable[]> =>
  (await ask(await world.signIn(email))).json();
const about = (found: readonly Findable[], text: string) =>
  found.filter((each) => each.text.includes(text)).map((each) => each.href);

test('a coordinator finds people, procedures to book, and pages', async () => {
  const found = await find(NURIA);
  expect(about(found, 'Marta Soler')).toEqual(['/console/oac?desk=1']);
  expect(about(found, 'Núria Roca')).toEqual(['/console/oac/people']);
  expect(about(found, 'Volant de padró')).toEqual(['/console/oac/book?procedure=volant-padro']);
  expect(about(found, 'Intercanvia dues taules')).toEqual(['/console/oac/rota/swap']);
});

test('an administrator finds the declaration of a procedure too', async () => {
  expect(about(await find(ALBERT), 'Volant de padró')).toContain(
    '/console/oac/admin/procedures/volant-padro',
  );
});

test('an agent finds no people and no absences, and another office’s member nothing', async () => {
  const found = await find(MARTA);
  expect(about(found, 'Volant de padró')).toEqual(['/console/oac/book?procedure=volant-padro']);
  expect(found.filter(({ href }) => !href.includes('/book?'))).toEqual([]);
  const cookie = await world.signIn(MARTA);
  expect((await ask(cookie, 'hisenda')).status).toBe(404);
  expect((await ask('')).status).not.toBe(200);
});
