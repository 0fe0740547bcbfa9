import { expect, test } from 'vitest';
import { addressOf, knownOfResident } from './prefill.ts';
import type { Resident } from './resident.ts';

const rosa: Resident = {
  id: null,
  given: 'Rosa',
  family: 'Soler Vidal',
  born: Temporal.PlainDate.from('1948-03-02'),
  dwelling: '0001',
  address: 'Carrer Major, 12, 2n 1a',
  place: '08999 Vilaclara',
  since: Temporal.PlainDate.from('1971-06-01'),
  isProtected: false,
};
const found = (resident: Resident) =>
  ({
    kind: 'found',
    registered: {
      resident,
      household: [resident],
      asOf: Temporal.PlainDate.from('2026-11-29'),
      tellsProtected: true,
    },
  }) as const;

test.each([
  ['Carrer Major, 12, 2n 1a', { street: 'Carrer Major', number: '12', floor: '2n', door: '1a' }],
  ['Passeig de la Rectoria, 4, baixos', { number: '4', floor: 'baixos' }],
  ['Plaça Nova, 12 bis', { number: '12 bis' }],
  ['Camí del Mas, s/n', { number: 's/n' }],
  ['Carrer Nou, 4-6, 1r', { number: '4-6', floor: '1r' }],
])('the parts of %s', (address, parts) => {
  expect(addressOf({ address, place: '08999 Vilaclara' })).toMatchObject({
    ...parts,
    postalCode: '08999',
    town: 'Vilaclara',
  });
});

test.each([
  ['', '08999 Vilaclara'],
  ['Carrer Major', '08999 Vilaclara'],
  ['Carrer Major, dotze', '08999 Vilaclara'],
  ['Carrer Major, 12, esc. B 2n 1a', '08999 Vilaclara'],
  ['Carrer Major, 12', 'Vilaclara'],
])('%s, %s is written otherwise, and left out', (address, place) => {
  expect(addressOf({ address, place })).toBeNull();
});

test('what the register has of an identified person', () => {
  expect(knownOfResident(found(rosa), 'ROSA SOLER')).toMatchObject({
    'padro.address': { street: 'Carrer Major' },
    'padro.birth': '1948-03-02',
    'padro.since': '1971-06-01',
  });
});

test('nothing of another name, of a protected person, or of nobody', () => {
  expect(knownOfResident(found(rosa), 'Joan Soler Vidal')).toEqual({});
  expect(knownOfResident(found({ ...rosa, isProtected: true }), 'Rosa Soler Vidal')).toEqual({});
  for (const kind of ['no_list', 'unknown', 'several'] as const)
    expect(knownOfResident({ kind }, 'Rosa Soler Vidal')).toEqual({});
});
