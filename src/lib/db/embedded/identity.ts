import { spawnSync } from 'node:child_process';
import { chownSync, lchownSync, lstatSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { EmbeddedDatabaseError } from './errors.ts';

/**
 * The account of the database's processes. PostgreSQL refuses root, so root uses an existing unprivileged account; no account is ever
 * created.
 */
export interface Identity {
  /** In words, for messages. */
  name: string;
  /** Owner of the database's files; null: the current user. */
  owner: { uid: number; gid: number } | null;
  /** Account for spawn(). */
  spawn: { uid?: number; gid?: number };
  /** Command put before the database's own. */
  prefix: string[];
}

const NOBODY = 65534;
/** A user number that systemd and Debian leave free: no account of the machine has it, so no other program runs as it. */
export const OWN = 60_999;
/** Gives a name to a user without one, as PostgreSQL's programs require: in this user namespace the user is called nobody. */
export const NAMED = ['unshare', '--user', `--map-user=${NOBODY}`, '--'];

/**
 * Chooses the user that runs the database in `home` (which must exist). An ordinary user runs it itself. Root chooses, in this order: the
 * owner of the data folder, unless that is root; the account `finestreta`; a user number that nothing else on the machine has; `nobody` or
 * `postgres`, whose other programs could then read the database's files. When none of them can enter the folder, root runs it in a user
 * namespace in which root appears as nobody and keeps access to its own files.
 */
export function chooseIdentity(home: string): Identity {
  if (process.getuid?.() !== 0) return ordinary(home);
  const data = lstatSync(dirname(home));
  for (const each of rootCandidates(data)) {
    if (!canEnter(dirname(home), each)) continue;
    giveTo(home, each);
    if (canEnter(home, each)) return each;
  }
  throw new EmbeddedDatabaseError(
    `PostgreSQL never runs as root, and no other user that could run it can enter ${home}. Set DATA_DIR to a folder ` +
      'that everybody may enter (for instance /var/lib/finestreta), or start Finestreta as an ordinary user.',
  );
}

/** Returns the user that runs this process, with a temporary name when it has none, as in some containers. */
function ordinary(home: string): Identity {
  const plain: Identity = { name: 'this user', owner: null, spawn: {}, prefix: [] };
  if (hasName()) return plain;
  const named: Identity = { ...plain, prefix: NAMED };
  return canEnter(home, named) ? named : plain;
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/** Yields the accounts that root may use for the database, the best first. `data`: the owner of the data folder. */
function* rootCandidates(data: { uid: number; gid: number }): Generator<Identity> {
  if (data.uid !== 0) yield lentTo({ uid: data.uid, gid: data.gid });
  const own = findAccount('finestreta');
  if (own) yield lentTo(own);
  if (!isTaken(OWN)) yield lentTo({ uid: OWN, gid: OWN });
  yield lentTo(findAccount('nobody') ?? { uid: NOBODY, gid: NOBODY });
  const postgres = findAccount('postgres');
  if (postgres) yield lentTo(postgres);
  yield {
    name: 'root in a user namespace',
    owner: { uid: 0, gid: 0 },
    spawn: {},
    prefix: NAMED,
  };
}

const lentTo = (account: { uid: number; gid: number }): Identity => ({
  name: `user ${account.uid}`,
  owner: account,
  spawn: account,
  prefix: isTaken(account.uid) ? [] : NAMED,
});

/** Returns whether an account of this machine has the user number. */
const isTaken = (uid: number): boolean =>
  spawnSync('id', ['-un', String(uid)], { encoding: 'utf8' }).status === 0;

/** Gives a file, or a folder with its contents, to the database's account, unless it has it already. */
export function giveTo(path: string, identity: Identity): void {
  const { owner } = identity;
  const info = lstatSync(path);
  if (owner === null || info.uid === owner.uid) return;
  // The folder itself comes last: its owner shows that everything inside is done.
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

/** Returns the environment of the database's processes, without the caller's PG* variables. */
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
