import { afterAll, beforeAll, expect, test } from 'vitest';
import { samlKeys } from '../../../../e2e/support/identity/saml-keys.ts';
import { type EnotumStandIn, enotumServer } from '../../../../e2e/support/notification/enotum.ts';
import { townNotifications } from '../../../domain/office/connectors/notification.ts';
import { handClock } from '../../../lib/clock.ts';
import { aboutNotifications } from './notification.ts';

const clock = handClock('2026-12-01T10:00:00Z');
const keys = samlKeys('vilaclara.example');
const NONE = { owed: 0, oldest: null, refused: 0, stopped: 0, askedAt: null };
let stand: EnotumStandIn;
beforeAll(async () => {
  stand = await enotumServer({
    ...{ certificate: keys.certificate, organisation: '0899990001', department: '1' },
    now: () => clock.now(),
  });
});
afterAll(() => stand.close());

const town = (department = '1') => ({
  name: 'Vilaclara',
  notifications: townNotifications.parse({
    ...{ kind: 'enotum', endpoint: stand.endpoint, ine10: '0899990001', purpose: 'PROVES' },
    ...{ organisation: '0899990001', department, page: 'https://enotum.example/' },
  }),
});
const found = async (
  key: typeof keys | null,
  count = {},
  of: Parameters<typeof aboutNotifications>[0] = town(),
) =>
  (await aboutNotifications(of, key, { count: { ...NONE, ...count }, clock })).map(
    ({ state, words }) => `${state}: ${words}`,
  );
const before = (hours: number) => clock.now().subtract({ hours });

test('e-NOTUM is asked without notifying anything', async () => {
  expect(await found(keys)).toEqual(['right: e-NOTUM answers, and takes our signature.']);
  expect(stand.sent).toEqual([]);
  expect(stand.asked).toEqual(['PeticioCerca']);
});

test('a missing key, a wrong department and an e-NOTUM that is away are told apart', async () => {
  expect(await found(null)).toEqual([expect.stringMatching(/^wrong: .*REGISTRY_KEY/)]);
  expect(await found(keys, {}, town('9'))).toEqual([
    "wrong: e-NOTUM can't be used: La entitat especificada no existeix.",
  ]);
  stand.behave('page');
  expect(await found(keys)).toEqual([expect.stringMatching(/^wrong: .*http_503/)]);
});

test('what waits is told, what was refused for long, and that nothing is heard', async () => {
  expect((await found(keys, { owed: 1, oldest: before(1), askedAt: before(23) })).slice(1)).toEqual(
    ['warning: 1 notification waits to be handed over to e-NOTUM.'],
  );
  const long = { owed: 3, oldest: before(5), refused: 2, stopped: 0, askedAt: before(30) };
  expect((await found(keys, long)).slice(1)).toEqual([
    'wrong: 3 notifications wait to be handed over to e-NOTUM, the oldest for 5 hours; 2 of them were refused.',
    'wrong: e-NOTUM has not told for 30 hours what became of notifications.',
  ]);
});

test('a town that notifies in the folder hears of what is still there alone', async () => {
  const own = { name: 'Vilaclara' };
  expect(await found(null, {}, own)).toEqual([]);
  for (const count of [{ owed: 2 }, { askedAt: before(1) }])
    expect(await found(null, count, own)).toEqual([expect.stringMatching(/^warning: .*no more/)]);
});
