import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { s3Blobs } from '../../lib/blobs/s3.ts';
import { type Blobs, NoBlobs } from '../../lib/blobs/types.ts';
import { type Finding, right, warning, wrong } from './report.ts';

type Place = Pick<Blobs, 'put' | 'get' | 'remove'>;

/** Checks that documents can be stored: writes a file, reads and removes it. */
export async function aboutDocuments({
  s3,
  dataDir,
}: Pick<Config, 's3' | 'dataDir'>): Promise<Finding> {
  if (s3) return aboutPlace(s3Blobs(s3), `the bucket ${s3.bucket}`, IN_A_BUCKET);
  const folder = join(dataDir, 'documents');
  if (!existsSync(folder)) return right(`No document lies in ${folder} yet; the first makes it.`);
  return aboutPlace(flat(folder), folder, ON_A_DISK);
}

const IN_A_BUCKET =
  'Are the S3_… settings right, and may this key write, read and remove in that bucket?';
const ON_A_DISK = 'Is its disk mounted and not full, and does the folder belong to this user?';

export async function aboutPlace(place: Place, name: string, todo: string): Promise<Finding> {
  const probe = `probe-${randomUUID()}`;
  const bytes = randomBytes(32);
  let doing = 'written to';
  try {
    await place.put(probe, bytes);
    doing = 'read from';
    const found = await place.get(probe);
    if (!found?.equals(bytes))
      return wrong(`Documents: ${name} gives back something else than was put there.`, todo);
    doing = 'removed from';
    await place.remove([probe]);
    if (await place.get(probe))
      return warning(
        `Documents: ${name} still gives what was removed.`,
        'What is destroyed must be gone: are its versions, or its locks on objects, off?',
      );
    return right(`Documents: ${name} was written to and read, and what was there removed.`);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    const why = error instanceof NoBlobs ? error.message : `${code ?? error}`;
    return wrong(`Documents: ${name} can't be ${doing}: ${why}`, todo);
  }
}

/** Returns the folder itself: the command may run as another user, so it makes no subfolder that the service could not use. */
const flat = (folder: string): Place => ({
  put: (name, bytes) => writeFile(join(folder, name), bytes, { mode: 0o600, flush: true }),
  get: (name) => readFile(join(folder, name)).catch(() => null),
  remove: async (names) => {
    for (const each of names) await rm(join(folder, each), { force: true });
  },
});
