import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Config } from './config.ts';
import {
  type Account,
  become,
  findAccount,
  formatAccount,
  giveDataFolder,
  isRoot,
  ownerOf,
} from './lib/accounts.ts';
import { findNative, linkLibraries } from './lib/db/embedded/binaries.ts';
import { DataFolderInUse } from './lib/db/embedded/errors.ts';
import { folderOwner } from './lib/db/embedded/folder.ts';
import { NAMED, OWN } from './lib/db/embedded/identity.ts';
import { PlainError } from './lib/plain-error.ts';
import { ROOT } from './paths.ts';

/** The settings that decide the account. */
export type Runner = Pick<Config, 'dataDir' | 'runAs' | 'demo' | 'databaseUrl'>;

/** The account of a server that root starts. `account` null: root, for the reason in `why`. */
export type Choice = { account: Account; why: string } | { account: null; why: string };

/** The files in the project's folder that a server must be able to read. */
const READ = ['package.json', 'migrations', 'dist/server/main.js', 'node_modules/pg/package.json'];

/**
 * Replaces the rights of root with those of a separate account, which first gets the data folders. Does nothing for an ordinary user.
 * @returns a sentence for the log; null: an ordinary user started it @throws PlainError when the operator must decide
 */
export function leaveRoot(towns: readonly Runner[]): { isWarning: boolean; words: string } | null {
  if (!isRoot()) {
    demandSameUser(towns[0]?.runAs ?? null);
    return null;
  }
  const { account, why } = chooseAccount(towns);
  if (account === null) return { isWarning: true, words: `Runs as root: ${why}` };
  for (const { dataDir, databaseUrl } of towns) {
    const holder = folderOwner(dataDir);
    if (holder) throw new DataFolderInUse(dataDir, holder.pid);
    giveDataFolder(dataDir, account);
    if (!databaseUrl) linkPrograms();
  }
  become(account);
  return { isWarning: false, words: `Runs as ${formatAccount(account)} from now on: ${why}` };
}

/**
 * Gives files that root's command has made in data folders to the folders' owners, so that their server can use them. Folders of root stay
 * unchanged.
 * @param read returns the towns of the command; a command without towns has made nothing
 * @param everything whether it may have written documents
 */
export function handBackFolders(
  read: () => readonly { config: Runner }[],
  everything: boolean,
): void {
  if (!isRoot()) return;
  let towns: readonly { config: Runner }[] = [];
  try {
    towns = read();
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
  }
  for (const { config } of towns) {
    const owner = ownerOf(config.dataDir);
    if (owner && owner.uid !== 0) giveDataFolder(config.dataDir, owner, everything);
  }
}

/** Chooses the account of a server that root starts. Changes nothing. @throws PlainError when the operator must decide */
export function chooseAccount(towns: readonly Runner[]): Choice {
  const asked = towns[0]?.runAs ?? null;
  if (asked !== null) return askedFor(asked, towns);
  const owners = new Map(
    towns
      .map(({ dataDir }) => ownerOf(dataDir))
      .filter((each) => each !== null && each.uid !== 0)
      .map((each) => [each!.uid, each!]),
  );
  const [owner, another] = owners.values();
  if (owner && another) {
    throw new PlainError(
      `The data folders belong to ${formatAccount(owner)} and ${formatAccount(another)}: say by RUN_AS as whom the server runs.`,
    );
  }
  const candidates = owner ? [owner] : defaultAccounts();
  const account = candidates.find((each) => canRun(each, towns));
  if (account) return { account, why: owner ? 'DATA_DIR is theirs' : 'root started it' };
  const words =
    `${candidates.map(formatAccount).join(' or ')} can't enter ${ROOT} or DATA_DIR, or read what is in them. Move them to where ` +
    'everybody may enter (such as /srv and /var/lib), or name another user by RUN_AS.';
  if (towns.every(({ demo }) => demo)) return { account: null, why: words };
  throw new PlainError(
    `Started by root, Finestreta runs as another user, but ${words} RUN_AS=root keeps it root.`,
  );
}

function askedFor(asked: string, towns: readonly Runner[]): Choice {
  const account = findAccount(asked);
  if (!account) throw new PlainError(`RUN_AS is ${asked}, which is no user of this machine.`);
  if (account.uid === 0)
    return { account: null, why: 'RUN_AS says so. Name a user without rights.' };
  if (canRun(account, towns)) return { account, why: 'RUN_AS says so' };
  throw new PlainError(
    `RUN_AS is ${asked}, who can't enter ${ROOT} or the folder above DATA_DIR, or read what is in them.`,
  );
}

/**
 * Returns the default accounts, in order: a separate account, a user number that nothing else on the machine has, the account without any
 * rights.
 */
function defaultAccounts(): Account[] {
  const unnamed: Account = { uid: OWN, gid: OWN, name: null };
  const isFree = findAccount(`${OWN}:${OWN}`)?.name === null;
  const found = [findAccount('finestreta'), isFree ? unnamed : null, findAccount('nobody')];
  return found.filter((each) => each !== null);
}

function demandSameUser(asked: string | null): void {
  const account = asked === null ? null : findAccount(asked);
  if (asked === null || account?.uid === process.getuid?.()) return;
  throw new PlainError(
    `RUN_AS is ${asked}, whom only root can become. Start it as that user, or as root.`,
  );
}

/**
 * Returns whether an account can read the program, and enter the folders above its data. The embedded database lends a name to an account
 * without one, which not every container allows.
 */
function canRun({ uid, gid, name }: Account, towns: readonly Runner[]): boolean {
  const parents = towns.map(({ dataDir }) => dirname(dataDir));
  const files = READ.map((each) => join(ROOT, each));
  const script =
    'while [ "$1" != -- ]; do [ -r "$1" ] || exit 1; shift; done; shift; for each; do cd -- "$each" || exit 1; done';
  const naming = name === null && towns.some(({ databaseUrl }) => !databaseUrl) ? NAMED : [];
  const [program = '', ...args] = [...naming, '/bin/sh', '-c', script, 'sh', ...files, '--'];
  const run = spawnSync(program, [...args, ...existing(parents)], {
    uid,
    gid,
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
  });
  return run.status === 0;
}

/** Returns the nearest existing parents of missing folders, which root will make. */
function existing(folders: readonly string[]): string[] {
  const up = (path: string): string =>
    ownerOf(path) || dirname(path) === path ? path : up(dirname(path));
  return [...new Set(folders.map(up))];
}

/** Makes the links of the embedded database in the packages, since the account may not write there. */
function linkPrograms(): void {
  try {
    linkLibraries(findNative());
  } catch {
    // There is no embedded database for this platform; its start reports that.
  }
}
