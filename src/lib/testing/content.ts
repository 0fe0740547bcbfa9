import { Readable } from 'node:stream';
import type { Content } from '../clamd.ts';

/** Content in memory, read in parts of `step` bytes; `onRead` hears how many bytes are given out, `onEnd` that they were taken. */
export function contentOf(
  bytes: Uint8Array | string,
  { step = 65_536, onRead = (_total: number): unknown => null, onEnd = (): unknown => null } = {},
): Content {
  const buffer = Buffer.from(bytes as string);
  let total = 0;
  return {
    size: buffer.length,
    stream: (from = 0) =>
      Readable.from(
        (function* () {
          for (let at = from; at < buffer.length; at += step) {
            const part = buffer.subarray(at, at + step);
            total += part.length;
            onRead(total);
            yield part;
          }
          onEnd();
        })(),
        { objectMode: false },
      ),
  };
}
