import type { Bytes } from './bytes.ts';
import { LIMITS } from './limits.ts';
import { type Kind, type Look, refused } from './types.ts';

export interface Dimensions {
  width: number;
  height: number;
}

/** Reads how large a picture is from its headers, decoding nothing; null: they don't say. */
const READERS: Partial<Record<Kind, (bytes: Bytes) => Promise<Dimensions | null>>> = {
  ...{ jpg: ofJpeg, png: ofPng, webp: ofWebp, heic: ofHeic },
};

/** Whether a picture can be shown without taking all the memory; of other kinds: null. */
export async function lookAtPicture(kind: Kind, bytes: Bytes): Promise<Look | null> {
  const read = READERS[kind];
  if (!read) return null;
  const size = await read(bytes);
  if (!size || size.width < 1 || size.height < 1) return refused('damaged');
  const { width, height } = size;
  const isHuge = Math.max(width, height) > LIMITS.side || width * height > LIMITS.pixels;
  return isHuge ? refused('pixels') : { kind };
}

/** PNG, 11.2.2: the first chunk. */
async function ofPng(bytes: Bytes): Promise<Dimensions | null> {
  const head = await bytes.at(8, 16);
  if (head.length < 16 || head.toString('latin1', 4, 8) !== 'IHDR') return null;
  return { width: head.readUInt32BE(8), height: head.readUInt32BE(12) };
}

const MOST_SEGMENTS = 4_000;
/** Start of frame: C0 to CF, of which three mean something else (ITU T.81, table B.1). */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

async function ofJpeg(bytes: Bytes): Promise<Dimensions | null> {
  let at = 2;
  for (let count = 0; count < MOST_SEGMENTS; count++) {
    const head = await bytes.at(at, 9);
    if (head.length < 9 || head[0] !== 0xff) return null;
    const marker = head[1] ?? 0;
    if (isFrame(marker)) return { height: head.readUInt16BE(5), width: head.readUInt16BE(7) };
    if (marker === 0xd9 || marker === 0xda) return null; // its end, or pixels, before it said how many
    const standsAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    if (marker === 0xff) at += 1;
    else at += standsAlone ? 2 : 2 + head.readUInt16BE(2);
  }
  return null;
}

/** RFC 9649: lossy, lossless, or with a header that says how large the canvas is. */
async function ofWebp(bytes: Bytes): Promise<Dimensions | null> {
  const head = await bytes.at(12, 18);
  if (head.length < 18) return null;
  const chunk = head.toString('latin1', 0, 4);
  if (chunk === 'VP8X')
    return { width: head.readUIntLE(12, 3) + 1, height: head.readUIntLE(15, 3) + 1 };
  if (chunk === 'VP8L' && head[8] === 0x2f) {
    const bits = head.readUInt32LE(9);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunk !== 'VP8 ' || head.readUIntBE(11, 3) !== 0x9d012a) return null;
  return { width: head.readUInt16LE(14) & 0x3fff, height: head.readUInt16LE(16) & 0x3fff };
}

interface Box {
  type: string;
  /** Where what is in it begins and ends. */
  from: number;
  to: number;
}

const MOST_BOXES = 1_000;

/** The boxes between two places (ISO 14496-12, 4.2). */
async function* boxesIn(bytes: Bytes, from: number, to: number): AsyncGenerator<Box> {
  let at = from;
  for (let count = 0; count < MOST_BOXES && at + 8 <= to; count++) {
    const head = await bytes.at(at, 16);
    if (head.length < 8) return;
    const short = head.readUInt32BE(0);
    const isLong = short === 1 && head.length === 16;
    const size = short === 0 ? to - at : isLong ? Number(head.readBigUInt64BE(8)) : short;
    const start = at + (isLong ? 16 : 8);
    const end = at + size;
    if (end < start || end > to) return;
    yield { type: head.toString('latin1', 4, 8), from: start, to: end };
    at = end;
  }
}

async function boxIn(bytes: Bytes, from: number, to: number, type: string): Promise<Box | null> {
  for await (const box of boxesIn(bytes, from, to)) if (box.type === type) return box;
  return null;
}

/** ISO 23008-12, 6.5.3: what any picture within says, tiles and thumbnails too; the largest counts. */
async function ofHeic(bytes: Bytes): Promise<Dimensions | null> {
  const meta = await boxIn(bytes, 0, bytes.size, 'meta');
  const properties = meta && (await boxIn(bytes, meta.from + 4, meta.to, 'iprp'));
  const container = properties && (await boxIn(bytes, properties.from, properties.to, 'ipco'));
  if (!container) return null;
  let largest: Dimensions | null = null;
  for await (const box of boxesIn(bytes, container.from, container.to)) {
    const extent = box.type === 'ispe' ? await bytes.at(box.from, 12) : null;
    if (!extent || extent.length < 12) continue;
    const size = { width: extent.readUInt32BE(4), height: extent.readUInt32BE(8) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}
