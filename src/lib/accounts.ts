import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  fchownSync,
  fstatSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
} from 'node:fs';
import { join } from 'node:path';
import { PlainError } from './plain-error.ts';

/** An account of the system, by its numbers. */
export interface Account {
  uid: number;
  gid: number;
  /** The user's name; null: no account of this machine has the number. */
  name: string | null;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

export const formatAccount = ({ uid, gid, name }: Account): string =>
  name === null ? `user ${uid}:${gid}` : `user ${name} (${uid}:${gid})`;

/** Returns the account of a user name, or of `uid:gid`; null: there is none. */
export function findAccount(text: string): Account | null {
  const [, uid, gid] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (uid && gid) return { uid: Number(uid), gid: Number(gid), name: nameOf(Number(uid)) };
  const ask = (flag: string) => Number.parseInt(id(flag, text) ?? '', 10);
  const found = { uid: ask('-u'), gid: ask('-g'), name: text };
  return Number.isInteger(found.uid) && Number.isInteger(found.gid) ? found : null;
}

/** Returns the owner of a file or folder; null: it doesn't exist. */
export function ownerOf(path: string): Account | null {
  const info = lstatSync(path, { throwIfNoEntry: false });
  return info ? { uid: info.uid, gid: info.gid, name: nameOf(info.uid) } : null;
}

const nameOf = (uid: number): string | null => id('-un', String(uid));

function id(flag: string, user: string): string | null {
  const answer = spawnSync('id', [flag, '--', user], { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout.trim() : null;
}

/** Finestreta's own entries in the data folder. All other entries stay untouched. */
const OURS = ['keys', 'postgres', 'documents'];

/**
 * Creates the data folder if needed, and gives it and Finestreta's files in it to an account. Never follows symbolic links. Only for root,
 * while no server uses the folder.
 * @param everything also the contents of a documents folder that already belongs to the account: there may be very many
 * @throws PlainError when the folder has other files and none of Finestreta's
 */
export function giveDataFolder(dataDir: string, account: Account, everything = false): void {
  mkdirSync(dataDir, { recursive: true });
  const entries = readdirSync(dataDir).filter((each) => each !== 'lost+found');
  if (entries.length > 0 && !entries.some((each) => OURS.includes(each))) {
    throw new PlainError(
      `DATA_DIR is ${dataDir}, which holds other things (${entries.slice(0, 3).join(', ')}) and nothing of Finestreta's, so it isn't ` +
        `given to ${formatAccount(account)}. Name a folder of its own.`,
    );
  }
  const top = openFolder(dataDir);
  try {
    for (const name of OURS.filter((each) => entries.includes(each))) {
      const path = join(top.path, name);
      const isDone = lstatSync(path).uid === account.uid;
      if (name !== 'documents' || !isDone || everything) giveTree(path, account);
    }
    fchownSync(top.handle, account.uid, account.gid);
  } finally {
    closeSync(top.handle);
  }
}

/** Gives a file, or a folder and what is in it, the folder itself last. */
function giveTree(path: string, account: Account): void {
  if (!lstatSync(path).isDirectory()) {
    give(path, account);
    return;
  }
  const folder = openFolder(path);
  try {
    for (const each of readdirSync(folder.path))
      unlessGone(() => giveTree(join(folder.path, each), account));
    if (fstatSync(folder.handle).uid !== account.uid)
      fchownSync(folder.handle, account.uid, account.gid);
  } finally {
    closeSync(folder.handle);
  }
}

/** Does something to a file, unless the file is deleted meanwhile: a database that runs replaces files of its own. */
function unlessGone(work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Skips a file with a second name, which may belong to somebody else. */
function give(path: string, { uid, gid }: Account): void {
  const info = lstatSync(path);
  const isShared = info.isFile() && info.nlink > 1;
  if (info.uid !== uid && !isShared) lchownSync(path, uid, gid);
}

/**
 * Opens a folder, but no symbolic link to one. `path` leads to the opened folder itself where the system can name it, so that a link put in
 * its place meanwhile has no effect.
 */
function openFolder(path: string): { handle: number; path: string } {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const handle = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const own = `/proc/self/fd/${handle}`;
  return { handle, path: existsSync(own) ? own : path };
}

/** A function that Node's types leave out: takes the groups of a user, and one more. */
type WithGroups = NodeJS.Process & { initgroups(user: string, group: number): void };

/**
 * Runs this process as the account from now on, with the account's groups and no way back. @throws when the system refuses, or when the
 * process could become root again
 */
export function become({ uid, gid, name }: Account): void {
  if (name === null) process.setgroups?.([gid]);
  else (process as WithGroups).initgroups(name, gid);
  process.setgid?.(gid);
  process.setuid?.(uid);
  if (process.getuid?.() !== uid || process.getgid?.() !== gid || canBeRoot())
    throw new Error(`The rights of root could not be given up for ${uid}:${gid}`);
}

function canBeRoot(): boolean {
  try {
    process.setuid?.(0);
    return true;
  } catch {
    return false;
  }
}
