import { readJpeg } from './jpeg.ts';
import type { Orientation } from './types.ts';

/** A photo that says nothing but what it shows. */
export interface CleanPhoto {
  bytes: Buffer;
  type: 'image/jpeg' | 'image/png';
}

/**
 * Returns a photo without what its camera and its programs wrote beside it: where and when it was taken, by whom, a smaller picture of it, remarks,
 * a film behind it. Only what is needed to show it is kept: how it was held, its colours. Null: it is neither JPEG nor PNG, or is damaged.
 */
export function cleanPhoto(bytes: Uint8Array): CleanPhoto | null {
  const jpeg = cleanJpeg(bytes);
  if (jpeg) return { bytes: jpeg, type: 'image/jpeg' };
  const png = cleanPng(bytes);
  return png && { bytes: png, type: 'image/png' };
}

const [SOI, EOI, SCAN, APP2, APP14] = [0xd8, 0xd9, 0xda, 0xe2, 0xee];
/** What a picture is made of: tables, frames, restart intervals, the number of lines (ITU T.81, table B.1). */
const NEEDED = new Set([0xdb, 0xc4, 0xc0, 0xc1, 0xc2, 0xdd, 0xdc]);
/** No camera writes so many. */
const MOST_SEGMENTS = 2_000;

/** The colours of a screen, and which four colours Photoshop wrote: without them a picture looks otherwise. */
function isColours(marker: number, body: Uint8Array): boolean {
  const begins = (text: string) =>
    Buffer.from(body.subarray(0, text.length)).toString('latin1') === text;
  return (marker === APP2 && begins('ICC_PROFILE\0')) || (marker === APP14 && begins('Adobe'));
}

/** Segments are looked at one by one to the end, those between the scans of a progressive picture too. */
function cleanJpeg(bytes: Uint8Array): Buffer | null {
  const photo = readJpeg(bytes);
  if (!photo) return null;
  const kept: Uint8Array[] = [Buffer.from([0xff, SOI]), ...heldSegment(photo.orientation)];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hasScan = false;
  for (let at = 2; at + 4 <= bytes.length && kept.length < MOST_SEGMENTS; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === EOI) break;
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) return null;
    if (marker === SCAN) {
      const past = scanEnd(bytes, end);
      kept.push(bytes.subarray(at, past));
      hasScan = true;
      at = past;
      continue;
    }
    if (NEEDED.has(marker) || isColours(marker, bytes.subarray(at + 4, end)))
      kept.push(bytes.subarray(at, end));
    at = end;
  }
  if (!hasScan || kept.length >= MOST_SEGMENTS) return null;
  return Buffer.concat([...kept, Buffer.from([0xff, EOI])]);
}

/** Where the coded lines end that follow a scan's head: at the next marker that is none of theirs (ITU T.81, B.1.1.5). */
function scanEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}

/** How the camera was held, as the one tag of an Exif segment (Exif 3.0, 4.6.2); nothing where it was upright. */
function heldSegment(orientation: Orientation): Uint8Array[] {
  if (orientation === 1) return [];
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  tiff.writeUInt16BE(orientation, 18);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return [head, body];
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** The chunks that make the picture and its colours; texts, times, Exif and what programs add are not among them (PNG, 11). */
const CHUNKS = new Set(['IHDR', 'PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'IDAT', 'IEND']);
const MOST_CHUNKS = 20_000;

function cleanPng(bytes: Uint8Array): Buffer | null {
  if (!SIGNATURE.equals(bytes.subarray(0, 8))) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [SIGNATURE];
  const names: string[] = [];
  for (let at = 8; at + 12 <= bytes.length && names.length < MOST_CHUNKS; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) return null;
    const name = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    names.push(name);
    if (CHUNKS.has(name)) kept.push(bytes.subarray(at, end));
    if (name === 'IEND') break;
    at = end;
  }
  const isWhole = names[0] === 'IHDR' && names.includes('IDAT') && names.at(-1) === 'IEND';
  return isWhole ? Buffer.concat(kept) : null;
}
