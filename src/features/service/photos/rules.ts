import { readJpeg } from './jpeg.ts';
import { readPng } from './png.ts';
import type { Orientation, Photo } from './types.ts';

/** Points (1/72 inch) of an A4 sheet. */
const [SHORT, LONG] = [595.28, 841.89];

/** A photo that can be a page as it is; null: another kind of file, or one that a PDF doesn't take so. Pure. */
export const readPhoto = (bytes: Uint8Array): Photo | null => readJpeg(bytes) ?? readPng(bytes);

/** Where a PDF's unit square goes so that a picture stands as it was seen (ISO 32000-1, 8.3.4): a, b, c, d, e, f. */
const UPRIGHT: Record<Orientation, readonly [number, number, number, number, number, number]> = {
  1: [1, 0, 0, 1, 0, 0],
  2: [-1, 0, 0, 1, 1, 0],
  3: [-1, 0, 0, -1, 1, 1],
  4: [1, 0, 0, -1, 0, 1],
  5: [0, -1, -1, 0, 1, 1],
  6: [0, -1, 1, 0, 0, 1],
  7: [0, 1, 1, 0, 0, 0],
  8: [0, 1, -1, 0, 1, 0],
};

/** The sheet that a photo stands on, lying where the photo does, and where on it: as large as fits, in the middle. In points. */
export function sheetFor({ width, height, orientation }: Omit<Photo, 'says' | 'data'>): {
  width: number;
  height: number;
  matrix: number[];
} {
  const isTurned = orientation >= 5;
  const [across, down] = isTurned ? [height, width] : [width, height];
  const [sheetWidth, sheetHeight] = across > down ? [LONG, SHORT] : [SHORT, LONG];
  const scale = Math.min(sheetWidth / across, sheetHeight / down);
  const [w, h] = [across * scale, down * scale];
  const [x, y] = [(sheetWidth - w) / 2, (sheetHeight - h) / 2];
  const [a, b, c, d, e, f] = UPRIGHT[orientation];
  const matrix = [a * w, b * h, c * w, d * h, e * w + x, f * h + y];
  return { width: sheetWidth, height: sheetHeight, matrix };
}

const written = (value: number): string => String(Math.round(value * 100) / 100);

/**
 * A PDF (1.5) of these photos, a page each, in their order; the pictures are in it as they are. In parts that follow each other, so
 * that nothing is copied. Pure.
 */
export function pdfOf(photos: readonly Photo[]): Uint8Array<ArrayBuffer>[] {
  const encoder = new TextEncoder();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const offsets: number[] = [];
  let length = 0;
  const write = (part: string | Uint8Array) => {
    const bytes = typeof part === 'string' ? encoder.encode(part) : part;
    parts.push(bytes as Uint8Array<ArrayBuffer>);
    length += bytes.length;
  };
  const object = (dictionary: string, stream?: readonly (string | Uint8Array)[]) => {
    offsets.push(length);
    const size = stream?.reduce((sum, each) => sum + each.length, 0);
    const says = stream ? `${dictionary} /Length ${size}` : dictionary;
    write(`${offsets.length} 0 obj\n<< ${says} >>\n`);
    if (stream) for (const each of ['stream\n', ...stream, '\nendstream\n']) write(each);
    write('endobj\n');
  };

  write('%PDF-1.5\n%');
  write(new Uint8Array([0xe2, 0xe3, 0xcf, 0xd3, 0x0a])); // says that it isn't text (7.5.2)
  const pageOf = (nth: number) => 3 + 3 * nth;
  object('/Type /Catalog /Pages 2 0 R');
  const kids = photos.map((_, nth) => `${pageOf(nth)} 0 R`).join(' ');
  object(`/Type /Pages /Count ${photos.length} /Kids [${kids}]`);
  for (const [nth, photo] of photos.entries()) {
    const { width, height, matrix } = sheetFor(photo);
    const page = pageOf(nth);
    object(
      `/Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${page + 1} 0 R ` +
        `/Resources << /XObject << /Photo ${page + 2} 0 R >> >>`,
    );
    object('', [`q ${matrix.map(written).join(' ')} cm /Photo Do Q`]);
    const size = `/Width ${photo.width} /Height ${photo.height}`;
    object(`/Type /XObject /Subtype /Image ${size} ${photo.says}`, photo.data);
  }

  const table = length;
  const lines = offsets.map((each) => `${String(each).padStart(10, '0')} 00000 n \n`);
  write(`xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${lines.join('')}`);
  write(`trailer\n<< /Size ${offsets.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  return parts;
}
