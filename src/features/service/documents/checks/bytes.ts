import type { Content } from '../../../../lib/clamd.ts';

/** Thrown when content can't be read as announced: its storage is at fault, not the file. */
export class Unreadable extends Error {}

/** A file that is read in small ranges, mostly near each other. */
export interface Bytes {
  size: number;
  /**
   * Returns `length` bytes from an offset on; fewer at the end of the file.
   * @throws Unreadable
   */
  at(from: number, length: number): Promise<Buffer>;
  /**
   * Yields the bytes from an offset to another (excluded).
   * @throws Unreadable
   */
  parts(from?: number, to?: number): AsyncGenerator<Buffer>;
}

const BLOCK = 1 << 20;
const KEPT = 3;

/** Reads content in blocks and keeps the last few, so that a thousand small reads aren't a thousand requests. */
export function bytesOf(content: Content): Bytes {
  const { size } = content;
  const kept = new Map<number, Promise<Buffer>>();
  const block = (index: number): Promise<Buffer> => {
    const known = kept.get(index) ?? readRange(content, index * BLOCK, (index + 1) * BLOCK);
    kept.delete(index);
    kept.set(index, known);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value ?? -1);
    return known;
  };
  const parts = async function* (from = 0, to = size) {
    for (let at = Math.max(from, 0); at < Math.min(to, size); ) {
      const index = Math.floor(at / BLOCK);
      const start = index * BLOCK;
      const part = (await block(index)).subarray(at - start, to - start);
      yield part;
      at += part.length;
    }
  };
  const at = async (from: number, length: number) => {
    const found: Buffer[] = [];
    for await (const part of parts(from, from + length)) found.push(part);
    return Buffer.concat(found);
  };
  return { size, at, parts };
}

async function readRange(content: Content, from: number, end: number): Promise<Buffer> {
  const to = Math.min(end, content.size);
  const found: Buffer[] = [];
  try {
    for await (const part of content.read(from, to)) found.push(part);
  } catch (cause) {
    throw new Unreadable('the content can’t be read', { cause });
  }
  const bytes = Buffer.concat(found);
  if (bytes.length !== to - from) throw new Unreadable('the content is not as long as it says');
  return bytes;
}

/** Returns the same interface for bytes in memory. */
export const bytesIn = (buffer: Buffer): Bytes =>
  bytesOf({
    size: buffer.length,
    read: async function* (from, to) {
      yield buffer.subarray(from, to);
    },
  });

/** Returns where the pattern is first found in these parts, read as Latin-1; null: nowhere. `longest`: maximum characters of a match. */
export async function placeIn(
  parts: AsyncIterable<Buffer>,
  pattern: RegExp,
  longest: number,
): Promise<number | null> {
  let [before, start] = ['', 0];
  for await (const part of parts) {
    const text = before + part.toString('latin1');
    const place = text.search(pattern);
    if (place >= 0) return start + place;
    before = text.slice(-longest);
    start += text.length - before.length;
  }
  return null;
}

export const isIn = async (
  parts: AsyncIterable<Buffer>,
  pattern: RegExp,
  longest: number,
): Promise<boolean> => (await placeIn(parts, pattern, longest)) !== null;
