import { spawnSync } from 'node:child_process';
import { chownSync, lchownSync, lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EmbeddedDatabaseError } from './errors.ts';

/**
 * Under which account the database's processes run. PostgreSQL refuses root, so root lends it an
 * existing unprivileged account; no account is ever created.
 */
export interface Identity {
  /** In words, for messages. */
  name: string;
  /** Owner of the database's files; null: the user who runs this, nothing to change. */
  owner: { uid: number; gid: number } | null;
  /** Account to give to spawn(). */
  spawn: { uid?: number; gid?: number };
  /** Command put before the database's own. */
  prefix: string[];
}

const NOBODY = 65534;

/**
 * Chooses who runs the database in `home` (which must exist): the user itself; as root, the
 * owner of the data folder where that is somebody else, or the account `postgres` or `nobody`; where those can't enter the folder, a user namespace in which
 * root passes for nobody and keeps its access to its own files.
 */
export function chooseIdentity(home: string): Identity {
  if (process.getuid?.() !== 0) {
    return { name: 'this user', owner: null, spawn: {}, prefix: [] };
  }
  const data = lstatSync(dirname(home));
  const owner = data.uid === 0 ? null : { uid: data.uid, gid: data.gid };
  const account = owner ??
    findAccount('postgres') ??
    findAccount('nobody') ?? { uid: NOBODY, gid: NOBODY };
  const lent: Identity = {
    name: `user ${account.uid}`,
    owner: account,
    spawn: account,
    prefix: [],
  };
  giveTo(home, lent);
  if (canEnter(home, lent)) return lent;

  const mapped: Identity = {
    name: 'root in a user namespace',
    owner: { uid: 0, gid: 0 },
    spawn: {},
    prefix: ['unshare', '--user', `--map-user=${NOBODY}`, '--'],
  };
  giveTo(home, mapped);
  if (canEnter(home, mapped)) return mapped;
  throw new EmbeddedDatabaseError(
    `PostgreSQL never runs as root, and user ${account.uid}, who would run it instead, can't enter ` +
      `${home}. Set DATA_DIR to a folder that everybody may enter (for instance ` +
      '/var/lib/finestreta), or start Finestreta as an ordinary user.',
  );
}

/** Gives a file, or a folder and all in it, to the database's account, if it is somebody else's. */
export function giveTo(path: string, identity: Identity): void {
  const { owner } = identity;
  const info = lstatSync(path);
  if (owner === null || info.uid === owner.uid) return;
  // The folder itself last: its owner says that everything inside is done.
  const inside = info.isDirectory()
    ? readdirSync(path, { recursive: true, withFileTypes: true })
    : [];
  for (const entry of inside) {
    lchownSync(join(entry.parentPath, entry.name), owner.uid, owner.gid);
  }
  chownSync(path, owner.uid, owner.gid);
}

/** Runs a command under the identity and waits; `cwd` must be a folder that it may enter. */
export function runAs(
  identity: Identity,
  command: string[],
  options: { cwd: string; input?: string; env?: NodeJS.ProcessEnv },
): { ok: boolean; output: string } {
  const [file = '', ...args] = [...identity.prefix, ...command];
  const run = spawnSync(file, args, {
    ...identity.spawn,
    cwd: options.cwd,
    input: options.input ?? '',
    env: options.env ?? databaseEnvironment(),
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  const failure = run.error === undefined ? '' : `${run.error.message}\n`;
  return { ok: run.status === 0, output: `${failure}${run.stderr ?? ''}${run.stdout ?? ''}` };
}

/** The environment of the database's processes: no PG* variable of the caller may steer them. */
export function databaseEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

function canEnter(folder: string, identity: Identity): boolean {
  return runAs(identity, ['/bin/sh', '-c', 'cd -- "$1"', 'sh', folder], { cwd: '/' }).ok;
}

function findAccount(name: string): { uid: number; gid: number } | null {
  const ask = (flag: string) => {
    const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return answer.status === 0 ? Number.parseInt(answer.stdout, 10) : Number.NaN;
  };
  const uid = ask('-u');
  const gid = ask('-g');
  return uid > 0 && gid >= 0 ? { uid, gid } : null;
}
