import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSigned, sign } from './signature.ts';

const SECRET = 'sq7HjrUOBfKmC576ILgskD5srU870gJ7';

describe('signatures that Redsys and others have published', () => {
  /** pagosonline.redsys.es, "Firmar una operación". */
  const PUBLISHED =
    'eyJEU19NRVJDSEFOVF9BTU9VTlQiOiI5OTkiLCJEU19NRVJDSEFOVF9PUkRFUiI6IjEyMzQ1Njc4OTAiLCJEU19NRVJDSEFOVF9NRVJDSEFOVENPREUiOiI5OTkwMDg4ODEiLCJEU19NRVJDSEFOVF9DVVJSRU5DWSI6Ijk3OCIsIkRTX01FUkNIQU5UX1RSQU5TQUNUSU9OVFlQRSI6IjAiLCJEU19NRVJDSEFOVF9URVJNSU5BTCI6IjEiLCJEU19NRVJDSEFOVF9NRVJDSEFOVFVSTCI6Imh0dHA6XC9cL3d3dy5wcnVlYmEuY29tXC91cmxOb3RpZmljYWNpb24ucGhwIiwiRFNfTUVSQ0hBTlRfVVJMT0siOiJodHRwOlwvXC93d3cucHJ1ZWJhLmNvbVwvdXJsT0sucGhwIiwiRFNfTUVSQ0hBTlRfVVJMS08iOiJodHRwOlwvXC93d3cucHJ1ZWJhLmNvbVwvdXJsS08ucGhwIn0';

  test('V2', () => {
    expect(
      sign('HMAC_SHA512_V2', { secret: SECRET, order: '1234567890', parameters: PUBLISHED }),
    ).toBe(
      'Vjo02eSWq249IeZZp3R-ArFnGLhKY0OuzDDlx1BuVtZDC2yhczA7_11uZhsYzLZBCMFAz8u8uzGDX3AErHKmmw',
    );
  });

  test('V1 of a request', () => {
    const parameters =
      'eyJEU19NRVJDSEFOVF9BTU9VTlQiOiI5OTkiLCJEU19NRVJDSEFOVF9PUkRFUiI6IjEyMzQ1Njc4OTAxMiJ9';
    expect(sign('HMAC_SHA256_V1', { secret: SECRET, order: '123456789012', parameters })).toBe(
      'BPEXSazbBJ6gjbF6vxi9jF/PGpZsr4BSXHV2qf39fD0=',
    );
  });
});

/** What OpenSSL makes of it, as an independent answer. */
function byOpenSsl(version: 'HMAC_SHA256_V1' | 'HMAC_SHA512_V2', order: string, text: string) {
  const openssl = (args: string[], input: Buffer) => execFileSync('openssl', args, { input });
  if (version === 'HMAC_SHA512_V2') {
    const key = Buffer.from(SECRET.slice(0, 16)).toString('hex');
    const args = ['enc', '-aes-128-cbc', '-K', key, '-iv', '0'.repeat(32)];
    const derived = openssl(args, Buffer.from(order)).toString('base64');
    const hex = Buffer.from(derived).toString('hex');
    const mac = ['dgst', '-sha512', '-mac', 'HMAC', '-macopt', `hexkey:${hex}`, '-binary'];
    return openssl(mac, Buffer.from(text)).toString('base64url');
  }
  const key = Buffer.from(SECRET, 'base64').toString('hex');
  const padded = Buffer.alloc(Math.ceil(order.length / 8) * 8);
  padded.write(order);
  const args = ['enc', '-des-ede3-cbc', '-K', key, '-iv', '0'.repeat(16), '-nopad'];
  const hex = openssl(args, padded).toString('hex');
  const mac = ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${hex}`, '-binary'];
  return openssl(mac, Buffer.from(text)).toString('base64');
}

describe.each(['HMAC_SHA256_V1', 'HMAC_SHA512_V2'] as const)('%s', (version) => {
  test.each(['2611', '26110001', '2611ABCDEFGH', '2611abc'])(
    'of %s is that of OpenSSL',
    (order) => {
      const parameters = Buffer.from(`{"a":"${order}"}`).toString('base64');
      expect(sign(version, { secret: SECRET, order, parameters })).toBe(
        byOpenSsl(version, order, parameters),
      );
    },
  );

  test('holds for what was signed, in either alphabet of base64, and for nothing else', () => {
    const order = fc.stringMatching(/^\d{4}[0-9A-Z]{8}$/);
    fc.assert(
      fc.property(order, fc.string(), fc.nat(), (of, parameters, at) => {
        const on = { secret: SECRET, order: of, parameters };
        const signature = sign(version, on);
        const other = signature.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
        const bytes = Buffer.from(signature, 'base64');
        bytes[at % bytes.length]! ^= 1 << (at % 8);
        return (
          isSigned(version, { ...on, signature }) &&
          isSigned(version, { ...on, signature: other }) &&
          !isSigned(version, { ...on, signature: bytes.toString('base64') }) &&
          !isSigned(version, { ...on, parameters: `${parameters} `, signature }) &&
          !isSigned(version, { ...on, order: '000000000000', signature }) &&
          !isSigned(version, { ...on, signature: '' })
        );
      }),
    );
  });
});
