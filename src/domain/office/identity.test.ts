import { expect, test } from 'vitest';
import { identityProvider } from './identity.ts';

const name = { ca: 'Prova', es: 'Prueba', en: 'Test', eu: 'Proba' };
const oidc = {
  kind: 'oidc',
  code: 'test',
  name,
  issuer: 'https://id.vilaclara.example',
  clientId: 'finestreta',
  levels: { 'urn:town:card': 'high' },
  identifier: { claim: 'nif' },
};
const valid = { kind: 'valid', code: 'valid', name, clientId: '0123456789.serveis.aoc.cat' };

/** Returns where the mistakes are. */
const mistakesIn = (value: object): string[] => {
  const issues = identityProvider.safeParse(value).error?.issues ?? [];
  return [...new Set(issues.map(({ path }) => path.join('.')))];
};

test('a provider is where nobody can listen', () => {
  expect(mistakesIn(oidc)).toEqual([]);
  expect(mistakesIn({ ...oidc, issuer: 'http://localhost:8080/realms/town' })).toEqual([]);
  expect(mistakesIn({ ...oidc, issuer: 'http://id.vilaclara.example' })).toEqual(['issuer']);
  expect(mistakesIn({ ...oidc, issuer: 'https://' })).toEqual(['issuer']);
  expect(mistakesIn(valid)).toEqual([]);
  expect(mistakesIn({ ...valid, endpoint: 'http://valid-pre.aoc.cat' })).toEqual(['endpoint']);
});

test('passports are those of a country', () => {
  const identifier = { claim: 'document', scheme: 'passport' };
  expect(mistakesIn({ ...oidc, identifier })).toEqual(['identifier.country']);
  expect(mistakesIn({ ...oidc, identifier: { ...identifier, country: 'AD' } })).toEqual([]);
});
