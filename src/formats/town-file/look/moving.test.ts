import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { addressOf, pictureFault } from './logo.ts';
import { isMoving } from './moving.ts';
import { svgFault } from './svg.ts';

/** Returns a chunk of a PNG (ISO/IEC 15948, 5.3). */
function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Returns one grey pixel with a colour profile of 4 kB, as programs for photographers write it; the animated variant has two frames. */
const png = (isAnimated: boolean): Buffer =>
  Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])),
    chunk('iCCP', Buffer.concat([Buffer.from('acTL\0\0', 'latin1'), randomBytes(4000)])),
    ...(isAnimated ? [chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]))] : []),
    chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);

/** Returns an extended WebP with a colour profile (RFC 9649, 2.7): its flags, and the chunks that they declare. */
function webp(isAnimated: boolean): Buffer {
  const of = (name: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(data.length);
    return Buffer.concat([Buffer.from(name, 'latin1'), length, data]);
  };
  const flags = 0x20 | (isAnimated ? 0x02 : 0);
  const chunks = Buffer.concat([
    of('VP8X', Buffer.from([flags, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
    of('ICCP', randomBytes(4000)),
    ...(isAnimated ? [of('ANIM', Buffer.alloc(6))] : []),
  ]);
  return of('RIFF', Buffer.concat([Buffer.from('WEBP', 'latin1'), chunks]));
}

test('a picture that declares animation moves, however long its profile is', () => {
  expect([png(true), png(false), webp(true), webp(false)].map(isMoving)).toEqual([
    ...[true, false, true, false],
  ]);
  const faults = [png(true), png(false), webp(true), webp(false)].map(
    (each) => pictureFault(addressOf(each))?.kind ?? null,
  );
  expect(faults).toEqual(['picture_moves', null, 'picture_moves', null]);
});

test('a truncated picture does not move', () => {
  const whole = png(false);
  for (let length = 0; length < whole.length; length += 7)
    expect(isMoving(whole.subarray(0, length))).toBe(false);
});

test('a moving picture inside a drawing is refused too, whatever its declared type', () => {
  const drawing = (kind: string, bytes: Buffer) =>
    `<svg xmlns="http://www.w3.org/2000/svg"><image href="data:image/${kind};base64,${bytes.toString('base64')}"/></svg>`;
  expect(svgFault(drawing('png', png(false)))).toBeNull();
  expect(svgFault(drawing('png', png(true)))).toBe('active');
  expect(svgFault(drawing('jpeg', png(true)))).toBe('active');
  expect(svgFault(drawing('jpeg', Buffer.from('GIF89a')))).toBe('active');
  expect(svgFault(drawing('gif', Buffer.from('GIF89a')))).toBe('active');
  expect(svgFault(drawing('webp', webp(false)))).toBe('active');
});
