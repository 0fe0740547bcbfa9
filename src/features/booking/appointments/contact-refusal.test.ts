import { expect, test } from 'vitest';
import { SCOPES } from '../../../domain/scopes.ts';
import { contactRefusal } from './rules.ts';

const token = (scopes: readonly string[]) =>
  ({ kind: 'token', token: 1, office: 1, scopes: new Set(scopes) }) as const;
const withoutContacts = token(SCOPES.filter((each) => each !== 'contacts:write'));

test.each([
  ['every scope', token(SCOPES), false, null],
  ['every scope', token(SCOPES), true, 'has_documents'],
  ['all scopes but contacts:write', withoutContacts, false, 'not_allowed'],
  ['all scopes but contacts:write', withoutContacts, true, 'not_allowed'],
  ['no scope', token([]), false, 'not_allowed'],
] as const)('of a token with %s (%#)', (_, viewer, hasDocuments, refusal) => {
  expect(contactRefusal(viewer, hasDocuments)).toBe(refusal);
});
