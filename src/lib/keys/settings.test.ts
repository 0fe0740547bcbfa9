import { expect, test } from 'vitest';
import { readConfig } from '../../config.ts';

const THERE = import.meta.filename;
const whole = {
  ...{
    KEY_PROVIDER: 'pkcs11',
    PKCS11_MODULE: THERE,
    PKCS11_TOKEN: 'vilaclara',
    PKCS11_PIN: '4821',
  },
};

test('a token is used when the environment says so, and only then', () => {
  expect(readConfig(whole).pkcs11).toEqual({
    ...{ module: THERE, token: 'vilaclara', pin: '4821', key: 'finestreta' },
  });
  expect(readConfig({ ...whole, KEY_PROVIDER: 'file' }).pkcs11).toBeNull();
  expect(readConfig({}).pkcs11).toBeNull();
});

test.each<[Record<string, string | undefined>, RegExp]>([
  [{ ...whole, PKCS11_PIN: undefined }, /KEY_PROVIDER=pkcs11 needs PKCS11_PIN too/],
  [{ KEY_PROVIDER: 'pkcs11' }, /needs PKCS11_MODULE and PKCS11_TOKEN and PKCS11_PIN too/],
  [{ ...whole, PKCS11_MODULE: '/none.so' }, /PKCS11_MODULE must be the file/],
  [{ ...whole, PKCS11_TOKEN: 'a/b' }, /PKCS11_TOKEN must be a label/],
  [{ KEY_PROVIDER: 'paper' }, /KEY_PROVIDER must be file or pkcs11/],
  [{ BACKUP_RECIPIENT: 'rosa@example.cat' }, /BACKUP_RECIPIENT must be recipients of age/],
])('a mistake is reported with its variable: %j', (env, words) =>
  expect(() => readConfig(env)).toThrow(words),
);

test('a PIN is in no message', () => {
  expect(() => readConfig({ ...whole, PKCS11_TOKEN: 'x'.repeat(33) })).not.toThrow(/4821/);
});
