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
const saml = {
  kind: 'saml',
  code: 'clave',
  name,
  entity: 'urn:clave',
  endpoint: 'https://pasarela.example/sso',
  logout: 'https://pasarela.example/slo',
  certificates: ['MIIB'],
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
  expect(mistakesIn(saml)).toEqual([]);
  expect(mistakesIn({ ...saml, endpoint: 'http://127.0.0.1:9000/sso' })).toEqual([]);
  expect(mistakesIn({ ...saml, endpoint: 'http://pasarela.example/sso' })).toEqual(['endpoint']);
  expect(mistakesIn({ ...saml, logout: 'http://pasarela.example/slo' })).toEqual(['logout']);
});

test('passports are those of a country', () => {
  const identifier = { claim: 'document', scheme: 'passport' };
  expect(mistakesIn({ ...oidc, identifier })).toEqual(['identifier.country']);
  expect(mistakesIn({ ...oidc, identifier: { ...identifier, country: 'AD' } })).toEqual([]);
});
