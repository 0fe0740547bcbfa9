import { type Dimensions, MEASURES, type Measured } from '../../../../lib/picture-size.ts';
import type { Bytes } from './bytes.ts';
import { LIMITS } from './limits.ts';
import { type Kind, type Look, refused } from './types.ts';

/** Readers of a picture's size from its headers, without decoding it; null: the headers don't say. */
const READERS: Partial<Record<Kind, (bytes: Bytes) => Promise<Dimensions | null>>> = {
  jpg: (bytes) => measured('jpg', bytes),
  png: (bytes) => measured('png', bytes),
  webp: (bytes) => measured('webp', bytes),
  heic: ofHeic,
};

async function measured(kind: Measured, bytes: Bytes): Promise<Dimensions | null> {
  const measuring = MEASURES[kind]();
  let step = measuring.next();
  while (!step.done) step = measuring.next(await bytes.at(...step.value));
  return step.value;
}

/** Whether a picture can be shown without using too much memory; null: the file is of another kind. */
export async function lookAtPicture(kind: Kind, bytes: Bytes): Promise<Look | null> {
  const read = READERS[kind];
  if (!read) return null;
  const size = await read(bytes);
  if (!size || size.width < 1 || size.height < 1) return refused('damaged');
  const { width, height } = size;
  const isHuge = Math.max(width, height) > LIMITS.side || width * height > LIMITS.pixels;
  return isHuge ? refused('pixels') : { kind };
}

interface Box {
  type: string;
  /** The range of the contents. */
  from: number;
  to: number;
}

const MOST_BOXES = 1_000;

/** Yields the boxes between two offsets (ISO 14496-12, 4.2). */
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

/** Returns the largest size of all pictures in the file, tiles and thumbnails included (ISO 23008-12, 6.5.3). */
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
