import { expect, test } from 'vitest';
import { isFromSecondFactor, verifiedEmail } from './rules.ts';

test.each([
  [{ email: 'Anna@Vilaprova.example', email_verified: true }, 'anna@vilaprova.example'],
  [{ email: 'anna@vilaprova.example' }, null],
  [{ email: 'anna@vilaprova.example', email_verified: false }, null],
  [{ email: 'anna@vilaprova.example', email_verified: 'true' }, null],
  [{ email: 'anna@vilaprova.example', xms_edov: true }, 'anna@vilaprova.example'],
  [{ email: 'anna@vilaprova.example', xms_edov: '1' }, 'anna@vilaprova.example'],
  [{ email: 'anna@vilaprova.example', xms_edov: false }, null],
  [{ email: ['anna@vilaprova.example'], email_verified: true }, null],
  [{ email_verified: true }, null],
])('%o has the address %s', (claims, email) => {
  expect(verifiedEmail(claims)).toBe(email);
});

test.each([
  [{ amr: ['pwd', 'mfa'] }, true],
  [{ acr: 'gold' }, true],
  [{ amr: ['pwd'] }, false],
  [{ amr: 'mfa' }, false],
  [{ amr: [['mfa']], acr: 2 }, false],
  [{}, false],
])('%o: from a second factor: %s', (claims, is) => {
  expect(isFromSecondFactor(claims, ['mfa', 'gold'])).toBe(is);
});

test('where nothing counts as a second factor, nothing does', () => {
  expect(isFromSecondFactor({ amr: ['mfa'], acr: '' }, [])).toBe(false);
});
