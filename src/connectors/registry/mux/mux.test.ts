import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { samlKeys } from '../../../../e2e/support/identity/saml-keys.ts';
import { type MuxStandIn, muxServer } from '../../../../e2e/support/registry/mux.ts';
import { type MuxSettings, townRegistry } from '../../../domain/office/connectors/registry.ts';
import type {
  OutsideRegistry,
  Presented,
} from '../../../features/foundation/registry/outside/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { momentIn } from './answer.ts';
import { createMux } from './mux.ts';

const NOW = '2026-12-01T10:00:00Z';
const MAKE = 'MUX_PROVA';
const keys = samlKeys('vilaclara.example');
const clock = handClock(NOW);
const since = Temporal.Instant.from(NOW);
let stand: MuxStandIn;
let mux: OutsideRegistry;

const settingsOf = (more: object = {}) =>
  townRegistry.parse({
    ...{ kind: 'mux', endpoint: stand.endpoint, ine10: '0899990001' },
    ...{ purpose: 'PROVES', modality: MAKE, ...more },
  }) as MuxSettings;
const muxOf = (more: Partial<Parameters<typeof createMux>[0]> = {}) =>
  createMux({ settings: settingsOf(), town: 'Vilaclara', key: keys, clock, ...more });

beforeAll(async () => {
  stand = await muxServer({ certificate: keys.certificate, now: () => clock.now() });
  mux = muxOf();
});
afterAll(() => stand.close());
afterEach(() => {
  stand.entries.length = 0;
  stand.petitions.length = 0;
  clock.set(NOW);
});

const WHAT: Presented = {
  id: '4d1f2f6e-0c3b-4c61-9d0e-2f9f4f1a6b01',
  mark: 'oac E2026000123',
  direction: 'entry',
  subject: 'Llicència de terrassa <K7M-2QX>',
  at: since,
  person: {
    id: { scheme: 'dni', country: 'ES', identifier: '12345678Z' },
    ...{ name: 'Núria Vila Puig', given: 'Núria', family: 'Vila Puig' },
  },
};
/** Has something registered at once. */
const enter = (by: OutsideRegistry, what: Presented) => by.enter(what, async () => true);
const lastPetition = () => stand.petitions.at(-1)?.xml ?? '';

describe('an entry', () => {
  test('is made by a signed petition as the schemas have it, and has a number and an hour', async () => {
    expect(await enter(mux, WHAT)).toEqual({
      ok: true,
      value: {
        number: 'E-2026-33-000001',
        at: since,
        subject: 'Llicència de terrassa <K7M-2QX> (oac E2026000123)',
        consolidated: null,
      },
    });
    expect(stand.entries).toMatchObject([{ transaction: WHAT.id, kind: 'Entrada' }]);
    const xml = lastPetition();
    expect(xml).toContain(
      '<Procedencia><PersonaFisica><ID><NIF>12345678Z</NIF></ID><Nom>Núria</Nom><Cognom1>Vila Puig</Cognom1>',
    );
    expect(xml).toContain('<Destinacio><Administracio><INE10>0899990001</INE10></Administracio>');
  });

  test('that the office sent goes from the town to the person', async () => {
    const made = await enter(mux, { ...WHAT, direction: 'exit' });
    expect(made).toMatchObject({ ok: true, value: { number: 'S-2026-33-000001' } });
    expect(lastPetition()).toContain('<Procedencia><Administracio>');
    expect(lastPetition()).toContain('<Destinacio><PersonaFisica>');
  });

  test.each<[string, Presented['person'], string]>([
    ['nobody', null, '<Procedencia><Administracio>'],
    [
      'a foreigner',
      {
        id: { scheme: 'nie', country: 'ES', identifier: 'X1234567L' },
        ...{ name: 'Ada Byron', given: null, family: null },
      },
      '<ID><NIE>X1234567L</NIE></ID><Nom>Ada</Nom><Cognom1>Byron</Cognom1>',
    ],
    [
      'a passport, and a name of one word',
      {
        id: { scheme: 'passport', country: 'SN', identifier: 'A01234567' },
        ...{ name: 'Fatou', given: null, family: null },
      },
      '<ID><Passaport>A01234567</Passaport></ID><Nom>Fatou</Nom><Cognom1>-</Cognom1>',
    ],
    [
      'an identifier that is too long for the schema',
      {
        id: { scheme: 'eidas', country: 'AT', identifier: 'AT/ES/abcdefghijklmnop' },
        ...{ name: 'Max Muster', given: 'Max', family: 'Muster' },
      },
      '<Procedencia><Administracio>',
    ],
  ])('of %s', async (_, person, expected) => {
    expect(await enter(mux, { ...WHAT, person })).toMatchObject({ ok: true });
    expect(lastPetition()).toContain(expected);
  });

  test('has a long subject cut before its mark', async () => {
    expect(await enter(mux, { ...WHAT, subject: 'ç'.repeat(400) })).toMatchObject({ ok: true });
    const [{ subject } = { subject: '' }] = stand.entries;
    expect(subject).toHaveLength(150);
    expect(subject).toMatch(/ç \(oac E2026000123\)$/);
  });

  test('has no character that XML has not', async () => {
    expect(await enter(mux, { ...WHAT, subject: 'Ter\u0000ra\u001Bssa \uD800' })).toMatchObject({
      ok: true,
      value: { subject: 'Terrassa  (oac E2026000123)' },
    });
  });

  test('says at the office of the registry what the town file says', async () => {
    const settings = settingsOf({ office: '7', requester: '800180001', application: 'CITES' });
    expect(await enter(muxOf({ settings }), WHAT)).toMatchObject({ ok: true });
    const xml = lastPetition();
    expect(xml).toContain('<OficinaRegistre>7</OficinaRegistre>');
    expect(xml).toContain('<IdentificadorSolicitante>800180001</IdentificadorSolicitante>');
    expect(xml).toContain('IdAplicacio="CITES"');
  });
});

describe('a failure', () => {
  test.each([
    ['away', { reason: 'away', code: 'network', words: null }, 0],
    ['lost', { reason: 'away', code: 'network', words: null }, 1],
    ['unavailable', { reason: 'away', code: 'http_503', words: null }, 0],
    ['pending', { reason: 'away', code: 'under_way', words: 'Processant-se' }, 1],
    [
      'refused',
      {
        ...{ reason: 'refused', code: 'mux_43' },
        words: '43: Els següents camps excedeixen la mida permesa',
      },
      0,
    ],
    ['error', { reason: 'refused', code: 'pci_0502', words: 'Error intern' }, 0],
    ['fault', { reason: 'refused', code: 'fault', words: 'Certificat no autoritzat' }, 0],
    ['forbidden', { reason: 'refused', code: 'http_403', words: null }, 0],
    ['silent', { reason: 'unclear', code: 'no_number', words: null }, 1],
    ['page', { reason: 'unclear', code: 'malformed', words: null }, 0],
  ] as const)('%s is a value', async (behaviour, failure, registered) => {
    stand.behave(MAKE, behaviour);
    expect(await enter(mux, WHAT)).toEqual({ ok: false, ...failure });
    expect(stand.entries).toHaveLength(registered);
  });

  test('a message of a process that stopped before it was sent counts no more', async () => {
    const stopped = mux.enter(WHAT, async () => {
      clock.advance({ minutes: 6 });
      return true;
    });
    expect(await stopped).toMatchObject({ ok: false, reason: 'refused', code: 'fault' });
    expect(stand.entries).toEqual([]);
  });

  test('nothing is sent that may not be', async () => {
    expect(await mux.enter(WHAT, async () => false)).toBeNull();
    expect(stand.petitions).toEqual([]);
  });

  test('an entry of somebody else is no answer', async () => {
    stand.behave(MAKE, 'foreign');
    expect(await enter(mux, WHAT)).toMatchObject({ ok: false, code: 'other_subject' });
  });

  test('slow: the answer is not waited for without an end', async () => {
    stand.behave(MAKE, 'slow');
    const made = await enter(muxOf({ timeoutSeconds: 1 }), WHAT);
    expect(made).toEqual({ ok: false, reason: 'away', code: 'timeout', words: null });
    expect(stand.entries).toHaveLength(1);
  });

  test('nothing is sent without a key, and nothing with another one is registered', async () => {
    expect(await enter(muxOf({ key: null }), WHAT)).toMatchObject({ ok: false, code: 'no_key' });
    const foreign = await enter(muxOf({ key: samlKeys('altri.example') }), WHAT);
    expect(foreign).toMatchObject({ ok: false, reason: 'refused', code: 'fault' });
    expect(stand.petitions).toEqual([]);
  });

  test('a server that is not there is away', async () => {
    const gone = await muxServer({ certificate: keys.certificate, now: () => clock.now() });
    await gone.close();
    const made = await enter(muxOf({ settings: settingsOf({ endpoint: gone.endpoint }) }), WHAT);
    expect(made).toMatchObject({ ok: false, reason: 'away', code: 'network' });
  });
});

describe('what was sent', () => {
  test('is found by its mark, and nothing else is', async () => {
    expect(await mux.find(WHAT, since)).toEqual({ ok: true, value: [] });
    await enter(mux, { ...WHAT, mark: 'oac E2026000124' });
    await enter(mux, { ...WHAT, mark: 'hisenda E2026000123' });
    expect(await mux.find(WHAT, since)).toEqual({ ok: true, value: [] });
    stand.behave(MAKE, 'twice');
    await enter(mux, WHAT);
    const found = await mux.find(WHAT, since);
    expect(found.ok && found.value.map(({ number }) => number)).toEqual([
      'E-2026-33-000003',
      'E-2026-33-000004',
    ]);
  });

  test('is found days later, and not where it was sent before', async () => {
    await enter(mux, WHAT);
    clock.advance({ hours: 72 });
    expect(await mux.find(WHAT, since)).toMatchObject({ ok: true, value: [{}] });
    expect(await mux.find(WHAT, clock.now())).toEqual({ ok: true, value: [] });
  });

  test('is found among more than a quiet day has', async () => {
    await enter(mux, WHAT);
    const [own] = stand.entries;
    for (let nth = 0; own && nth < 1_000; nth++)
      stand.entries.push({ ...own, number: `E-2026-33-1${String(nth).padStart(5, '0')}` });
    const found = await mux.find(WHAT, since);
    expect(found.ok && found.value.length).toBe(1_001);
  });

  test('in the auxiliary registry is told apart, and when the main one took it over', async () => {
    stand.behave(MAKE, 'auxiliary');
    await enter(mux, WHAT);
    await enter(mux, { ...WHAT, mark: 'oac E2026000124' });
    const span = { from: since, until: since };
    const number = 'E/000001-2026';
    const auxiliary = { ok: true, value: [{ number, consolidated: null }] };
    expect(await mux.auxiliary(span)).toMatchObject(auxiliary);
    Object.assign(stand.entries[0] ?? {}, { consolidated: 'E-2026-33-000777' });
    expect(await mux.auxiliary(span)).toMatchObject({
      ok: true,
      value: [{ number, consolidated: { number: 'E-2026-33-000777' } }],
    });
  });
});

test.each([
  ['2021-04-26T07:55:55+02:00', '2021-04-26T05:55:55Z'],
  ['13/04/2021 13:40:33.234+02:00', '2021-04-13T11:40:33.234Z'],
  ['16/06/2021T13:43:48.857+02:00', '2021-06-16T11:43:48.857Z'],
  ['2022-01-10T10:00:00', '2022-01-10T09:00:00Z'],
  ['ahir', undefined],
])('the moment %s', (text, expected) => {
  expect(momentIn(text)?.toString()).toBe(expected);
});
