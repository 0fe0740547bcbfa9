import fc from 'fast-check';
import { getDocument, OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { describe, expect, it } from 'vitest';
import { jpg, png, segment, webp } from '../documents/checks/testing/files.ts';
import { checkContent } from '../documents/service.ts';
import { pdfOf, readPhoto, sheetFor } from './rules.ts';
import { exif } from './testing.ts';
import type { Orientation, Photo } from './types.ts';

const photo = (bytes: Uint8Array): Photo => {
  const found = readPhoto(bytes);
  if (!found) throw new Error('no photo');
  return found;
};
const joined = (photos: readonly Photo[]) => Buffer.concat(pdfOf(photos));
const turned = (orientation: number, isLittle = true) => jpg(40, 30, exif(orientation, isLittle));

/** Which side of what is seen the first row, and the first column, of what is stored are (Exif 3.0, table 6). */
const EXIF: Record<Orientation, [row: Side, column: Side]> = {
  ...{ 1: ['top', 'left'], 2: ['top', 'right'], 3: ['bottom', 'right'], 4: ['bottom', 'left'] },
  ...{ 5: ['left', 'top'], 6: ['right', 'top'], 7: ['right', 'bottom'], 8: ['left', 'bottom'] },
};
type Side = 'top' | 'right' | 'bottom' | 'left';
const orientations = fc.constantFrom(...([1, 2, 3, 4, 5, 6, 7, 8] as const));
const sizes = fc.integer({ min: 1, max: 30_000 });
const pictures = fc.record({ width: sizes, height: sizes, orientation: orientations });

/** Where a point of the unit square, as a PDF draws a picture, comes to stand. */
const placed = ([a, b, c, d, e, f]: number[], x: number, y: number) => ({
  x: a! * x + c! * y + e!,
  y: b! * x + d! * y + f!,
});

describe('a photo on its sheet', () => {
  it('stands as it was seen, however the camera was held', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const { width, height, matrix } = sheetFor(picture);
        const sideOf = ({ x, y }: { x: number; y: number }, centre: { x: number; y: number }) => {
          const [dx, dy] = [(x - centre.x) / width, (y - centre.y) / height];
          if (Math.abs(dx) > Math.abs(dy)) return dx > 0 ? 'right' : 'left';
          return dy > 0 ? 'top' : 'bottom';
        };
        const centre = placed(matrix, 0.5, 0.5);
        // A picture's first row is at the unit square's top, its first column at the left (ISO 32000-1, 8.9.5.3).
        const row = sideOf(placed(matrix, 0.5, 1), centre);
        const column = sideOf(placed(matrix, 0, 0.5), centre);
        expect([row, column]).toEqual(EXIF[picture.orientation]);
      }),
    );
  });

  it('fits, is not pulled out of shape, touches two sides, is in the middle; the sheet lies where it does', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const { width, height, matrix } = sheetFor(picture);
        const [first, last] = [placed(matrix, 0, 0), placed(matrix, 1, 1)];
        const [w, h] = [Math.abs(last.x - first.x), Math.abs(last.y - first.y)];
        const isTurned = picture.orientation >= 5;
        const seen = isTurned ? picture.height / picture.width : picture.width / picture.height;
        expect(w / h / seen).toBeCloseTo(1, 6);
        expect(Math.max(w - width, h - height)).toBeCloseTo(0, 6);
        expect(first.x + last.x).toBeCloseTo(width, 6);
        expect(first.y + last.y).toBeCloseTo(height, 6);
        expect(width > height).toBe(seen > 1);
      }),
    );
  });
});

describe('a photo that is read', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'held as Exif says by %i, in either order of bytes',
    (value) => {
      expect(photo(turned(value)).orientation).toBe(value);
      expect(photo(turned(value, false)).orientation).toBe(value);
    },
  );

  it('says nothing of where it was taken, nor by whom', () => {
    const place = segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x>41.1579,1.1068</x>');
    const remark = segment(0xfe, 'Maria Puig');
    const bytes = jpg(40, 30, Buffer.concat([exif(6), place, segment(0xe2, 'colours'), remark]));
    const page = joined([photo(bytes)]).toString('latin1');
    expect(page).toContain('colours');
    for (const each of ['Exif', '41.1579', 'Maria']) expect(page).not.toContain(each);
  });

  it('ends with its picture: what a camera hung behind it stays out', () => {
    const film = Buffer.from('ftypmp42 41.1579 Maria');
    const page = joined([photo(Buffer.concat([turned(1), film]))]).toString('latin1');
    expect(page).not.toContain('Maria');
    expect([...(photo(turned(1)).data.at(-1)?.subarray(-2) ?? [])]).toEqual([0xff, 0xd9]);
  });

  it('has no more parts than any program writes: each costs memory beside its bytes', () => {
    const picture = turned(1);
    const many = Buffer.concat(Array.from({ length: 3_000 }, () => segment(0xe0, '')));
    expect(
      readPhoto(Buffer.concat([picture.subarray(0, 2), many, picture.subarray(2)])),
    ).toBeNull();
  });

  it('is a JPEG or a PNG that nobody sees through; of anything else, and of half a one, nothing is made', () => {
    expect(readPhoto(webp('VP8 '))).toBeNull();
    const clear = png(8, 8);
    clear[25] = 6;
    expect(readPhoto(clear)).toBeNull();
    const passes = png(8, 8);
    passes[28] = 1;
    expect(readPhoto(passes)).toBeNull();
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(turned(6), png(8, 8)), (cut, whole) => {
        readPhoto(whole.subarray(0, cut % whole.length));
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => !readPhoto(noise)));
  });
});

describe('photos in one PDF', () => {
  it('are pages in their order, as another reader sees them', async () => {
    const kinds = fc.record({
      width: fc.integer({ min: 1, max: 4000 }),
      height: fc.integer({ min: 1, max: 4000 }),
      orientation: orientations,
      isPng: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(kinds, { minLength: 1, maxLength: 5 }), async (all) => {
        const photos = all.map(({ width, height, orientation, isPng }) =>
          photo(isPng ? png(width, height) : jpg(width, height, exif(orientation))),
        );
        const task = getDocument({ data: new Uint8Array(joined(photos)), verbosity: 0 });
        const read = await task.promise;
        expect(read.numPages).toBe(all.length);
        for (const [index, each] of photos.entries()) {
          const page = await read.getPage(index + 1);
          const { width, height, matrix } = sheetFor(each);
          expect(page.view).toEqual([0, 0, width, height]);
          const { fnArray, argsArray } = await page.getOperatorList();
          const at = fnArray.indexOf(OPS.transform);
          const drawn = [...(argsArray[at] as number[])];
          for (const [nth, value] of drawn.entries()) expect(value).toBeCloseTo(matrix[nth]!, 1);
        }
        await task.destroy();
      }),
      { numRuns: 25 },
    );
  });

  it('pass our own check as a PDF', async () => {
    const bytes = joined([photo(turned(6)), photo(png(30, 20))]);
    const source = {
      size: bytes.length,
      async *read(from = 0, to = bytes.length) {
        yield bytes.subarray(from, to);
      },
    };
    const declared = { name: 'Fotos.pdf', type: 'application/pdf' };
    expect(await checkContent(source, declared, null)).toMatchObject({ verdict: 'clean' });
  });
});
