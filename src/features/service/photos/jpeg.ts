import type { Orientation, Photo } from './types.ts';

const latin = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

/** Start of a frame as PDFs take it: baseline, extended, progressive (ITU T.81, table B.1; ISO 32000-1, 7.4.8). */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
const [EOI, SCAN, APP1, APP13, APP14, REMARK] = [0xd9, 0xda, 0xe1, 0xed, 0xee, 0xfe];
/** Where and by whom it was taken, a smaller picture of it, remarks: a page needs none of that. */
const LEFT_OUT = new Set([APP1, APP13, REMARK]);
/** No camera writes so many, and each costs memory beside its bytes. */
const MOST_SEGMENTS = 2_000;
const COLOURS: Record<number, string> = { 1: 'DeviceGray', 3: 'DeviceRGB', 4: 'DeviceCMYK' };

/** A JPEG as a page's picture, without what its camera wrote beside it; null: it isn't one, or is damaged. */
export function readJpeg(bytes: Uint8Array): Photo | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [bytes.subarray(0, 2)];
  let orientation: Orientation = 1;
  let isOfAdobe = false;
  let frame: { bits: number; height: number; width: number; parts: number } | null = null;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) return null;
    const body = bytes.subarray(at + 4, end);
    if (marker === APP1) orientation = orientationIn(body) ?? orientation;
    if (marker === APP14 && latin(body, 0, 5) === 'Adobe') isOfAdobe = true;
    if (FRAMES.has(marker) && body.length >= 6)
      frame = {
        ...{ bits: body[0] ?? 0, height: view.getUint16(at + 5), width: view.getUint16(at + 7) },
        parts: body[5] ?? 0,
      };
    if (marker === SCAN) {
      if (!frame?.width || !frame.height || frame.bits !== 8) return null;
      const colours = COLOURS[frame.parts];
      if (!colours) return null;
      const { width, height, parts } = frame;
      // Photoshop writes four colours the other way round, and says so by being there.
      const decode = parts === 4 && isOfAdobe ? ' /Decode [1 0 1 0 1 0 1 0]' : '';
      const says = `/Filter /DCTDecode /ColorSpace /${colours} /BitsPerComponent 8${decode}`;
      return {
        width,
        height,
        orientation,
        says,
        data: [...data, bytes.subarray(at, endOf(bytes, view, at))],
      };
    }
    if (!LEFT_OUT.has(marker)) data.push(bytes.subarray(at, end));
    if (data.length > MOST_SEGMENTS) return null;
    at = end;
  }
  return null;
}

/**
 * Where the picture ends, behind its EOI: what follows is another picture, or a film, with its own story. In a scan FF is followed
 * by 00 or a restart; between scans there are segments (ITU T.81, B.1.1).
 */
function endOf(bytes: Uint8Array, view: DataView, from: number): number {
  for (let at = from; at + 4 <= bytes.length; ) {
    at += 2 + view.getUint16(at + 2);
    for (; at + 1 < bytes.length; at++) {
      const next = bytes[at + 1] ?? 0;
      const isMarker = next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7);
      if (bytes[at] === 0xff && isMarker) break;
    }
    if (bytes[at + 1] === EOI) return at + 2;
  }
  return bytes.length;
}

const ORIENTATION = 0x0112;

/** What an APP1 says of how the camera was held (Exif 3.0, 4.6.2: TIFF in a segment). */
function orientationIn(body: Uint8Array): Orientation | null {
  if (latin(body, 0, 6) !== 'Exif\0\0') return null;
  const tiff = new DataView(body.buffer, body.byteOffset + 6, body.byteLength - 6);
  if (tiff.byteLength < 8) return null;
  const isLittle = tiff.getUint16(0) === 0x4949;
  const first = tiff.getUint32(4, isLittle);
  if (first + 2 > tiff.byteLength) return null;
  const count = tiff.getUint16(first, isLittle);
  for (let nth = 0; nth < count; nth++) {
    const at = first + 2 + 12 * nth;
    if (at + 12 > tiff.byteLength) return null;
    if (tiff.getUint16(at, isLittle) !== ORIENTATION) continue;
    const value = tiff.getUint16(at + 8, isLittle);
    return value >= 1 && value <= 8 ? (value as Orientation) : null;
  }
  return null;
}
