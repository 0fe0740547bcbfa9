import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let coordinator: string;
let id: string;
beforeAll(async () => {
  world = await consoleWorld();
  coordinator = await world.signIn(NURIA);
  const citizen = { name: 'Rosa Soler', email: 'rosa@example.cat', phone: '+34600123456' };
  ({ id } = await world.book('09:10', { citizen }));
  // The agent doesn't come, and the promised time is over.
  world.clock.set('2026-11-30T09:45:00+01:00');
  expect(await world.coordination.endUncalled()).toBe(1);
});
afterAll(() => world.close());

const pageOf = async (path: string) => {
  const headers = { cookie: coordinator, 'Accept-Language': 'ca' };
  const html = await (await world.app.request(`/console/oac${path}`, { headers })).text();
  const text = html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
  return { html, text };
};

test('coordinators see on the board whom nobody called, with their number', async () => {
  const { html, text } = await pageOf('/board');
  expect(text).toMatch(/Rosa Soler , tenia hora 9:10 · Volant de padró ✕ no li va trucar ningú ·/);
  expect(text).toMatch(/600.12.34.56/);
  expect(await faultsOf(html)).toEqual([]);
});

test('the numbers of this moment have them, and leave them out of who was not reached', async () => {
  const { html } = await pageOf('/now');
  const figure = (name: string) => new RegExp(`id="figure-${name}">([^<]*)<`).exec(html)?.[1];
  expect([figure('uncalled'), figure('noshow'), figure('waiting')]).toEqual(['1', '0', '0']);
  // Of another procedure there are none.
  expect((await pageOf('/now?channel=video')).html).toContain('id="figure-uncalled">0<');
});

test('their page and its history have whose fault it was', async () => {
  const { html, text } = await pageOf(`/appointment/${id}`);
  expect(text).toContain(
    'Li havíem de trucar el dilluns, 30 de novembre a les 9:10, i no ho va fer',
  );
  expect(text).toContain('Ningú no li va trucar quan tocava: se li ofereix una altra hora');
  expect(text).toContain('Que no li vam trucar: que triï una altra hora');
  expect(await faultsOf(html)).toEqual([]);
});
