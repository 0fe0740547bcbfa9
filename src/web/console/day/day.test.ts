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
