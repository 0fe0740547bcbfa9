import { expect, test } from 'vitest';
import { aboutDatabaseCertificate } from './certificate.ts';

const now = Temporal.Instant.from('2026-11-30T10:00:00Z');

test.each([
  [null, []],
  [24 * 30, []],
  [24 * 30 - 1, ['warning: The certificate of the database server ends in 29 days.']],
  [1, ['warning: The certificate of the database server ends in 0 days.']],
  [-1, ['wrong: The certificate of the database server has ended.']],
])('the certificate of the database server, %s hours before its end: %j', (hours, said) => {
  const end = hours === null ? null : now.add({ hours });
  const found = aboutDatabaseCertificate(end, now);
  expect(found.map(({ state, words }) => `${state}: ${words}`)).toEqual(said);
});
