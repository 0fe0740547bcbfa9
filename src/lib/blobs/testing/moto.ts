import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { testProgram } from '../../testing/program.ts';
import type { S3Settings } from '../settings.ts';

const PROGRAM = '/usr/bin/moto_server';

/** The reason why tests that need an S3 store are skipped, if they are. */
export const NO_MOTO = existsSync(PROGRAM)
  ? null
  : 'moto is not installed (Debian: python3-moto), so nothing can be kept on S3';

export interface Moto extends AsyncDisposable {
  settings: S3Settings;
}

/** Starts an S3 server on a port of its own, with an empty bucket, in memory. */
export async function openMoto(): Promise<Moto> {
  const program = testProgram();
  const child = program.start('python3', ['-u', PROGRAM, '-H', '127.0.0.1', '-p', '0']);
  try {
    const settings: S3Settings = {
      ...{ endpoint: await addressOf(child.stderr!, child), region: 'us-east-1' },
      ...{ bucket: `documents-${randomUUID()}`, accessKey: 'key', secretKey: 'secret' },
    };
    const client = new S3Client({
      ...{ endpoint: settings.endpoint!, region: settings.region, forcePathStyle: true },
      credentials: { accessKeyId: settings.accessKey, secretAccessKey: settings.secretKey },
    });
    await client.send(new CreateBucketCommand({ Bucket: settings.bucket }));
    client.destroy();
    return { settings, [Symbol.asyncDispose]: program.close };
  } catch (error) {
    await program.close();
    throw error;
  }
}

/** Returns the address that it prints. */
async function addressOf(
  output: NodeJS.ReadableStream,
  child: { once(event: 'exit', listener: () => void): unknown },
): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`It ended: ${text}`)));
    output.on('data', (part) => {
      text += part;
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (found) resolve(found);
    });
  });
}
