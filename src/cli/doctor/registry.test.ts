import { afterAll, beforeAll, expect, test } from 'vitest';
import { samlKeys } from '../../../e2e/support/identity/saml-keys.ts';
import { type MuxStandIn, muxServer } from '../../../e2e/support/registry/mux.ts';
import { townRegistry } from '../../domain/office/connectors/registry.ts';
import { handClock } from '../../lib/clock.ts';
import { aboutRegistry } from './registry.ts';

const clock = handClock('2026-12-01T10:00:00Z');
const keys = samlKeys('vilaclara.example');
const NONE = { owed: 0, oldest: null, refused: 0, twice: 0 };
let stand: MuxStandIn;
beforeAll(async () => {
  stand = await muxServer({ certificate: keys.certificate, now: () => clock.now() });
});
afterAll(() => stand.close());

const town = () => ({
  name: 'Vilaclara',
  registry: townRegistry.parse({
    ...{ kind: 'mux', endpoint: stand.endpoint, ine10: '0899990001' },
    ...{ purpose: 'PROVES', modality: 'MUX_PROVA' },
  }),
});
const found = async (
  key: typeof keys | null,
  count = {},
  of: Parameters<typeof aboutRegistry>[0] = town(),
) =>
  (await aboutRegistry(of, key, { count: { ...NONE, ...count }, clock })).map(
    ({ state, words }) => `${state}: ${words}`,
  );

test('MUX is asked without making an entry', async () => {
  expect(await found(keys)).toEqual(['right: MUX answers, and takes our signature.']);
  expect(stand.entries).toEqual([]);
});

test('a missing key, a foreign one and a MUX that is away are told apart', async () => {
  expect(await found(null)).toEqual([expect.stringMatching(/^wrong: .*REGISTRY_KEY/)]);
  expect(await found(samlKeys('altri.example'))).toEqual([
    expect.stringMatching(/^wrong: MUX can't be used: Certificat desconegut/),
  ]);
  stand.behave('MUX_CONSULTA', 'unavailable');
  expect(await found(keys)).toEqual([expect.stringMatching(/^wrong: .*http_503/)]);
});

test('what waits is told, and what was refused for long', async () => {
  const oldest = (hours: number) => clock.now().subtract({ hours });
  expect((await found(keys, { owed: 1, oldest: oldest(1) }))[1]).toBe(
    'warning: 1 entry waits for a number of MUX.',
  );
  expect(
    (await found(keys, { owed: 3, oldest: oldest(5), refused: 2, twice: 1 })).slice(1),
  ).toEqual([
    'wrong: 3 entries wait for a number of MUX, the oldest for 5 hours; 2 of them were refused.',
    'warning: MUX has 1 entry twice.',
  ]);
});

test('a town with its own books hears of what is still owed alone', async () => {
  const own = { name: 'Vilaclara' };
  expect(await found(null, {}, own)).toEqual([]);
  expect(await found(null, { owed: 2 }, own)).toEqual([
    expect.stringMatching(/^warning: 2 entries/),
  ]);
});
