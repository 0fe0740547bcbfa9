import { afterAll, beforeAll, expect, test } from 'vitest';
import { testUnit } from '../../../features/foundation/audit/testing.ts';
import { createStatistics } from '../../../features/insight/statistics/service.ts';
import { makeHistory } from '../../../features/insight/statistics/testing.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, LAIA, MARTA, NURIA } from '../testing.ts';

const MAYOR = 'alcaldia@vilaclara.example';
let world: ConsoleWorld;
let mayor: string;

beforeAll(async () => {
  world = await consoleWorld();
  const { database, clock, offices } = world;
  const { id: office } = (await offices.find('oac'))!;
  await makeHistory(database.owner, { office, count: 4_000, from: '2025-01-01', days: 690 });
  await createStatistics({
    db: database.kysely,
    clock,
    unit: testUnit(database.kysely, clock),
    offices,
    key: installationKey(Buffer.alloc(32, 7)),
  }).pass();
  mayor = await world.signIn(MAYOR);
}, 60_000);
afterAll(() => world.close());

const ask = (path: string, cookie = mayor, language = 'ca') =>
  world.app.request(path, { headers: { cookie, 'Accept-Language': language } });
const text = async (path: string, cookie = mayor) =>
  (await (await ask(path, cookie)).text()).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

test('whoever governs lands on the month, and finds no way into an office', async () => {
  const console_ = await ask('/console');
  expect([console_.status, console_.headers.get('Location')]).toEqual([303, '/staff/month']);
  const page = await (await ask('/staff/month')).text();
  expect(page).not.toMatch(/href="\/console\/|name="q"|id="dock"/);
  for (const path of ['', '/figures', '/figures/month', '/find?q=a', '/people', '/stream'])
    expect((await ask(`/console/oac${path}`)).status, path).toBe(404);
});

test('the sums of the town are those of its offices together', async () => {
  const page = await (await ask('/staff/month?month=2026-03')).text();
  expect(page).toContain('<h1>Vilaclara, març del 2026</h1>');
  const rows = [...page.matchAll(/<th scope="row">([^<]*)<\/th><td class="number">([\d.]+)/g)];
  const served = rows.map(([, , number = '']) => Number(number.replaceAll('.', '')));
  expect(rows.map(([, name]) => name?.replace('&#39;', '’'))).toEqual([
    'Oficina d’Atenció Ciutadana',
    'Institut d’Hisenda',
    'Tot plegat',
  ]);
  expect(served[2]).toBe((served[0] ?? 0) + (served[1] ?? 0));
  expect(served[0]).toBeGreaterThan(50);
});

test('each kind of month has a page without faults, in every language', async () => {
  for (const language of LANGUAGES)
    for (const month of ['2026-03', '2026-11', '2027-01', '2024-01'])
      expect(
        await faultsOf(await (await ask(`/staff/month?month=${month}`, mayor, language)).text()),
      ).toEqual([]);
});

test('the present month says until when it counts, and one before everything that it is empty', async () => {
  const today = world.clock.now().toZonedDateTimeISO('Europe/Madrid').toPlainDate();
  expect(await text(`/staff/month?month=${today.toString().slice(0, 7)}`)).toMatch(
    today.day === 1 ? 'El mes comença avui' : 'es compara amb els mateixos dies',
  );
  const empty = await text('/staff/month?month=2024-01');
  expect(empty).toContain('Aquest mes no hi ha res.');
  expect(empty).not.toContain('Mes anterior');
  expect(await text('/staff/month?month=2025-01')).toContain('de l’any anterior no n’hi ha prou');
});

test('coordinators see that of their office, in it; agents none', async () => {
  const nuria = await world.signIn(NURIA);
  const page = await text('/console/oac/figures/month?month=2026-03', nuria);
  expect(page).toContain('Oficina d’Atenció Ciutadana, març del 2026');
  expect(page).not.toContain('Tot plegat');
  const marta = await world.signIn(MARTA);
  expect((await ask('/staff/month', marta)).status).toBe(404);
  expect((await ask('/console/oac/figures/month', marta)).status).toBe(404);
  const laia = await world.signIn(LAIA);
  expect(await text('/staff/month?month=2026-03', laia)).toContain('Institut d’Hisenda, març');
});
