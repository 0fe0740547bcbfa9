import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reader } from './environment.ts';
import { readProviderSecrets } from './provider-secrets.ts';

const PEM = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const read = (env: Record<string, string>) => {
  const mistakes: string[] = [];
  return { found: readProviderSecrets(env, reader(env, mistakes)), mistakes };
};

test('each provider has the secrets of its code, given or in a file', () => {
  const file = join(tmpdir(), `finestreta-key-${process.pid}.pem`);
  writeFileSync(file, PEM);
  const { found, mistakes } = read({
    IDENTITY_VALID_SECRET: 'given by the AOC',
    IDENTITY_CLAVE_2_KEY_FILE: file,
    IDENTITY: 'nothing',
  });
  expect(mistakes).toEqual([]);
  expect(Object.fromEntries(found)).toEqual({
    valid: { secret: 'given by the AOC', key: null, certificate: null },
    'clave-2': { secret: null, key: PEM.trim(), certificate: null },
  });
});

test('what is no key or no certificate is named, and not shown', () => {
  const { mistakes } = read({ IDENTITY_CLAVE_KEY: 'abc', IDENTITY_CLAVE_CERTIFICATE: 'def' });
  expect(mistakes).toEqual([
    'IDENTITY_CLAVE_KEY must be a private key without a password (PEM); it is something else.',
    'IDENTITY_CLAVE_CERTIFICATE must be a certificate (PEM); it is something else.',
  ]);
});
