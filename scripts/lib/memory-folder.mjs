// @ts-check
/** A folder in memory for what tests write. It runs on any Node >= 20 with no dependency. */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, read } from './basics.mjs';

const SHARED_MEMORY = '/dev/shm';
const PREFIX = 'finestreta-tests-';
const GB = 1024 ** 3;
/** Two databases at once with their logs take less than one. */
const SPACE = 4 * GB;
const MEMORY = 8 * GB;

/**
 * Returns a new folder in memory, for TMPDIR: databases that tests make and throw away need not wait for a disk. Null where
 * the caller has named a TMPDIR, or the system has too little memory for it.
 */
export function memoryFolder() {
  if (process.platform !== 'linux' || process.env.TMPDIR || !hasRoom()) return null;
  for (const name of readdirSync(SHARED_MEMORY)) {
    const owner = Number(name.startsWith(PREFIX) && name.slice(PREFIX.length).split('-')[0]);
    if (owner > 0 && !isAlive(owner)) rmSync(join(SHARED_MEMORY, name), { recursive: true });
  }
  const folder = mkdtempSync(join(SHARED_MEMORY, `${PREFIX}${process.pid}-`));
  // Servers that tests start as another account write in it too.
  chmodSync(folder, 0o1777);
  return folder;
}

function hasRoom() {
  const mount = (read('/proc/mounts') ?? '')
    .split('\n')
    .find((line) => line.split(' ')[1] === SHARED_MEMORY);
  if (!mount || /\bnoexec\b|\bro\b/.test(mount.split(' ')[3] ?? '')) return false;
  const { bavail, bsize } = statfsSync(SHARED_MEMORY);
  const available = Number(
    /^MemAvailable:\s+(\d+) kB$/m.exec(read('/proc/meminfo') ?? '')?.[1] ?? 0,
  );
  return bavail * bsize >= SPACE && available * 1024 >= MEMORY;
}
