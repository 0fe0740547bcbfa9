import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { majorOf, prepareCluster, syncFolder } from './cluster.ts';
import { EmbeddedDatabaseError, explain } from './errors.ts';
import {
  clearLeftovers,
  type Folder,
  lockFolder,
  openFolder,
  PORT,
  socketFolder,
} from './folder.ts';
import { chooseIdentity, giveTo, type Identity } from './identity.ts';
import { type EmbeddedLogins, loginsAt, openPasswords } from './logins.ts';
import { launch, type Postmaster } from './postmaster.ts';

/** Where the database of the other version is made, in the folder of the database. */
const NEXT = 'upgrade';
/** In that folder: the database there is whole. */
const READY = 'ready';
const LOCAL = 'local.conf';

/** The embedded database in two versions, which both run. The data folder belongs to this process. */
export interface TwoVersions {
  old: EmbeddedLogins & { major: number };
  next: EmbeddedLogins & { version: string };
  /**
   * Stops both, and puts the new one in the place of the old one. Returns the folder in which the old one is kept. Interrupted at any point,
   * the old one or the new one is whole in its place, or the next start puts it there.
   */
  finish(): Promise<string>;
  /** Stops both, and removes the new one. */
  giveUp(): Promise<void>;
}

/** Returns the major version that wrote the embedded database; null: there is none. */
export function writtenBy(dataDir: string): number | null {
  const cluster = join(dataDir, 'postgres', 'cluster');
  return existsSync(cluster) ? majorOf(cluster) : null;
}

/** Returns the folder in which an earlier version's database is kept, in the folder of the database. */
export const keptFolder = (home: string, major: number): string => join(home, `cluster-${major}`);

/**
 * Starts the database in `dataDir` with the programs that wrote it, and an empty one of another version beside it.
 * @param programs their folders, which have `bin`
 * @throws EmbeddedDatabaseError with the remedy; nothing was changed
 */
export async function startBoth(
  dataDir: string,
  programs: { old: string; next: string },
  onLine: (line: string) => void,
): Promise<TwoVersions> {
  const folder = openFolder(dataDir);
  const lock = lockFolder(folder);
  const running: Postmaster[] = [];
  const stop = async () => {
    for (const each of running.splice(0)) await each.stop();
  };
  const giveUp = async () => {
    await stop();
    rmSync(join(folder.home, NEXT), { recursive: true, force: true });
    lock.release();
  };
  try {
    await settle(folder);
    const identity = chooseIdentity(folder.home);
    const passwords = openPasswords(folder.dataDir);
    const kept = keptFolder(folder.home, majorOf(folder.cluster));
    if (existsSync(kept))
      throw new EmbeddedDatabaseError(
        `An earlier database is kept in ${kept}. Remove it, or move it to another place.`,
      );
    const start = async (at: Folder, native: string) => {
      const binaries = prepareBinaries(native, at.home, identity);
      await clearLeftovers(at);
      prepareCluster(at, binaries, identity, passwords);
      copyLocal(folder, at, identity);
      const place = { host: socketFolder(at, identity), port: PORT };
      const started = await launch(at, binaries, identity, place.host, onLine);
      if (!started.ok) throw explain(started.output, at.home, 'starting the database');
      running.push(started.postmaster);
      return { binaries, logins: loginsAt(place, passwords) };
    };
    const old = await start(folder, programs.old);
    const nextFolder = openNext(folder, identity);
    const next = await start(nextFolder, programs.next);
    demandNewer(old.binaries, next.binaries);
    return {
      old: { ...old.logins, major: old.binaries.major },
      next: { ...next.logins, version: next.binaries.version },
      finish: async () => {
        await stop();
        writeFileSync(join(nextFolder.home, READY), '', { flush: true });
        syncFolder(nextFolder.home);
        renameSync(folder.cluster, kept);
        await settle(folder);
        lock.release();
        return kept;
      },
      giveUp,
    };
  } catch (error) {
    await giveUp();
    throw error;
  }
}

/**
 * Finishes what an upgrade that was interrupted had begun: puts a whole new database into its place if the old one was moved away already, and
 * removes what is left over otherwise. The caller has the folder's lock.
 */
export async function settle(folder: Folder): Promise<void> {
  const next = nextOf(folder);
  if (!existsSync(next.home)) return;
  await clearLeftovers(next);
  if (existsSync(join(next.home, READY)) && !existsSync(folder.cluster)) {
    renameSync(next.cluster, folder.cluster);
    syncFolder(folder.home);
  }
  rmSync(next.home, { recursive: true, force: true });
}

const nextOf = ({ dataDir, home }: Folder): Folder => {
  const next = join(home, NEXT);
  return { dataDir, home: next, cluster: join(next, 'cluster') };
};

function openNext(folder: Folder, identity: Identity): Folder {
  const next = nextOf(folder);
  mkdirSync(next.home, { mode: 0o700 });
  giveTo(next.home, identity);
  return next;
}

/** Copies the operator's own settings: if the new version doesn't take them, it doesn't start, and nothing was changed. */
function copyLocal(from: Folder, to: Folder, identity: Identity): void {
  const own = join(from.cluster, LOCAL);
  if (from === to || !existsSync(own)) return;
  copyFileSync(own, join(to.cluster, LOCAL));
  giveTo(join(to.cluster, LOCAL), identity);
}

function demandNewer(old: Binaries, next: Binaries): void {
  if (next.major > old.major) return;
  throw new EmbeddedDatabaseError(
    `The database is of PostgreSQL ${old.version}, which is not older than ${next.version}.`,
  );
}
