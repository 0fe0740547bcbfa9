import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Config } from '../config.ts';
import { openContext } from '../context.ts';
import { readIdentities, readKeyExport } from '../lib/backup/age.ts';
import { type Contents, checkBackup, restoreBackup } from '../lib/backup/load.ts';
import { fileSource } from '../lib/backup/places/disk.ts';
import type { BackupSource } from '../lib/backup/places/types.ts';
import { readName } from '../lib/backup/rotation.ts';
import { openPlace } from '../lib/backup/settings.ts';
import type { Blobs } from '../lib/blobs/types.ts';
import { systemClock } from '../lib/clock.ts';
import { INSTALLATION, within } from '../lib/db/database.ts';
import { folderOwner } from '../lib/db/embedded/folder.ts';
import { DataFolderInUse } from '../lib/db/embedded.ts';
import { prepareSchema } from '../lib/db/prepare.ts';
import { Broken } from '../lib/envelope/seal.ts';
import { PlainError } from '../lib/plain-error.ts';
import { readStoredKey, storeKey } from '../lib/secrets.ts';
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
    const isSound = await inScratch(config, async (scratch) => {
      await takeKey(config, scratch, contents, given);
      return restoreAndLook(scratch, { source, identities }, contents);
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

/** Returns the newest backup of the schedule. @throws CommandError when there is none */
async function newest({ backups, baseUrl }: Config): Promise<BackupSource> {
  if (!backups)
    throw new CommandError(
      'Which backup? finestreta restore drill FILE; or BACKUP_FOLDER or BACKUP_S3_BUCKET says where the newest is.',
    );
  const place = openPlace(backups);
  const host = new URL(baseUrl).hostname;
  const kept = (await place.list()).flatMap(({ name }) => readName(host, name) ?? []);
  const [last] = kept.toSorted((a, b) => Temporal.Instant.compare(b.madeAt, a.madeAt));
  if (!last) throw new CommandError(`There is no backup of ${host} in ${place.words}.`);
  print(`The newest backup in ${place.words}: ${last.name}`);
  return place.read(last.name);
}

/** Runs `work` with a configuration whose database and files are in a folder of their own, which is removed at the end. */
async function inScratch<T>(config: Config, work: (scratch: Config) => Promise<T>): Promise<T> {
  const dataDir = join(config.dataDir, 'drill');
  if (folderOwner(dataDir)) throw new DataFolderInUse(dataDir, null);
  // What a drill that was killed has left.
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  try {
    return await work({
      ...config,
      dataDir,
      databaseUrl: null,
      databaseOwnerUrl: null,
      s3: null,
      backups: null,
    });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Gives the scratch installation the root key of the backup: the one that was given, else the one that is here. */
async function takeKey(
  config: Config,
  scratch: Config,
  contents: Contents,
  given: Buffer | null,
): Promise<void> {
  // The given one is tried alone: an exported key that is not the right one must not pass because the right one is here.
  const missing = await neededKey(given ? scratch : config, contents, given);
  if (config.installationKey || config.pkcs11) return;
  const key = missing ?? readStoredKey(config.dataDir);
  if (key) storeKey(scratch.dataDir, key);
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
    const needed = await within(context.database.kysely, INSTALLATION, async (tx) => {
      const { rows } = await sql<{
        blob: string;
      }>`select distinct blob from document_piece`.execute(tx);
      return rows.map((each) => each.blob);
    });
    const lost = needed.filter((each) => !pieces.has(each));
    print(
      lost.length === 0
        ? `Documents: ${needed.length} sealed pieces, all of them are in it.`
        : `Documents: ${lost.length} of ${needed.length} sealed pieces are not in it: they were not where documents are kept.`,
    );
    return isSound && lost.length === 0;
  } finally {
    await context.close();
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
