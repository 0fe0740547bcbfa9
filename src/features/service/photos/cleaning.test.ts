import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jpg, png, segment } from '../documents/checks/testing/files.ts';
import { cleanPhoto } from './cleaning.ts';
import { readPhoto } from './rules.ts';
import { exif } from './testing.ts';

/* A reader of its own goes through what is left: it knows no part of what cleans. */

/** Returns the markers of a JPEG with their bodies, through all its scans. */
function segmentsIn(bytes: Uint8Array): [marker: number, body: string][] {
  const found: [number, string][] = [];
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker === 0 || marker === 0xff) {
      at++;
      continue;
    }
    if (marker >= 0xd0 && marker <= 0xd9) {
      found.push([marker, '']);
      at += 2;
      continue;
    }
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    found.push([marker, Buffer.from(bytes.subarray(at + 4, at + 2 + length)).toString('latin1')]);
    at += 2 + length;
  }
  return found;
}

const chunksIn = (bytes: Buffer): string[] => {
  const names: string[] = [];
  for (let at = 8; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at))
    names.push(bytes.subarray(at + 4, at + 8).toString('latin1'));
  return names;
};

/** A chunk of a PNG; nobody looks at its sum. */
function chunk(name: string, text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, Buffer.from(name + text, 'latin1'), Buffer.alloc(4)]);
}

const SAYS = 'GPS 41.1579 Maria Puig iPhone';
const marked = (marker: number) => segment(marker, SAYS);
const MARKERS = [0xe0, 0xe1, 0xe3, 0xe4, 0xe5, 0xea, 0xeb, 0xec, 0xed, 0xef, 0xfe, 0xe2];

describe('a photo that is cleaned', () => {
  it('says nothing beside its picture, whatever a camera wrote, in whichever order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(MARKERS, { minLength: 1 }), (markers) => {
        const bytes = jpg(40, 30, Buffer.concat([exif(6), ...markers.map(marked)]));
        const clean = cleanPhoto(Buffer.concat([bytes, Buffer.from(`ftypmp42 ${SAYS}`)]))!;
        expect(clean.type).toBe('image/jpeg');
        expect(clean.bytes.toString('latin1')).not.toMatch(/GPS|Maria|iPhone|ftyp/);
        const others = segmentsIn(clean.bytes).filter(
          ([marker]) => marker >= 0xe0 && marker !== 0xfe,
        );
        // One tag is left: how the camera was held.
        expect(others).toHaveLength(1);
        expect(others[0]?.[1]).toMatch(/^Exif\0\0MM\0\*/);
        expect(readPhoto(clean.bytes)).toMatchObject({ width: 40, height: 30, orientation: 6 });
      }),
    );
  });

  it('has no tag at all where it was held upright, and keeps the colours', () => {
    const colours = segment(0xe2, 'ICC_PROFILE\0 P3');
    const clean = cleanPhoto(jpg(40, 30, Buffer.concat([exif(1), colours])))!;
    const markers = segmentsIn(clean.bytes).map(([marker]) => marker);
    expect(markers).not.toContain(0xe1);
    expect(markers).toContain(0xe2);
    expect(clean.bytes.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
  });

  it('is clean between its scans too', () => {
    const whole = Buffer.from(jpg(40, 30));
    const scan = whole.indexOf(Buffer.from([0xff, 0xda]));
    const end = whole.lastIndexOf(Buffer.from([0xff, 0xd9]));
    const second = whole.subarray(scan, end);
    const progressive = Buffer.concat([
      ...[whole.subarray(0, end), marked(0xfe), marked(0xe1), second],
      whole.subarray(end),
    ]);
    const clean = cleanPhoto(progressive)!;
    expect(clean.bytes.toString('latin1')).not.toContain('Maria');
    expect(segmentsIn(clean.bytes).filter(([marker]) => marker === 0xda)).toHaveLength(2);
  });

  it('of a PNG keeps the chunks that make the picture', () => {
    const whole = Buffer.from(png(8, 8));
    const [head, rest] = [whole.subarray(0, 33), whole.subarray(33)];
    const said = ['tEXt', 'iTXt', 'zTXt', 'eXIf', 'tIME'].map((name) => chunk(name, SAYS));
    const bytes = Buffer.concat([head, ...said, chunk('gAMA', 'xxxx'), rest, Buffer.from(SAYS)]);
    const clean = cleanPhoto(bytes)!;
    expect(clean.type).toBe('image/png');
    expect(clean.bytes.toString('latin1')).not.toMatch(/GPS|Maria/);
    expect(chunksIn(clean.bytes).filter((name) => name !== 'IDAT')).toEqual([
      'IHDR',
      'gAMA',
      'IEND',
    ]);
  });

  it('is the same when it is cleaned again, and of anything else there is none', () => {
    for (const bytes of [jpg(40, 30, exif(8)), png(8, 8)]) {
      const once = cleanPhoto(bytes)!;
      expect(cleanPhoto(once.bytes)).toEqual(once);
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => !cleanPhoto(noise)));
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(jpg(40, 30, exif(6)), png(8, 8)), (cut, whole) => {
        cleanPhoto(whole.subarray(0, cut % whole.length));
      }),
    );
  });
});
