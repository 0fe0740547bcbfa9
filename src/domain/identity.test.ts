import { describe, expect, test } from 'vitest';
import {
  companyIn,
  documentIn,
  eidasIn,
  highestOf,
  isEnough,
  maskedIdentifier,
  nifIn,
} from './identity.ts';

describe('levels', () => {
  test('a higher level is enough for a lower one, and not the other way', () => {
    expect(isEnough('high', 'substantial')).toBe(true);
    expect(isEnough('low', 'low')).toBe(true);
    expect(isEnough('low', 'substantial')).toBe(false);
    expect(isEnough('none', 'none')).toBe(true);
  });
  test('the highest of several', () => {
    expect(highestOf(['low', 'high', 'substantial'])).toBe('high');
    expect(highestOf([])).toBe('none');
  });
});

describe('DNI and NIE', () => {
  // Published examples: the Ministry of the Interior's 12345678Z, the tax agency's 00000000T, the AOC's 99999999R.
  test.each([
    ['12345678Z', 'dni', '12345678Z'],
    ['12.345.678-z', 'dni', '12345678Z'],
    [' 00000000 T ', 'dni', '00000000T'],
    ['0T', 'dni', '00000000T'],
    ['99999999R', 'dni', '99999999R'],
    ['X0000000T', 'nie', 'X0000000T'],
    ['Y0000000Z', 'nie', 'Y0000000Z'],
    ['z-0000000-m', 'nie', 'Z0000000M'],
    ['K0000000T', 'dni', 'K0000000T'],
  ])('%s is a %s', (text, scheme, identifier) => {
    expect(nifIn(text)).toEqual({ scheme, country: 'ES', identifier });
  });
  test.each(['12345678A', '123456789Z', 'X0000000A', 'I0000000T', '', 'Z', 'Q0000000J'])(
    '%j is neither',
    (text) => {
      expect(nifIn(text)).toBeNull();
    },
  );
});

describe('organisations', () => {
  // Published numbers: the AOC's Q0801175A, Barcelona's P0801900B, Telefónica's A28015865, the AOC's test Q0000000J.
  test.each(['Q0801175A', 'P0801900B', 'A28015865', 'Q0000000J', 'a-28015865'])(
    '%s is one',
    (text) => {
      expect(companyIn(text)).toBe(text.toUpperCase().replaceAll('-', ''));
    },
  );
  test.each(['A28015866', 'P0801900A', '12345678Z', 'P08019002'])('%s is none', (text) => {
    expect(companyIn(text)).toBeNull();
  });
});

describe('other identifiers', () => {
  test('an eIDAS identifier stays as its state wrote it', () => {
    const identifier = 'DE/ES/aBc+/=123';
    expect(eidasIn(identifier)).toEqual({ scheme: 'eidas', country: 'DE', identifier });
  });
  test('that of Spain is the DNI, so that providers agree on the person', () => {
    expect(eidasIn('ES/PT/12345678Z')).toEqual(nifIn('12345678Z'));
  });
  test('spaces are no part of it', () => {
    expect(eidasIn(' DE / ES / aB c1 ')).toEqual(eidasIn('DE/ES/aBc1'));
  });
  test('Greece is one country, however it is written', () => {
    const greek = { scheme: 'eidas', country: 'EL', identifier: 'EL/ES/1234' };
    expect(eidasIn('EL/ES/1234')).toEqual(greek);
    expect(eidasIn('GR/ES/1234')).toEqual(greek);
    expect(eidasIn('DE/GR/1234')).toEqual(eidasIn('DE/EL/1234'));
  });
  test('it is never the number of a document', () => {
    expect(documentIn('other', 'FR', 'ES/ES/12345678A')).toBeNull();
    expect(documentIn('other', 'FR', 'AB/12345')).not.toBeNull();
  });
  test('what has no countries is none', () => {
    expect(eidasIn('12345678Z')).toBeNull();
  });
  test('a passport has a country', () => {
    expect(documentIn('passport', 'MA', 'ab 123456')).toEqual({
      scheme: 'passport',
      country: 'MA',
      identifier: 'AB123456',
    });
    expect(documentIn('passport', '', 'AB123456')).toBeNull();
    expect(documentIn('other', 'FR', '<script>')).toBeNull();
  });
});

describe('masks', () => {
  // The examples of the AEPD's guidance.
  test.each([
    ['dni', '12345678X', '***4567**'],
    ['nie', 'L1234567X', '****4567*'],
    ['passport', 'ABC123456', '*****3456'],
    ['other', 'XY12345678AB', '*****78AB'],
    ['other', 'ABC1234', '***1234'],
    // A short number is never shown whole.
    ['other', 'AB1234', '****34'],
    ['passport', 'A123', '**23'],
    ['eidas', 'FR/ES/abcd', '**cd'],
    ['eidas', 'FR/ES/abc', '**c'],
    ['eidas', 'FR/ES/a', '*'],
    ['eidas', 'DE/ES/aBc+/=123', '*****=123'],
  ] as const)('of a %s', (scheme, identifier, masked) => {
    expect(maskedIdentifier({ scheme, identifier })).toBe(masked);
  });
});
