import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BackupError } from '../format.ts';
import type { BackupPlace, BackupSource, KeptFile } from './types.ts';

const UNFINISHED = '.unfinished';

/** Returns a file of the disk as a source. */
export const fileSource = (path: string): BackupSource => ({
  name: path,
  open: () => createReadStream(path),
});

/**
 * Returns a folder as a place of backups. Only the owner can read its files. The folder itself may be made, but not the one above: a disk
 * that is not mounted must not be replaced by a folder of its name.
 */
export function diskPlace(folder: string): BackupPlace {
  const pathOf = (name: string) => join(folder, name);
  return {
    words: folder,
    write: (name, bytes) =>
      inWords(folder, async () => {
        await mkdir(folder, { mode: 0o700 }).catch(nullIf('EEXIST'));
        await writeWhole(pathOf(name), bytes);
      }),
    read: (name) => fileSource(pathOf(name)),
    list: () => inWords(folder, () => listIn(folder, (name) => !name.endsWith(UNFINISHED))),
    remove: (names) =>
      inWords(folder, async () => {
        for (const each of names) await rm(pathOf(basename(each)), { force: true });
      }),
    tidy: (isOurs) =>
      inWords(folder, async () => {
        const isLeft = (name: string) =>
          name.endsWith(UNFINISHED) && isOurs(name.slice(0, -UNFINISHED.length));
        for (const { name } of await listIn(folder, isLeft)) await rm(pathOf(name));
      }),
  };
}

async function writeWhole(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const unfinished = `${path}${UNFINISHED}`;
  // The mode is set at creation, so that nobody else can open the file at any moment.
  const file = await open(unfinished, 'wx', 0o600);
  try {
    await pipeline(bytes, file.createWriteStream({ flush: true }));
    await rename(unfinished, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function listIn(folder: string, isWanted: (name: string) => boolean): Promise<KeptFile[]> {
  const names = (await readdir(folder).catch(nullIf('ENOENT'))) ?? [];
  const found = names
    .filter(isWanted)
    .map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size }));
  return Promise.all(found);
}

function nullIf(code: string): (error: NodeJS.ErrnoException) => null {
  return (error) => {
    if (error.code === code) return null;
    throw error;
  };
}

const WORDS: Record<string, string> = {
  ENOENT: 'the folder above it is not there (is its disk mounted?)',
  ENOTDIR: 'it is no folder',
  EACCES: 'this user has no right to it',
  EPERM: 'this user has no right to it',
  EROFS: 'its disk can only be read',
  ENOSPC: 'its disk is full',
  EDQUOT: 'its disk is full',
  EEXIST: 'another backup of the same moment is there',
  EIO: 'its disk fails',
};

async function inWords<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = '', syscall } = error as NodeJS.ErrnoException;
    const words = syscall === 'connect' ? undefined : WORDS[code];
    throw words ? new BackupError(`Backups can't be kept in ${folder}: ${words}.`) : error;
  }
}
