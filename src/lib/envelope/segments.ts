import { type Place, placeData } from './place.ts';
import { Broken, SEAL_BYTES, sealTo, unseal } from './seal.ts';

/** Plain bytes of every segment but the last. */
export const SEGMENT_BYTES = 65_536;
/** The length of a sealed segment; the last may be shorter. */
export const SEALED_BYTES = SEGMENT_BYTES + SEAL_BYTES;

/** Returns the number of segments of a document with this many plain bytes; an empty one has one segment, which says so. */
export const segmentsOf = (size: number): number => Math.max(1, Math.ceil(size / SEGMENT_BYTES));

/** The index of a segment, and the number of all. */
interface Nth {
  index: number;
  of: number;
}

/**
 * Returns the data that binds a segment to its document, its index, and the number of segments: none can be left out, repeated or moved.
 * Nonces are random and not a counter, since a resumed upload may seal other bytes for the same index.
 */
const dataOf = (place: Place, { index, of }: Nth): Buffer =>
  placeData(place, `segment ${index}${index === of - 1 ? ' last' : ''}`);

/** Seals a segment to the beginning of `to`. Returns the length of what was sealed. */
export const sealSegment = (
  to: Buffer,
  key: Buffer,
  place: Place,
  nth: Nth,
  clear: Uint8Array,
): number => sealTo(to, key, dataOf(place, nth), clear);

/** Opens consecutive segments, from `first` on, of a document with `of` segments. @throws Broken */
export function* openSegments(
  key: Buffer,
  place: Place,
  { first, of }: { first: number; of: number },
  sealed: Buffer,
): Generator<Buffer> {
  for (let at = 0, index = first; at < sealed.length; at += SEALED_BYTES, index++) {
    const segment = sealed.subarray(at, at + SEALED_BYTES);
    if (index >= of) throw new Broken('There is more than there was');
    if (segment.length < SEALED_BYTES && index !== of - 1)
      throw new Broken('A part of it is missing');
    yield unseal(key, dataOf(place, { index, of }), segment);
  }
}

/** Cuts a stream into parts of `size` bytes; the last may be shorter. When the stream breaks off, the rest is lost. */
export async function* cut(
  bytes: AsyncIterable<Uint8Array>,
  size: number = SEGMENT_BYTES,
): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const part of bytes) {
    waiting.push(part);
    length += part.length;
    if (length < size) continue;
    const all = waiting.length === 1 ? part : Buffer.concat(waiting);
    let at = 0;
    for (; at + size <= length; at += size) yield all.subarray(at, at + size);
    waiting = at < all.length ? [all.subarray(at)] : [];
    length -= at;
  }
  if (length > 0) yield Buffer.concat(waiting);
}
