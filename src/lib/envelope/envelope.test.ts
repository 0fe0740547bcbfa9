import { randomBytes, randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { installationKey } from '../secrets.ts';
import { documentKeys, newKey, unwrapKey, wrapKey } from './keys.ts';
import type { Place } from './place.ts';
import { Broken, SEAL_BYTES, sealText, unsealText } from './seal.ts';
import { cut, openSegments, SEGMENT_BYTES, sealSegment, segmentsOf } from './segments.ts';

const SEALED = SEGMENT_BYTES + SEAL_BYTES;
const place = (): Place => ({
  ...{ office: 1, space: randomUUID(), shelf: 'working', document: randomUUID() },
});
const here = place();
const key = newKey();

function sealAll(clear: Buffer, at: Place = here, under: Buffer = key): Buffer {
  const of = segmentsOf(clear.length);
  const sealed = Buffer.alloc(of * SEALED);
  let length = 0;
  for (let index = 0; index < of; index++) {
    const segment = clear.subarray(index * SEGMENT_BYTES, (index + 1) * SEGMENT_BYTES);
    length += sealSegment(sealed.subarray(length), under, at, { index, of }, segment);
  }
  return sealed.subarray(0, length);
}
const openAll = (sealed: Buffer, size: number, at: Place = here, under: Buffer = key): Buffer => {
  const of = segmentsOf(size);
  const clear = Buffer.concat([...openSegments(under, at, { first: 0, of }, sealed)]);
  if (clear.length !== size) throw new Broken('not whole');
  return clear;
};

test.each([0, 1, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 3 * SEGMENT_BYTES])(
  'sealed data opens unchanged: %i bytes',
  (size) => {
    const clear = randomBytes(size);
    const sealed = sealAll(clear);
    expect(sealed.length).toBe(size + segmentsOf(size) * SEAL_BYTES);
    expect(openAll(sealed, size)).toEqual(clear);
  },
);

test('the same bytes sealed twice have nothing in common', () => {
  const clear = Buffer.alloc(SEGMENT_BYTES, 'x');
  expect(sealAll(clear).equals(sealAll(clear))).toBe(false);
});

describe('a document is refused', () => {
  const size = 3 * SEGMENT_BYTES + 1000;
  const clear = randomBytes(size);
  const sealed = sealAll(clear);
  const segment = (index: number) => sealed.subarray(index * SEALED, (index + 1) * SEALED);
  const other = place();
  const whole = [0, 1, 2, 3].map(segment);
  const flipped = (at: number) => {
    const copy = Buffer.from(sealed);
    copy[at]! ^= 1;
    return copy;
  };
  const foreign = (at: Place) => sealAll(clear, at).subarray(SEALED, 2 * SEALED);

  test.each<[string, Buffer]>([
    ['that is cut within a segment', sealed.subarray(0, -1)],
    ['that is cut after a segment', sealed.subarray(0, 3 * SEALED)],
    ['that is cut to nothing', Buffer.alloc(0)],
    ['with two segments in each other’s place', Buffer.concat([1, 0, 2, 3].map(segment))],
    ['without its first segment', Buffer.concat(whole.slice(1))],
    ['without one in its middle', Buffer.concat([0, 2, 3].map(segment))],
    ['with a segment twice', Buffer.concat([0, 1, 1, 2, 3].map(segment))],
    ['with its end twice', Buffer.concat([0, 1, 2, 3, 3].map(segment))],
    ['with something behind', Buffer.concat([sealed, Buffer.from([0])])],
    ['with a bit of a nonce changed', flipped(3)],
    ['with a bit of its text changed', flipped(SEALED + 500)],
    ['with a bit of a tag changed', flipped(2 * SEALED - 1)],
    [
      'with a segment of another document',
      Buffer.concat([
        segment(0),
        foreign({ ...here, document: other.document! }),
        ...whole.slice(2),
      ]),
    ],
    [
      'with a segment of another office',
      Buffer.concat([segment(0), foreign({ ...here, office: 2 }), ...whole.slice(2)]),
    ],
  ])('%s', (_, changed) => expect(() => openAll(changed, size)).toThrow(Broken));

  test.each<[string, Place]>([
    ['office', { ...here, office: 2 }],
    ['space', { ...here, space: other.space! }],
    ['shelf', { ...here, shelf: 'evidence' }],
    ['document', { ...here, document: other.document! }],
  ])('in the place of one of another %s', (_, at) =>
    expect(() => openAll(sealed, size, at)).toThrow(Broken),
  );

  test('whose end was made the end of a shorter one, or under another key', () => {
    expect(() => openAll(sealed.subarray(0, 3 * SEALED), 3 * SEGMENT_BYTES)).toThrow(Broken);
    expect(() => openAll(sealed, size, here, newKey())).toThrow(Broken);
  });

  test('with any changed bit, and wherever it is cut', () => {
    const short = sealAll(Buffer.from('a short one'));
    fc.assert(
      fc.property(fc.nat(short.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(short);
        changed[at]! ^= 1 << bit;
        expect(() => openAll(changed, 11)).toThrow(Broken);
        expect(() => openAll(short.subarray(0, at), 11)).toThrow(Broken);
      }),
    );
  });
});

test('keys open under the key above, for their owner, and nowhere else', async () => {
  const provider = documentKeys(installationKey(Buffer.alloc(32, 7)));
  const stranger = documentKeys(installationKey(Buffer.alloc(32, 8)));
  const office = newKey();
  const wrapped = provider.wrap(office, 1);
  expect(wrapped.wrapped.includes(office)).toBe(false);
  expect(await provider.unwrap(wrapped, 1)).toEqual(office);
  await expect(provider.unwrap(wrapped, 2)).rejects.toThrow(Broken);
  await expect(stranger.unwrap(wrapped, 1)).rejects.toThrow(Broken);

  const own = wrapKey(office, here, key);
  expect(unwrapKey(office, here, own)).toEqual(key);
  for (const at of [{ ...here, office: 2 }, { ...here, document: randomUUID() }, { office: 1 }])
    expect(() => unwrapKey(office, at, own)).toThrow(Broken);
});

test('a name is not readable, and opens only in its own place', () => {
  const sealed = sealText(key, here, 'name', 'DNI de la Rosa.pdf');
  expect(sealed.includes('Rosa')).toBe(false);
  expect(unsealText(key, here, 'name', sealed)).toBe('DNI de la Rosa.pdf');
  expect(() => unsealText(key, here, 'reason', sealed)).toThrow(Broken);
  expect(() => unsealText(key, { ...here, office: 2 }, 'name', sealed)).toThrow(Broken);
});

test('a stream is cut into equal parts, however it arrives', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 })), async (parts) => {
      const stream = async function* () {
        yield* parts;
      };
      const got = await Array.fromAsync(cut(stream(), 16));
      expect(Buffer.concat(got)).toEqual(Buffer.concat(parts));
      expect(got.slice(0, -1).every((each) => each.length === 16)).toBe(true);
      expect(got.every((each) => each.length > 0 && each.length <= 16)).toBe(true);
    }),
  ));
