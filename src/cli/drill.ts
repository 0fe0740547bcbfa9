import { existsSync, mkdirSync, statfsSync } from 'node:fs';
import { constants } from 'node:os';
import { sql } from 'kysely';
import type { Config } from '../config.ts';
import { openContext } from '../context.ts';
import { readIdentities, readKeyExport } from '../lib/backup/age.ts';
import { drillFolder, removeDrill } from '../lib/backup/drill-folder.ts';
import { type Contents, checkBackup, restoreBackup } from '../lib/backup/load.ts';
import { fileSource } from '../lib/backup/places/disk.ts';
import type { BackupSource } from '../lib/backup/places/types.ts';
import { readName } from '../lib/backup/rotation.ts';
import { openPlace } from '../lib/backup/settings.ts';
import type { Blobs } from '../lib/blobs/types.ts';
import { systemClock } from '../lib/clock.ts';
import { INSTALLATION, type Tx, within } from '../lib/db/database.ts';
import { folderOwner } from '../lib/db/embedded/folder.ts';
import { DataFolderInUse } from '../lib/db/embedded.ts';
import { prepareSchema } from '../lib/db/prepare.ts';
import { Broken } from '../lib/envelope/seal.ts';
import { PlainError } from '../lib/plain-error.ts';
import { readKeyFiles } from '../lib/secrets.ts';
import { MIGRATIONS } from '../paths.ts';
import { verifyTrails } from './audit.ts';
import { onBackups } from './backup.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';
import { hasDatabase, reachDatabase } from './reach.ts';
import { neededKey } from './restore.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Restores a backup into a database of its own, looks at what it holds, and removes it. Changes nothing of the service. */
export async function restoreDrill({ config, options, words }: Call): Promise<number> {
  const startedAt = systemClock.now();
  const identities = typeof options.identity === 'string' ? readIdentities(options.identity) : [];
  const source = words[0] ? fileAt(words[0]) : await newest(config);
  const note = (trouble: string | null) => noteDrill(config, source, startedAt, trouble);
  try {
    const contents = await checkBackup(source, MIGRATIONS, identities);
    const given =
      typeof options.key === 'string' ? await readKeyExport(options.key, identities) : null;
    const isSound = await inFolder(config.dataDir, async () => {
      const scratch = { ...scratchOf(config), ...keyOf(config, given) };
      await neededKey(scratch, contents, given);
      demandRoom(scratch.dataDir, contents);
      const opened = given ? { ...scratch, ...inMemory([given]) } : scratch;
      return restoreAndLook(opened, { source, identities }, contents);
    });
    await note(isSound ? null : 'changed');
    print(
      isSound
        ? 'The backup can be restored: nothing is lost or changed. The drill’s database was removed.'
        : 'WRONG: the backup is not what was written. The drill’s database was removed.',
    );
    return isSound ? 0 : 1;
  } catch (error) {
    await note(error instanceof PlainError ? error.message : (error as Error).name);
    throw error;
  }
}

function fileAt(path: string): BackupSource {
  if (!existsSync(path)) throw new CommandError(`There is no file ${path}.`);
  return fileSource(path);
}

/** Returns the newest backup of the schedule, or else of an earlier installation of the address. @throws CommandError when there is none */
async function newest(config: Config): Promise<BackupSource> {
  const { backups, baseUrl } = config;
  if (!backups)
    throw new CommandError(
      'Which backup? finestreta restore drill FILE; or BACKUP_FOLDER or BACKUP_S3_BUCKET says where the newest is.',
    );
  const place = openPlace(backups);
  const host = new URL(baseUrl).hostname;
  const all = (await place.list())
    .flatMap(({ name }) => readName(host, name) ?? [])
    .toSorted((a, b) => Temporal.Instant.compare(b.madeAt, a.madeAt));
  const installation = hasDatabase(config)
    ? await onBackups(config, ({ backups }) => backups.installation())
    : null;
  const own = all.find((each) => each.installation === installation);
  const last = own ?? all[0];
  if (!last) throw new CommandError(`There is no backup of ${host} in ${place.words}.`);
  print(`The newest backup in ${place.words}: ${last.name}`);
  if (!own) print('It was made by another installation of this address: this one has none there.');
  return place.read(last.name);
}

/** Returns the configuration of an installation whose database and files are in the folder of the drill. */
const scratchOf = (config: Config): Config => ({
  ...config,
  dataDir: drillFolder(config.dataDir),
  databaseUrl: null,
  databaseOwnerUrl: null,
  s3: null,
  backups: null,
});

/**
 * Returns the root key with which the backup is opened. One that was given is tried alone: an exported key that is not the right one must
 * not pass because the right one is here. Otherwise the one that is here. Neither is written into the folder of the drill.
 */
function keyOf(config: Config, given: Buffer | null): Partial<Config> {
  if (given) return { ...inMemory([]), pkcs11: null };
  return config.installationKey || config.pkcs11 ? {} : inMemory(readKeyFiles(config.dataDir));
}

const inMemory = ([current, next]: readonly Buffer[]) => ({
  installationKey: current?.toString('base64') ?? null,
  installationKeyNext: next?.toString('base64') ?? null,
});

/** A database takes more than its rows as text: indexes, and the journal. */
const ROOM_PER_BYTE = 3;
/** An empty database, with its journal. */
const ROOM_ANYWAY = 200 * 1024 * 1024;

/** @throws PlainError when the disk, which is that of the service, would be full before the end */
function demandRoom(dataDir: string, { rowBytes }: Contents): void {
  const { bavail, bsize } = statfsSync(dataDir);
  const needed = ROOM_ANYWAY + rowBytes * ROOM_PER_BYTE;
  if (bavail * bsize >= needed) return;
  const inMB = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MB`;
  throw new PlainError(
    `The disk of ${dataDir} has ${inMB(bavail * bsize)} left, and the drill may take ${inMB(needed)}. Nothing was restored.`,
  );
}

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs `work` while there is an empty folder for the drill, and removes it at the end, also when somebody ends the command. */
async function inFolder<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const folder = drillFolder(dataDir);
  if (folderOwner(folder)) throw new DataFolderInUse(folder, null);
  // What a drill that was killed has left.
  removeDrill(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  // The database ends by itself when this process does.
  const end = (signal: (typeof ENDING)[number]) => {
    removeDrill(dataDir);
    process.exit(128 + constants.signals[signal]);
  };
  for (const each of ENDING) process.once(each, end);
  try {
    return await work();
  } finally {
    for (const each of ENDING) process.off(each, end);
    removeDrill(dataDir);
  }
}

async function restoreAndLook(
  scratch: Config,
  from: { source: BackupSource; identities: readonly string[] },
  contents: Contents,
): Promise<boolean> {
  const { about, rows } = contents;
  const pieces = new Set<string>();
  const { connection, runtime, close } = await reachDatabase(scratch, { alone: true });
  try {
    const blobs = namesOnly(pieces);
    await restoreBackup({ ...from, connection, contents, migrations: MIGRATIONS, blobs });
    await prepareSchema(connection, runtime, MIGRATIONS);
  } finally {
    await close();
  }
  const total = Object.values(rows).reduce((sum, each) => sum + each, 0);
  print(
    `The backup of ${about.madeAt} (Finestreta ${about.version}) was restored: ${rows['public.appointment'] ?? 0} appointments, ` +
      `${total} rows of ${Object.keys(rows).length} tables, as many as it says.`,
  );
  return lookInside(scratch, pieces);
}

/** Opens the restored installation with its keys. Returns whether its trails are unbroken, and no document lacks its pieces. */
async function lookInside(scratch: Config, pieces: ReadonlySet<string>): Promise<boolean> {
  const context = await openContext(scratch, { ofAnyTown: true }).catch((error) => {
    if (!(error instanceof Broken)) throw error;
    throw new PlainError(
      'Its keys don’t open with the root key: they were changed. Nothing in it can be read.',
    );
  });
  try {
    print('Its keys open with the root key.');
    const isSound = await verifyTrails(context);
    const { needed, lost } = await within(context.database.kysely, INSTALLATION, (tx) =>
      countPieces(tx, pieces),
    );
    print(
      lost === 0
        ? `Documents: ${needed} sealed pieces, all of them are in it.`
        : `Documents: ${lost} of ${needed} sealed pieces are not in it: they were not where documents are kept.`,
    );
    return isSound && lost === 0;
  } finally {
    await context.close();
  }
}

/** Counts the sealed pieces of documents, and those that are not among the given ones. `most`: how many are read at once. */
export async function countPieces(
  tx: Tx,
  there: ReadonlySet<string>,
  most = 5_000,
): Promise<{ needed: number; lost: number }> {
  let needed = 0;
  let lost = 0;
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: { blob: string }[] } = await sql<{ blob: string }>`
      select distinct blob from document_piece where ${after}::uuid is null or blob > ${after}::uuid
      order by blob limit ${most}`.execute(tx);
    needed += rows.length;
    lost += rows.filter(({ blob }) => !there.has(blob)).length;
    after = rows.at(-1)?.blob ?? after;
    if (rows.length < most) return { needed, lost };
  }
}

/** Returns a store of documents that keeps only the names: their bytes are sealed, and their sum was checked with the file's. */
function namesOnly(names: Set<string>): Blobs {
  return {
    put: async (name) => {
      names.add(name);
    },
    get: async () => null,
    remove: async () => {},
    async *list() {
      yield* names;
    },
  };
}

/** Notes the drill where the service has its database, if that is here. */
async function noteDrill(
  config: Config,
  { name }: BackupSource,
  startedAt: Temporal.Instant,
  trouble: string | null,
): Promise<void> {
  if (!hasDatabase(config)) return;
  const run = { name, startedAt, endedAt: systemClock.now(), bytes: null, rows: null, trouble };
  try {
    await onBackups(config, ({ backups }) => backups.note('drill', run));
  } catch {
    print('The database of the service can’t be reached, so it has no note of this drill.');
  }
}
