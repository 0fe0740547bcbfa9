import { join } from 'node:path';
import { diskBlobs } from './disk.ts';
import { s3Blobs } from './s3.ts';
import type { S3Settings } from './settings.ts';
import type { Blobs } from './types.ts';

/** Returns this installation's store of documents: its bucket, else its data folder. */
export const openBlobs = (config: { s3: S3Settings | null; dataDir: string }): Blobs =>
  config.s3 ? s3Blobs(config.s3) : diskBlobs(join(config.dataDir, 'documents'));
