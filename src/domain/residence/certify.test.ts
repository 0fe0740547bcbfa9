import { describe, expect, test } from 'vitest';
import { certify, GOOD_FOR_DAYS, HOUSEHOLD_MOST, namesAgree } from './certify.ts';
import type { Found, Resident } from './resident.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const today = day('2026-11-30');

const ROSA: Resident = {
  id: { scheme: 'dni', country: 'ES', identifier: '12345678Z' },
  given: 'Rosa',
  family: 'Soler Vidal',
  born: day('1948-03-02'),
  dwelling: '0001',
  address: 'Carrer Major, 12, 2n 1a',
  place: '08999 Vilaclara',
  since: day('1971-06-01'),
  isProtected: false,
};
const person = (given: string, born: string | null): Resident => ({
  ...ROSA,
  id: null,
  given,
  born: born === null ? null : day(born),
});

const found = (change: Partial<Resident> = {}, others: Resident[] = [], asOf = today): Found => {
  const resident = { ...ROSA, ...change };
  const household = [...others, resident];
  return { kind: 'found', registered: { resident, household, asOf, tellsProtected: true } };
};
const asked = { name: 'ROSA SOLER VIDAL', extent: 'person', today, isForThem: false } as const;
const obstacleOf = (...args: Parameters<typeof certify>) => {
  const result = certify(...args);
  return result.ok ? null : result.obstacle;
};

describe('a residence certificate at once', () => {
  test('of the person alone has nobody else on it', () => {
    const result = certify(found({}, [person('Pau', '1980-01-01')]), asked);
    expect(result).toMatchObject({
      ok: true,
      residence: { address: 'Carrer Major, 12, 2n 1a', asOf: today },
    });
    expect(result.ok && result.residence.people.map(({ given }) => given)).toEqual(['Rosa']);
  });

  test('of the household has the person first, then the others from the oldest', () => {
    const others = [
      person('Nil', '2019-05-05'),
      person('Ningú', null),
      person('Pau', '1980-01-01'),
    ];
    const result = certify(found({}, others), { ...asked, extent: 'household' });
    expect(result.ok && result.residence.people.map(({ given }) => given)).toEqual([
      'Rosa',
      'Pau',
      'Nil',
      'Ningú',
    ]);
  });

  test.each(['no_list', 'unknown', 'several'] as const)('not when there is %s', (kind) => {
    expect(obstacleOf({ kind }, asked)).toBe(kind);
  });

  test('not from a list that is too old: until a week after its day it is good', () => {
    const of = (days: number) => obstacleOf(found({}, [], today.subtract({ days })), asked);
    expect(of(GOOD_FOR_DAYS)).toBeNull();
    expect(of(GOOD_FOR_DAYS + 1)).toBe('too_old');
    expect(obstacleOf(found({}, [], day('2025-11-30')), asked)).toBe('too_old');
  });

  test('not without an address, nor when another name stands in the register', () => {
    expect(obstacleOf(found({ address: '' }), asked)).toBe('no_address');
    expect(obstacleOf(found({ given: 'Núria' }), asked)).toBe('name_differs');
    expect(obstacleOf(found(), { ...asked, name: ' ' })).toBe('no_name');
  });

  test('not of a household whose register doesn’t tell whose address nobody may know', () => {
    const untold = (of: Found): Found =>
      of.kind === 'found' ? { ...of, registered: { ...of.registered, tellsProtected: false } } : of;
    const household = { ...asked, extent: 'household' } as const;
    const both = untold(found({}, [person('Pau', '1980-01-01')]));
    expect(obstacleOf(both, household)).toBe('protection_unknown');
    expect(obstacleOf(both, asked)).toBeNull();
    expect(obstacleOf(untold(found()), household)).toBeNull();
  });

  test('an official gets nobody’s address where the register doesn’t tell who hides it', () => {
    const untold = (of: Found): Found =>
      of.kind === 'found' ? { ...of, registered: { ...of.registered, tellsProtected: false } } : of;
    const forThem = { ...asked, isForThem: true };
    expect(obstacleOf(untold(found()), forThem)).toBe('protection_unknown');
    expect(obstacleOf(untold(found({ isProtected: true })), forThem)).toBe('protected');
    expect(obstacleOf(found(), forThem)).toBeNull();
  });

  test('of somebody whose address nobody may know, neither theirs nor of who lives there', () => {
    const household = { ...asked, extent: 'household' } as const;
    const other = { ...person('Pau', '1980-01-01'), isProtected: true };
    expect(obstacleOf(found({ isProtected: true }), asked)).toBe('protected');
    expect(obstacleOf(found({}, [other]), household)).toBe('protected');
    expect(obstacleOf(found({}, [other]), asked)).toBeNull();
  });

  test('of everybody is for who is of age, from the eighteenth birthday on', () => {
    const of = (born: string | null, extent: 'person' | 'household' = 'household') =>
      obstacleOf(found({ born: born === null ? null : day(born) }), { ...asked, extent });
    expect(of('2008-11-30')).toBeNull();
    expect(of('2008-12-01')).toBe('minor');
    expect(of(null)).toBe('minor');
    expect(of('2008-12-01', 'person')).toBeNull();
  });

  test('not of everybody in a home, where a person still gets their own', () => {
    const many = Array.from({ length: HOUSEHOLD_MOST }, () => person('X', null));
    expect(obstacleOf(found({}, many.slice(1)), { ...asked, extent: 'household' })).toBeNull();
    expect(obstacleOf(found({}, many), { ...asked, extent: 'household' })).toBe('collective');
    expect(obstacleOf(found({}, many), asked)).toBeNull();
  });
});

test.each([
  ['Rosa Soler Vidal', 'SOLER VIDAL ROSA', true],
  ['Rosa Maria Soler i Vidal', 'Rosa Soler Vidal', true],
  ['Núria Garcia', 'NURIA GARCÍA LÓPEZ', true],
  ['Rosa Soler Vidal', 'Rosa Soler Vidal-Puig', true],
  ['Rosa Soler Vidal', 'Rosa Soler Puig', false],
  ['Rosa', 'Rosa Soler', false],
  ['', '', false],
])('%s and %s: %s', (a, b, same) => {
  expect(namesAgree(a, b)).toBe(same);
  expect(namesAgree(b, a)).toBe(same);
});
