import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { DataFolderInUse, type EmbeddedPlace, explain } from './errors.ts';
import { giveTo, type Identity } from './identity.ts';

export const PORT = 5432;
const SOCKET = `.s.PGSQL.${PORT}`;

/** The paths inside the data folder. */
export interface Folder {
  /** The service's data folder, as an absolute real path. */
  dataDir: string;
  /** `<dataDir>/postgres`: all files of the database. */
  home: string;
  /** PostgreSQL's own data directory. */
  cluster: string;
}

/** Creates missing folders, and returns all paths. @throws EmbeddedDatabaseError */
export function openFolder(dataDir: string): Folder {
  try {
    mkdirSync(join(dataDir, 'postgres'), { recursive: true, mode: 0o755 });
    const home = join(realpathSync(dataDir), 'postgres');
    chmodSync(home, 0o700);
    return { dataDir: realpathSync(dataDir), home, cluster: join(home, 'cluster') };
  } catch (error) {
    throw explain(String(error), dataDir, 'preparing the data folder');
  }
}

/** The data folder, held by this process until `release()` or the process's death. */
export interface Lock {
  publish(place: EmbeddedPlace): void;
  release(): void;
}

/**
 * Locks the folder for this process. The lock is the kernel's (SQLite's on an empty file), so it ends with the process in every case, and
 * reused process numbers have no effect. @throws DataFolderInUse
 */
export function lockFolder({ dataDir, home }: Folder): Lock {
  const file = join(home, 'lock');
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if (isBusy(error)) throw new DataFolderInUse(dataDir, readOwner(home)?.pid ?? null);
    throw explain(String(error), home, 'locking the data folder');
  }
  const held = lock;
  const note = join(home, 'owner.json');
  const write = (place: EmbeddedPlace | null) => {
    writeFileSync(note, JSON.stringify({ pid: process.pid, place }), { mode: 0o600 });
  };
  write(null);
  return {
    publish: write,
    release() {
      rmSync(note, { force: true });
      held.close();
    },
  };
}

/** Returns the process that holds the folder, and the address of its database; null: none. */
export function folderOwner(dataDir: string): { pid: number; place: EmbeddedPlace | null } | null {
  const home = join(dataDir, 'postgres');
  if (!existsSync(join(home, 'lock'))) return null;
  const probe = new DatabaseSync(join(home, 'lock'), { timeout: 0 });
  try {
    probe.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return null;
  } catch (error) {
    if (isBusy(error)) return readOwner(home);
    throw error;
  } finally {
    probe.close();
  }
}

/**
 * Waits until no postmaster of an earlier, killed owner runs on the cluster: its watchdog stops it. Then removes its leftovers. Never sends
 * signals. @throws DataFolderInUse when it does not end
 */
export async function clearLeftovers({ dataDir, cluster }: Folder): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  for (let attempt = 0; existsSync(file); attempt++) {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    if (!isPostmasterOf(pid, cluster)) {
      // Dead, or its number now belongs to another process, which PostgreSQL would mistake for it.
      rmSync(file, { force: true });
      return;
    }
    if (attempt === 100) throw new DataFolderInUse(dataDir, pid, 'A database server');
    await wait(100);
  }
}

/**
 * Returns the folder for the database's socket: in the data folder, or, if that path is too long for a socket (107 bytes on Linux, 103 on
 * macOS), a private one in the temporary folder.
 */
export function socketFolder({ home }: Folder, identity: Identity): string {
  const inside = join(home, 'run');
  if (fits(inside)) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    giveTo(inside, identity);
    return emptied(inside);
  }
  const key = createHash('sha256').update(home).digest('hex').slice(0, 16);
  const parent = fits(join(tmpdir(), 'finestreta-0123456789abcdef')) ? tmpdir() : '/tmp';
  const usual = join(parent, `finestreta-${key}`);
  try {
    mkdirSync(usual, { mode: 0o700 });
    giveTo(usual, identity);
  } catch {
    // It exists: from an earlier start, or made by somebody else as a trap.
  }
  if (isPrivate(usual, identity)) return emptied(usual);
  const fresh = mkdtempSync(join(parent, 'finestreta-'));
  giveTo(fresh, identity);
  return fresh;
}

function fits(folder: string): boolean {
  const limit = process.platform === 'darwin' ? 103 : 107;
  return Buffer.byteLength(join(folder, SOCKET)) <= limit;
}

function isPrivate(folder: string, identity: Identity): boolean {
  const info = lstatSync(folder, { throwIfNoEntry: false });
  const uid = identity.owner?.uid ?? process.getuid?.();
  return info?.isDirectory() === true && info.uid === uid && (info.mode & 0o077) === 0;
}

/** Removes a stale socket and its lock file: this process has the folder's lock and no postmaster runs. */
function emptied(folder: string): string {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(SOCKET)) rmSync(join(folder, name), { force: true });
  }
  return folder;
}

function isPostmasterOf(pid: number, cluster: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const command = commandLine(pid);
  // An unknown command counts as the database's: two servers on one cluster would ruin it.
  return command === null || command.includes(cluster);
}

function commandLine(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    const ps = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    if (ps.error !== undefined) return null;
    return ps.stdout;
  }
}

function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode;
  return code === 5 || code === 6;
}

function readOwner(home: string): { pid: number; place: EmbeddedPlace | null } | null {
  try {
    return JSON.parse(readFileSync(join(home, 'owner.json'), 'utf8'));
  } catch {
    return null;
  }
}
