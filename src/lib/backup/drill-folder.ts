import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folderOwner } from '../db/embedded/folder.ts';

/** Returns the folder in which a drill restores a backup. */
export const drillFolder = (dataDir: string): string => join(dataDir, 'drill');

/** Returns whether a drill that was killed has left its folder: a restored database, with what was erased since. */
export const isDrillLeft = (dataDir: string): boolean =>
  existsSync(drillFolder(dataDir)) && !folderOwner(drillFolder(dataDir));

const MOST_TRIES = 50;

/** Removes the folder of a drill, whose database may still be ending. */
export function removeDrill(dataDir: string): void {
  const folder = drillFolder(dataDir);
  // When a file vanishes meanwhile, `rmSync` leaves the rest and says nothing.
  for (let tries = 0; existsSync(folder) && tries < MOST_TRIES; tries++)
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
