import { expect, test } from 'vitest';
import { passwordFor } from './credentials.ts';

const now = Temporal.Instant.from('2026-11-25T08:00:00Z');

test('the user names the end and the extension, the password signs both', () => {
  const made = passwordFor({ secret: 'north', passwords: {} }, '103', 'sip.example', now);
  // printf '1795594500:103' | openssl dgst -sha1 -hmac north -binary | base64
  expect(made).toEqual({ user: '1795594500:103', password: '7NNAAdBRpPujOPdewioFlF1fYos=' });
});

test('a password of its own goes before the secret; that of another exchange is none', () => {
  const secrets = { secret: 'north', passwords: { '103@sip.example': 'ease' } };
  expect(passwordFor(secrets, '103', 'sip.example', now)).toEqual({
    user: '103',
    password: 'ease',
  });
  expect(passwordFor({ ...secrets, secret: null }, '103', 'other.example', now)).toBeNull();
});
