import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let coordinator: string;
beforeAll(async () => {
  world = await consoleWorld();
  coordinator = await world.signIn(NURIA);
});
afterAll(() => world.close());

const ask = (path: string, fields?: Record<string, string>, cookie = coordinator) =>
  world.app.request(`http://localhost:3000/console/oac${path}`, {
    headers: {
      cookie,
      'Accept-Language': 'ca',
      ...(fields && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    },
    ...(fields && { method: 'POST', body: new URLSearchParams(fields).toString() }),
  });
const text = async (answer: Response | Promise<Response>) =>
  (await (await answer).text()).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const hours = { from: '2026-11-30T09:00', to: '2026-11-30T12:00', why: 'Tempesta' };

test('the whole office is closed with its consequences first, and undone while nobody is told', async () => {
  const citizen = { name: 'Pau Sense Correu', email: null, phone: '+34931234567' };
  await world.book('09:10');
  await world.book('09:30', { citizen });
  expect(await text(ask('/close'))).toContain('Tanca tota l’oficina');
  const wrong = await ask('/close', { from: '', to: '', why: '' });
  expect(wrong.status).toBe(422);

  const plan = await ask('/close', hours);
  const page = await plan.text();
  expect(page).toMatch(/2 persones perden l’hora.*A una se li diu per correu.*truca-la/s);
  expect(page).toMatch(/Cal trucar-los.*Pau Sense Correu.*\+34931234567/s);
  const digest = /name="digest" value="([^"]*)"/.exec(page)?.[1] ?? '';
  const done = await ask('/close', { ...hours, digest });
  const where = done.headers.get('Location')?.replace('/console/oac', '') ?? '';
  expect(where).toMatch(/^\/closing\/\d+$/);
  expect(await text(ask(where))).toMatch(
    /Encara no s’ha dit a ningú\. Es dirà a les 7:02.*Desfés-ho/,
  );
  expect(await text(ask('/board'))).toMatch(/Tancada dl\. 30\/11 9:00 – dl\. 30\/11 12:00/);

  const undone = await ask(where, {});
  expect(undone.headers.get('Location')).toContain('done=undone');
  expect(await text(ask(`${where}?done=undone`))).toContain('ningú no se n’ha assabentat');
  expect(await text(ask('/board'))).not.toContain('Tancada');
});

test('is not there for an agent', async () => {
  const agent = await world.signIn(MARTA);
  expect((await ask('/close', undefined, agent)).status).toBe(404);
  expect((await ask('/closing/1', undefined, agent)).status).toBe(404);
});
