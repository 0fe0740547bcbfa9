import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What an archive holds under one path. The time is the archive's. */
export type Entry = {
  path: string;
  mode: number;
  /** The number of user and group; else root. */
  owner?: number;
} & (
  | { kind: 'folder' }
  | { kind: 'link'; target: string }
  | { kind: 'file'; size: number; read(): Buffer }
);

/** Returns a file with this content. */
export function textFile(path: string, text: string | Buffer, mode = 0o644): Entry {
  const bytes = Buffer.from(text);
  return { path, mode, kind: 'file', size: bytes.length, read: () => bytes };
}

/** Returns a folder. `mode`: who may enter it. */
export const folder = (path: string, mode = 0o755): Entry => ({ path, mode, kind: 'folder' });

/** Returns a symbolic link. */
export const link = (path: string, target: string): Entry => ({
  path,
  mode: 0o777,
  kind: 'link',
  target,
});

/**
 * Returns what is under a path of the disk, without folders: they follow from the paths. A file that its owner may run has mode 755, every
 * other 644, whatever the umask of the person was who installed it.
 * @param from the file or folder on the disk
 * @param path its path in the archive
 * @param isWanted whether a path on the disk goes in; a folder that doesn't is not entered
 */
export function entriesUnder(
  from: string,
  path: string,
  isWanted: (file: string) => boolean = () => true,
): Entry[] {
  if (!isWanted(from)) return [];
  const info = lstatSync(from);
  if (info.isSymbolicLink()) return [link(path, readlinkSync(from))];
  if (info.isDirectory()) {
    return readdirSync(from).flatMap((name) =>
      entriesUnder(join(from, name), `${path}/${name}`, isWanted),
    );
  }
  const mode = info.mode & 0o100 ? 0o755 : 0o644;
  return [{ path, mode, kind: 'file', size: info.size, read: () => readFileSync(from) }];
}

/**
 * Returns the entries in the order of their paths' bytes, each folder before what is in it, and the folders that are not said.
 * @throws when two entries have one path
 */
export function complete(entries: readonly Entry[]): Entry[] {
  const byPath = new Map<string, Entry>();
  for (const each of entries) {
    if (byPath.has(each.path)) throw new Error(`${each.path} is there twice`);
    byPath.set(each.path, each);
  }
  for (const { path } of entries) {
    const parts = path.split('/');
    for (let count = 1; count < parts.length; count++) {
      const above = parts.slice(0, count).join('/');
      if (!byPath.has(above)) byPath.set(above, folder(above));
    }
  }
  return [...byPath.values()].sort((a, b) =>
    Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)),
  );
}
