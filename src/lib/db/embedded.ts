/** The embedded database: the real PostgreSQL from npm, on a Unix socket in the data folder, owned by this process and ending with it. */
import { setTimeout as wait } from 'node:timers/promises';
import { settle } from './embedded/beside.ts';
import { findNative, prepareBinaries } from './embedded/binaries.ts';
import { prepareCluster } from './embedded/cluster.ts';
import {
  DataFolderInUse,
  type EmbeddedConnection,
  EmbeddedDatabaseError,
  type EmbeddedPlace,
  explain,
  isDiskFull,
} from './embedded/errors.ts';
import {
  clearLeftovers,
  folderOwner,
  type Lock,
  lockFolder,
  openFolder,
  PORT,
  socketFolder,
} from './embedded/folder.ts';
import { chooseIdentity } from './embedded/identity.ts';
import { type EmbeddedLogins, loginsAt, openPasswords, readPasswords } from './embedded/logins.ts';
import { launch, type Postmaster, type StartResult } from './embedded/postmaster.ts';

export {
  DataFolderInUse,
  type EmbeddedConnection,
  EmbeddedDatabaseError,
  type EmbeddedLogins,
  type EmbeddedPlace,
};

/** The launcher's log; pino's logger is one. */
export interface EmbeddedLog {
  info(message: string): void;
  warn(message: string): void;
}

/** The running embedded database. */
export interface Embedded {
  /** The logins of its roles. */
  logins: EmbeddedLogins;
  /** The current database process; changes after a restart. */
  readonly pid: number;
  /**
   * Resolves with the reason when the database has ended for good without `stop()`. A database that dies is started again on the same
   * socket; with a full disk, as soon as there is space. Three other deaths in a row, each within a minute, are final.
   */
  exited: Promise<string>;
  /** Stops the database cleanly and frees the data folder. Can be called again. */
  stop(): Promise<void>;
}

const TRIES = 3;
const A_MINUTE = 60_000;
const A_SECOND = 1_000;

/**
 * Starts the database in `dataDir`, and creates it if needed, with the passwords of its roles. A database of an earlier version gets its
 * roles and passwords first.
 * @throws DataFolderInUse when another process has the folder
 * @throws EmbeddedDatabaseError when it can't run here: the message gives the remedy
 */
export async function startEmbedded(options: {
  dataDir: string;
  log: EmbeddedLog;
  /** The folder of PostgreSQL's programs; those of this Finestreta by default. */
  native?: string;
}): Promise<Embedded> {
  const { log, native = findNative() } = options;
  const folder = openFolder(options.dataDir);
  const lock = lockFolder(folder);
  try {
    const identity = chooseIdentity(folder.home);
    const binaries = prepareBinaries(native, folder.home, identity);
    await settle(folder);
    await clearLeftovers(folder);
    const passwords = openPasswords(folder.dataDir);
    const { created } = prepareCluster(folder, binaries, identity, passwords);
    if (created) log.info(`Created the database in ${folder.home}`);
    const host = socketFolder(folder, identity);
    const place: EmbeddedPlace = { host, port: PORT };
    const start = () => patiently(() => launch(folder, binaries, identity, host, tell(log)));
    const first = await start();
    if (!first.ok) throw explain(first.output, folder.home, 'starting the database');
    lock.publish(place);
    return supervise(first.postmaster, start, loginsAt(place, passwords), lock, log);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Returns the access to the embedded database that another process runs on `dataDir`; null: none runs. */
export function findEmbedded(dataDir: string): { pid: number; logins: EmbeddedLogins } | null {
  const owner = folderOwner(dataDir);
  const passwords = owner?.place && readPasswords(dataDir);
  if (!owner?.place || !passwords) return null;
  return { pid: owner.pid, logins: loginsAt(owner.place, passwords) };
}

function supervise(
  first: Postmaster,
  start: () => Promise<StartResult>,
  logins: EmbeddedLogins,
  lock: Lock,
  log: EmbeddedLog,
): Embedded {
  let current = first;
  let stopping: Promise<void> | null = null;
  let restarting: Promise<unknown> = Promise.resolve();
  const exited = Promise.withResolvers<string>();

  const restart = async (deaths: number, words: string): Promise<void> => {
    if (stopping !== null) return;
    if (deaths >= TRIES && !isDiskFull(words)) return exited.resolve(words);
    log.warn('The database process died; starting it again');
    const next = await startWhenThereIsSpace(start, () => stopping !== null, log);
    if (!next.ok) return exited.resolve(next.output);
    current = next.postmaster;
    log.warn('The database is back');
    guard(isDiskFull(words) ? deaths : deaths + 1);
  };
  const guard = (deaths: number) => {
    let recent = deaths;
    const calm = setTimeout(() => {
      recent = 0;
    }, A_MINUTE);
    calm.unref();
    void current.gone.then((words) => {
      clearTimeout(calm);
      restarting = restart(recent, words);
    });
  };
  guard(0);

  const stop = async () => {
    await restarting;
    await current.stop();
    lock.release();
  };
  return {
    logins,
    get pid() {
      return current.pid;
    },
    exited: exited.promise,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Starts the database, and waits for space when the disk is full, since that is no defect of the database. */
async function startWhenThereIsSpace(
  start: () => Promise<StartResult>,
  isStopping: () => boolean,
  log: EmbeddedLog,
): Promise<StartResult> {
  let next = await start();
  if (!next.ok && isDiskFull(next.output)) log.warn('The disk is full: waiting for space on it');
  while (!next.ok && isDiskFull(next.output) && !isStopping()) {
    await wait(A_SECOND);
    next = await start();
  }
  return next;
}

/** Starts repeatedly: just after a postmaster's death its last children may still hold the shared memory. */
async function patiently(start: () => Promise<StartResult>): Promise<StartResult> {
  for (let attempt = 0; ; attempt++) {
    const result = await start();
    if (result.ok || attempt === 50) return result;
    if (!/pre-existing shared memory block|is another postmaster/i.test(result.output)) {
      return result;
    }
    await wait(100);
  }
}

/** The server's message to each remaining connection when it is stopped. */
const GOODBYE = 'FATAL:  terminating connection due to administrator command';

function tell(log: EmbeddedLog): (line: string) => void {
  return (line) => {
    if (/^(FATAL|PANIC):/.test(line) && line !== GOODBYE) log.warn(`Database: ${line}`);
  };
}
