import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folderOwner } from '../db/embedded/folder.ts';

/** Returns the folder in which a drill restores a backup. */
export const drillFolder = (dataDir: string): string => join(dataDir, 'drill');

/** Returns whether a drill that was killed has left its folder: a restored database, with what was erased since. */
export const isDrillLeft = (dataDir: string): boolean =>
  existsSync(drillFolder(dataDir)) && !folderOwner(drillFolder(dataDir));

/** Removes the folder of a drill. A database that is ending may still write into it, so it is tried for some seconds. */
export function removeDrill(dataDir: string): void {
  rmSync(drillFolder(dataDir), { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
