import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { samlKeys } from '../../../../e2e/support/identity/saml-keys.ts';
import {
  type Dwelling,
  type PadroStandIn,
  padroServer,
} from '../../../../e2e/support/residents/padro.ts';
import { nifIn, type PersonId } from '../../../domain/identity.ts';
import { type PadroSettings, townResidents } from '../../../domain/office/connectors/residents.ts';
import { handClock } from '../../../lib/clock.ts';
import { createPadro } from './padro.ts';

const NOW = '2026-12-01T10:00:00Z';
const keys = samlKeys('vilaclara.example');
const clock = handClock(NOW);
let stand: PadroStandIn;

const ROSA = nifIn('12345678Z')!;
const NIE = nifIn('X1234567L')!;
const PASSPORT: PersonId = { scheme: 'passport', country: 'IT', identifier: 'YA1234567' };
const ABOUT = '00000000-0000-4000-8000-000000000001';

const HOME: Dwelling = {
  people: [
    {
      document: '12345678Z',
      kind: '1',
      given: 'ROSA',
      first: 'SOLER',
      second: 'VIDAL',
      born: '19480302',
    },
    {
      document: 'X1234567L',
      kind: '3',
      given: 'PAU',
      first: 'BOSCH',
      particle: 'DEL',
      born: '19510611',
    },
    { document: 'YA1234567', kind: '2', given: 'ANNA', first: 'ROSSI', born: '20150101' },
  ],
  way: { TipoVia: 'CARRE', NombreVia: 'MAJOR' },
  number: { Numero: '0012', CalificadorNumero: 'B', Escalera: 'A', Planta: '002', Puerta: '0001' },
};

const padroOf = (more: Partial<PadroSettings> = {}, timeoutSeconds = 30) => {
  const settings = townResidents.parse({
    ...{ kind: 'padro', endpoint: stand.endpoint, ine10: '0899990001', purpose: 'PROVES' },
    ...more,
  }) as PadroSettings;
  return createPadro({ settings, town: 'Vilaclara', key: keys, clock, timeoutSeconds });
};
const find = (id: PersonId, extent: 'person' | 'household' = 'person', padro = padroOf()) =>
  padro.find(id, { extent, about: ABOUT, isAsked: true });

beforeAll(async () => {
  stand = await padroServer({ certificate: keys.certificate, now: () => clock.now() });
});
afterAll(() => stand.close());
afterEach(() => {
  stand.dwellings.splice(0);
  stand.asked.splice(0);
});

describe('the register of the town that asks', () => {
  test('tells of one person where they live, and nobody else', async () => {
    stand.dwellings.push(HOME);
    expect(await find(ROSA)).toEqual({
      ok: true,
      value: {
        kind: 'found',
        registered: {
          resident: expect.objectContaining({
            id: ROSA,
            given: 'ROSA',
            family: 'SOLER VIDAL',
            born: Temporal.PlainDate.from('1948-03-02'),
            address: 'CARRE MAJOR, 12B, A 2 1',
            place: '08999 Vilaclara',
            since: null,
          }),
          household: [expect.objectContaining({ given: 'ROSA' })],
          asOf: Temporal.PlainDate.from('2026-12-01'),
          tellsProtected: false,
        },
      },
    });
    expect(stand.asked).toEqual([
      { modality: 'TITULAR_PROPI', document: '12345678Z', about: ABOUT, consent: 'Si' },
    ]);
  });

  test('says that the law allows a look that nobody asked for', async () => {
    await padroOf().find(ROSA, { extent: 'person', about: ABOUT, isAsked: false });
    expect(stand.asked).toMatchObject([{ consent: 'Ley' }]);
  });

  test('tells of a household who is in it, by DNI, NIE and passport', async () => {
    stand.dwellings.push(HOME);
    for (const id of [ROSA, NIE, PASSPORT]) {
      const found = await find(id, 'household', padroOf({ leavesOutProtected: true }));
      const { registered } = found.ok && found.value.kind === 'found' ? found.value : {};
      expect(registered?.resident.id).toEqual(id);
      expect(registered?.household.map(({ given }) => given).sort()).toEqual([
        'ANNA',
        'PAU',
        'ROSA',
      ]);
      expect(registered?.household.find(({ given }) => given === 'PAU')?.family).toBe('DEL BOSCH');
      expect(registered?.tellsProtected).toBe(true);
    }
    expect(stand.asked.map(({ modality }) => modality)).toEqual(Array(3).fill('CONVIVENTS_PROPI'));
  });

  test('has nobody with a document, and is not asked for one that it can’t know', async () => {
    const nobody = { ok: true, value: { kind: 'unknown' } };
    expect(await find(ROSA)).toEqual(nobody);
    const eidas: PersonId = { scheme: 'eidas', country: 'IT', identifier: 'IT/ES/X' };
    expect(await find(eidas)).toEqual(nobody);
    expect(stand.asked).toHaveLength(1);
  });

  test.each<[string, Partial<Dwelling>, string]>([
    ['two numbers', { number: { Numero: '4', NumeroSuperior: '6' } }, 'CARRE MAJOR, 4-6'],
    ['no number', { number: {} }, 'CARRE MAJOR, s/n'],
    ['a road', { number: { Kilometro: '003', Hectometro: '5' } }, 'CARRE MAJOR, km 3,5'],
    ['a place without a street', { way: { Pseudovia: 'MAS PLA' }, number: {} }, 'MAS PLA, s/n'],
    ['another town', { municipality: '019' }, ''],
  ])('writes an address with %s', async (_, change, address) => {
    stand.dwellings.push({ ...HOME, ...change });
    const found = await find(ROSA);
    expect(
      found.ok && found.value.kind === 'found' && found.value.registered.resident.address,
    ).toBe(address);
  });

  test.each([
    ['away', 'away', 'network'],
    ['slow', 'away', 'timeout'],
    ['failed', 'away', 'padro_3'],
    ['pending', 'away', 'under_way'],
    ['elsewhere', 'refused', 'padro_4'],
    ['fault', 'refused', 'fault'],
    ['foreign', 'unclear', 'other_person'],
    ['page', 'unclear', 'malformed'],
  ] as const)('%s: nothing is told', async (behaviour, reason, code) => {
    stand.dwellings.push(HOME);
    stand.behave(behaviour);
    const padro = padroOf({}, behaviour === 'slow' ? 0.3 : undefined);
    expect(await find(ROSA, 'person', padro)).toMatchObject({ ok: false, reason, code });
  });

  test('without a key, or with another one, nothing is asked', async () => {
    const settings = townResidents.parse({
      ...{ kind: 'padro', endpoint: stand.endpoint, ine10: '0899990001', purpose: 'PROVES' },
    }) as PadroSettings;
    const on = { settings, town: 'Vilaclara', clock };
    const asked = { extent: 'person', about: ABOUT, isAsked: true } as const;
    expect(await createPadro({ ...on, key: null }).find(ROSA, asked)).toMatchObject({
      code: 'no_key',
    });
    const key = samlKeys('altre.example');
    expect(await createPadro({ ...on, key }).find(ROSA, asked)).toMatchObject({ code: 'fault' });
    expect(stand.asked).toEqual([]);
  });
});
