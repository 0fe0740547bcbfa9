import { expect, test } from 'vitest';
import { samlKeys } from '../../../e2e/support/identity/saml-keys.ts';
import { townResidents } from '../../domain/office/connectors/residents.ts';
import { aboutResidents } from './residents.ts';

const padro = (more: object = {}) =>
  townResidents.parse({ kind: 'padro', ine10: '0899990001', purpose: 'PADRO', ...more });
const key = samlKeys('vilaclara.example');

test('a list needs nothing; PADRO needs a key, and to be told about protected people', () => {
  expect(aboutResidents(undefined, null)).toEqual([]);
  expect(aboutResidents(townResidents.parse({ kind: 'list' }), null)).toEqual([]);
  expect(aboutResidents(padro(), null)).toMatchObject([{ state: 'wrong' }]);
  expect(aboutResidents(padro(), key)).toMatchObject([{ state: 'warning' }]);
  expect(aboutResidents(padro({ leavesOutProtected: true }), key)).toEqual([]);
});
