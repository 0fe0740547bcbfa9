import { cborEncode, DataItem } from '@owf/mdoc';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { transcriptOf } from '../../../../e2e/support/identity/pid.ts';
import { decode, encode, Tagged } from './cbor.ts';
import { sessionTranscript } from './transcript.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

test('a text keeps its first sign, whatever it is', () => {
  expect(decode(hex('63efbbbf'))).toBe('\ufeff');
});

test.each([
  ['00', 0],
  ['1818', 24],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['1bffffffffffffffff', 18_446_744_073_709_551_615n],
  ['3863', -100],
  ['3bffffffffffffffff', -18_446_744_073_709_551_616n],
  ['fb3ff199999999999a', 1.1],
  ['f5', true],
  ['f6', null],
  ['62c3bc', 'ü'],
  ['83010203', [1, 2, 3]],
  [
    'a26161016162820203',
    new Map<string, unknown>([
      ['a', 1],
      ['b', [2, 3]],
    ]),
  ],
  ['c074323031332d30332d32315432303a30343a30305a', new Tagged(0, '2013-03-21T20:04:00Z')],
])('%s is read as RFC 8949, annex A says', (text, value) => {
  expect(decode(hex(text))).toEqual(value);
});

test.each([
  ['an end before the end', '1903'],
  ['more after the end', '0000'],
  ['a length that is not given', '9f01ff'],
  ['more bytes than there are', '5affffffff00'],
  ['more elements than there are', '9affffffff00'],
  ['a key twice', 'a2616101616102'],
  ['a key that is a list', 'a18001'],
  ['letters that are no UTF-8', '61ff'],
  ['a reserved length', '1c'],
])('%s is refused', (_, text) => {
  expect(() => decode(hex(text))).toThrow();
});

test('what is nested without end is refused', () => {
  expect(() => decode(hex('81'.repeat(100_000)))).toThrow('cbor_depth');
});

test('what another encoder writes is read', () => {
  const leaf = fc.oneof(
    fc.integer(),
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('tree'), { maxLength: 30 })),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      expect(decode(cborEncode(value))).toEqual(value);
    }),
  );
});

test('what is written is what another encoder writes', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.uint8Array({ maxLength: 70_000 }),
      (text, bytes) => {
        const list = encode.list([encode.text(text), encode.bytes(bytes), encode.null()]);
        expect(list).toEqual(Buffer.from(cborEncode([text, bytes, null])));
        const item = cborEncode(DataItem.fromBuffer(Uint8Array.from(list)));
        expect(encode.embedded(list)).toEqual(Buffer.from(item));
      },
    ),
    { numRuns: 50 },
  );
});

const SESSION = {
  clientId: 'x509_san_dns:example.com',
  nonce: 'exc7gBkxjx1rdc9udRrveKvSsJIq80avlXeLHhGwqtA',
  responseUri: 'https://example.com/response',
  origin: 'https://example.com',
  thumbprint: hex('4283ec927ae0f208daaa2d026a814f2b22dca52cf85ffa8f3f8626c6bd669047'),
};

test.each([
  [
    'direct' as const,
    '83f6f682714f70656e494434565048616e646f7665725820048bc053c00442af9b8eed494cefdd9d95240d254b046b11b68013722aad38ac',
  ],
  [
    'browser' as const,
    '83f6f682764f70656e4944345650444341504948616e646f7665725820fbece366f4212f9762c74cfdbf83b8c69e371d5d68cea09cb4c48ca6daab761a',
  ],
])('the session of the way %s is that of OpenID4VP 1.0, annex B.2.6', async (way, text) => {
  expect(sessionTranscript({ ...SESSION, way }).toString('hex')).toBe(text);
  const responseUri = way === 'direct' ? SESSION.responseUri : null;
  const other = await transcriptOf({ ...SESSION, responseUri });
  expect(Buffer.from(other.encode()).toString('hex')).toBe(text);
});
