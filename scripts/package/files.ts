import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, createZstdCompress } from 'node:zlib';

/** How an archive is compressed. Node brings both, so the bytes depend on its version alone, which the lockfile fixes. */
export type Compression = 'gzip' | 'zstd' | 'none';

/** Writes what is yielded into a file, compressed. */
export async function writeChunks(
  file: string,
  chunks: Iterable<Buffer>,
  compression: Compression = 'none',
): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const source = Readable.from(chunks, { objectMode: false });
  const target = createWriteStream(file);
  if (compression === 'none') return pipeline(source, target);
  const compress =
    compression === 'gzip'
      ? createGzip({ level: 9 })
      : createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 15 } });
  return pipeline(source, compress, target);
}

/** Returns the SHA-256 of a file, in hexadecimal. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
