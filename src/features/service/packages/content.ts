import { createHash } from 'node:crypto';
import { sha256Of } from '../../../lib/seal/cms.ts';

/** The bytes of a file. They need not be in memory. */
export interface Content {
  size: number;
  /** In hexadecimal. */
  sha256: string;
  /** @throws where they are not those that were measured */
  read(): AsyncIterable<Uint8Array>;
}

export const contentOf = (bytes: Buffer): Content => ({
  size: bytes.length,
  sha256: sha256Of(bytes).toString('hex'),
  async *read() {
    yield bytes;
  },
});

/** Reads a file to its end, part by part, and keeps none of it: it is read again when it is sent. */
export async function measured(from: () => AsyncIterable<Uint8Array>): Promise<Content> {
  const { size, sha256 } = await drained(from());
  return {
    size,
    sha256,
    async *read() {
      const hash = createHash('sha256');
      for await (const part of from()) {
        hash.update(part);
        yield part;
      }
      if (hash.digest('hex') !== sha256) throw new Error('A file was changed while it was packed');
    },
  };
}

async function drained(parts: AsyncIterable<Uint8Array>): Promise<Omit<Content, 'read'>> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const part of parts) {
    hash.update(part);
    size += part.length;
  }
  return { size, sha256: hash.digest('hex') };
}
