import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Blobs, NoBlobs } from './types.ts';

const UNFINISHED = '.unfinished';

/** Returns blobs as files in folders named by two characters, so that no folder gets long. Only the owner can read them. */
export function diskBlobs(folder: string): Blobs {
  const fileOf = (name: string) => join(folder, name.slice(0, 2), name);

  return {
    put: (name, bytes) =>
      orNoBlobs(async () => {
        const file = fileOf(name);
        await makeFolder(dirname(file));
        try {
          await writeDurably(`${file}${UNFINISHED}`, bytes);
          await rename(`${file}${UNFINISHED}`, file);
        } catch (error) {
          await rm(`${file}${UNFINISHED}`, { force: true }).catch(() => {});
          throw error;
        }
        await syncFolder(dirname(file));
      }),
    get: (name) => orNoBlobs(() => readFile(fileOf(name)).catch(nullIfAbsent)),
    remove: (names) =>
      orNoBlobs(async () => {
        for (const each of names) await rm(fileOf(each), { force: true });
      }),
    async *list() {
      const folders = await orNoBlobs(() => readdir(folder).catch(nullIfAbsent));
      for (const each of folders ?? [])
        yield* (await orNoBlobs(() => readdir(join(folder, each)).catch(nullIfAbsent))) ?? [];
    },
  };
}

async function makeFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made) await syncFolder(dirname(made));
}

async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a name durable by syncing its folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function nullIfAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

async function orNoBlobs<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new NoBlobs(['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code) ? 'full' : 'away', error);
  }
}
