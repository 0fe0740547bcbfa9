import type { Content } from '../clamd.ts';

/**
 * Makes content in memory, read in parts of `step` bytes; `onRead` gets the number of bytes given out, `onEnd` is called once they were
 * taken.
 */
export function contentOf(
  bytes: Uint8Array | string,
  { step = 65_536, onRead = (_total: number): unknown => null, onEnd = (): unknown => null } = {},
): Content {
  const buffer = Buffer.from(bytes as string);
  let total = 0;
  return {
    size: buffer.length,
    read: async function* (from = 0, to = buffer.length) {
      for (let at = from; at < to; at += step) {
        const part = buffer.subarray(at, Math.min(at + step, to));
        total += part.length;
        onRead(total);
        yield part;
      }
      onEnd();
    },
  };
}
