import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../config.ts';
import { handClock, systemClock } from '../clock.ts';
import { HAS_TOKEN, importKey, makeToken, TOKEN } from '../keys/testing.ts';
import { readSignature, sha256Of } from './cms.ts';
import { createSeal } from './seal.ts';
import { NO_TOOLS, run, testAuthority, testFolder } from './testing.ts';

let own: Awaited<ReturnType<typeof testAuthority>>;
let other: Awaited<ReturnType<typeof testAuthority>>;
const folder = testFolder();
afterAll(() => folder[Symbol.dispose]());
beforeAll(async () => {
  own = await testAuthority();
  other = await testAuthority();
});

const read = (env: Record<string, string>) => readConfig(env).seal;

describe('a seal by file', () => {
  test('is its key, its certificate and those above it', () => {
    const seal = read({
      SEAL_KEY_FILE: folder.at('key.pem', own.own.keyPem),
      SEAL_CERTIFICATE_FILE: folder.at('certificate.pem', own.chain),
      SEAL_STAMP_URL: 'https://user:secret@tsa.example/tsr',
    });
    expect(seal?.certificates.map(({ subject }) => subject.split('\n')[0])).toEqual([
      'CN=Segell electronic',
      'CN=Test CA',
    ]);
    // What shows the settings must not show the key.
    expect(JSON.stringify(seal)).not.toContain('PRIVATE');
  });

  test('is none without the variables', () => {
    expect(read({})).toBeNull();
  });

  test.each<[string, () => Record<string, string>, RegExp]>([
    [
      'of another key',
      () => ({ SEAL_KEY: other.own.keyPem, SEAL_CERTIFICATE: own.chain }),
      /another key/,
    ],
    ['without its key', () => ({ SEAL_CERTIFICATE: own.chain }), /needs SEAL_KEY/],
    ['without its certificate', () => ({ SEAL_KEY: own.own.keyPem }), /needs SEAL_CERTIFICATE/],
    [
      'of an authority',
      () => ({ SEAL_KEY: own.root.keyPem, SEAL_CERTIFICATE: own.root.pem }),
      /that of an authority/,
    ],
    [
      'stamped without TLS',
      () => ({
        ...{ SEAL_KEY: own.own.keyPem, SEAL_CERTIFICATE: own.chain },
        SEAL_STAMP_URL: 'http://tsa.example/tsr',
      }),
      /SEAL_STAMP_URL must begin with https/,
    ],
    [
      'in a token that is not named',
      () => ({ SEAL_PKCS11_KEY: 'seal', SEAL_CERTIFICATE: own.chain }),
      /SEAL_PKCS11_KEY needs PKCS11_MODULE and PKCS11_TOKEN and PKCS11_PIN/,
    ],
    [
      'that is no key',
      () => ({ SEAL_KEY: 'no', SEAL_CERTIFICATE: own.chain }),
      /must be a private key/,
    ],
  ])('%s is refused at start', (_, env, words) => {
    expect(() => read(env())).toThrow(words);
  });

  test('that is out of date, or not yet valid, is refused at start', async () => {
    const old = await testAuthority({
      from: '2020-01-01T00:00:00Z',
      until: '2024-01-01T00:00:00Z',
    });
    const soon = await testAuthority({
      from: '2090-01-01T00:00:00Z',
      until: '2091-01-01T00:00:00Z',
    });
    const env = ({ own: { keyPem }, chain }: typeof old) => ({
      SEAL_KEY: keyPem,
      SEAL_CERTIFICATE: chain,
    });
    expect(() => read(env(old))).toThrow('SEAL_CERTIFICATE was valid until 2024-01-01.');
    expect(() => read(env(soon))).toThrow('SEAL_CERTIFICATE is valid from 2090-01-01 on.');
  });
});

describe.skipIf(NO_TOOLS || !HAS_TOKEN)('a seal in a PKCS #11 token', () => {
  beforeAll(() => {
    makeToken();
    importKey(folder.at('ec.pem', own.own.keyPem), 'seal', '5ea1');
    const rsa = [
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '300',
    ] as const;
    run(
      ...rsa,
      '-keyout',
      folder.at('rsa.pem'),
      '-out',
      folder.at('rsa.crt'),
      '-subj',
      '/CN=RSA',
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    );
    importKey(folder.at('rsa.pem'), 'rsa', '5ea2');
  });

  const place = {
    PKCS11_MODULE: TOKEN.module,
    PKCS11_TOKEN: TOKEN.token,
    PKCS11_PIN: TOKEN.pin,
  };
  const clock = handClock(systemClock.now().add({ hours: 1 }).toString());
  const digest = sha256Of(Buffer.from('a document'));

  test.each([
    ['seal', () => ({ SEAL_CERTIFICATE: own.chain })],
    ['rsa', () => ({ SEAL_CERTIFICATE_FILE: folder.at('rsa.crt') })],
  ])('signs with its key %s, which never leaves it', async (label, certificate) => {
    const settings = read({ ...place, ...certificate(), SEAL_PKCS11_KEY: label });
    const seal = createSeal(settings!, { clock, onUnstamped: () => {} });
    const signature = await seal.seal(digest);
    expect(readSignature(signature, digest)?.certificate.raw).toEqual(seal.certificate.raw);
    expect(readSignature(signature, sha256Of(Buffer.from('another')))).toBeNull();
  });

  test('tells when the token has no such key', async () => {
    const settings = read({ ...place, SEAL_CERTIFICATE: own.chain, SEAL_PKCS11_KEY: 'no' });
    const seal = createSeal(settings!, { clock, onUnstamped: () => {} });
    await expect(seal.seal(digest)).rejects.toThrow(/no private key called no/);
  });
});
