import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALBERT, type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.close());

const ask = async (path: string, cookie: string) =>
  world.app.request(`http://localhost:3000${path}`, { headers: { Cookie: cookie } });
const read = async (path: string, cookie: string) => (await ask(path, cookie)).text();

describe('a person without a desk', () => {
  test('has no next: the first of the office is a colleague’s', async () => {
    const { id } = await world.book('09:10');
    world.clock.set('2026-11-30T09:10:00+01:00');
    const marta = await world.signIn(MARTA);
    expect((await ask('/console/oac/next', marta)).headers.get('Location')).toBe(
      `/console/oac/appointment/${id}`,
    );
    for (const email of [NURIA, ALBERT]) {
      const cookie = await world.signIn(email);
      expect((await ask('/console/oac/next', cookie)).headers.get('Location')).toBe('/console/oac');
      const day = await read('/console/oac', cookie);
      expect(day).toContain('<h1 id="next">La jornada de l’oficina</h1>');
      expect(day).not.toContain('data-action="next"');
      expect(day).toContain('No tens taula');
    }
    const day = await read('/console/oac', marta);
    expect(day).toContain('<h1 id="next">La meva jornada</h1>');
    expect(day).toContain('data-action="next"');
  });

  test('sees who is at each desk beside its name', async () => {
    const day = await read('/console/oac', await world.signIn(NURIA));
    expect(day).toContain('Taula 1 · Marta Soler');
  });
});

test('an agent with appointments that end by themselves is not told that nobody is left', async () => {
  world.clock.set('2026-11-30T07:00:00+01:00');
  await world.book('10:10');
  const marta = await world.signIn(MARTA);
  const open = (await read('/console/oac', marta)).matchAll(
    /class="who"|appointment\/([0-9a-f-]+)"/g,
  );
  for (const id of new Set([...open].flatMap(([, each]) => each ?? [])))
    for (const number of ['1', '2', '3'])
      await world.app.request(`http://localhost:3000/console/oac/appointment/${id}/attempt`, {
        method: 'POST',
        headers: { Cookie: marta, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ number, outcome: 'no_answer', anyway: '1' }).toString(),
      });
  const day = await read('/console/oac', marta);
  expect(day).toContain('Per atendre (2)');
  expect(day).toContain('Ara no has d’atendre ningú. Queden 2 cites obertes');
  expect(day).not.toContain('No queda ningú');
});
