import { existsSync } from 'node:fs';
import type pg from 'pg';
import type { Config } from '../config.ts';
import { forgetInstallation } from '../features/foundation/backups/service.ts';
import { changeHost, demandOwnHost } from '../features/foundation/offices/service.ts';
import { readIdentities, readKeyExport } from '../lib/backup/age.ts';
import {
  type Contents,
  checkBackup,
  othersConnected,
  restoreBackup,
  type Standing,
  whatStands,
} from '../lib/backup/load.ts';
import { fileSource } from '../lib/backup/places/disk.ts';
import type { BackupSource } from '../lib/backup/places/types.ts';
import { openBlobs } from '../lib/blobs/open.ts';
import { openDatabase } from '../lib/db/database.ts';
import { prepareSchema } from '../lib/db/prepare.ts';
import { fileProvider } from '../lib/keys/provider.ts';
import { storeKey } from '../lib/secrets.ts';
import { MIGRATIONS } from '../paths.ts';
import { openRoots } from '../root-key.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';
import { type Reached, reachDatabase } from './reach.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Replaces the installation with a backup. Every refusal happens before the first change. */
export async function restore({ config, options, words }: Call): Promise<number> {
  const path = words[0];
  if (!path) throw new CommandError('Which file? finestreta restore FILE');
  if (!existsSync(path)) throw new CommandError(`There is no file ${path}.`);
  const identities = typeof options.identity === 'string' ? readIdentities(options.identity) : [];
  const source = fileSource(path);
  const contents = await checkBackup(source, MIGRATIONS, identities);
  const given =
    typeof options.key === 'string' ? await readKeyExport(options.key, identities) : null;
  const key = await neededKey(config, contents, given);
  const reached = await reachDatabase(config, { alone: true });
  try {
    await demandOwnHost(reached.connection, config.baseUrl);
    await demandRoom(config, reached, options.yes === true);
    await restoreInto(config, reached, { source, identities }, contents);
    if (key) storeKey(config.dataDir, key);
  } finally {
    await reached.close();
  }
  return 0;
}

/**
 * Returns the root key that must be stored in DATA_DIR for the backup; null: it is there already. @throws CommandError when the backup's
 * root key is neither stored nor given
 */
export async function neededKey(
  config: Config,
  { about }: Contents,
  given: Buffer | null,
): Promise<Buffer | null> {
  const here = await openRoots(config);
  try {
    const missing: string[] = [];
    for (const root of about.roots) if (!(await here.find(root))) missing.push(root);
    if (missing.length === 0) return null;
    if (given && missing.every((each) => each === fileProvider(given).id)) {
      if (!config.installationKey) return given;
      throw new CommandError(
        "INSTALLATION_KEY isn't the backup's root key, and the key that was given is. Set INSTALLATION_KEY to it, or leave it out.",
      );
    }
    throw new CommandError(
      `The backup's keys are wrapped by the root key ${missing.join(', ')}, which ${given ? 'is not the one that was given' : 'is not here'}. ` +
        'Without it no link, second factor or document opens, so nothing is restored. Give it as key export wrote it: --key FILE, with --identity FILE.',
    );
  } finally {
    await here.close();
  }
}

async function demandRoom(
  config: Config,
  { connection }: Reached,
  mayReplace: boolean,
): Promise<void> {
  const standing = await whatStands(connection);
  if (standing.kind === 'foreign') {
    throw new CommandError(
      'The database holds tables of another application, so nothing is restored into it. Make a database for Finestreta.',
    );
  }
  if (standing.kind === 'finestreta' && !mayReplace) throw new CommandError(refusal(standing));
  const others = config.databaseUrl ? await othersConnected(connection) : 0;
  if (others > 0) {
    throw new CommandError(
      `${others === 1 ? 'Somebody else is' : `${others} others are`} connected to the database. Stop every server and other program that uses it first.`,
    );
  }
}

function refusal({ town, appointments }: Extract<Standing, { kind: 'finestreta' }>): string {
  return (
    `The database is not empty: ${town ?? 'no town'}, ${appointments} appointments. Restoring replaces all of it.\n` +
    'If that is what you want, back it up (finestreta backup FILE) and add --yes.'
  );
}

async function restoreInto(
  config: Config,
  { connection, runtime }: Reached,
  { source, identities }: { source: BackupSource; identities: readonly string[] },
  contents: Contents,
): Promise<void> {
  const { about, rows } = contents;
  const blobs = openBlobs(config);
  await restoreBackup({ connection, source, identities, contents, migrations: MIGRATIONS, blobs });
  const { tables } = await prepareSchema(connection, runtime, MIGRATIONS);
  await becomeAnother(runtime);
  print(
    `Restored the backup of ${about.madeAt} (Finestreta ${about.version}): ${rows['public.appointment'] ?? 0} appointments.`,
  );
  if (tables.length > 0) print(`Then brought it up to date: ${tables.join(', ')}.`);
}

/**
 * Removes the stored host and the installation's id: a restored database may be a rehearsal, or a town with a new name. The next server sets the
 * host, and its backups are told apart from those of the one that was backed up.
 */
async function becomeAnother(connection: pg.ConnectionConfig): Promise<void> {
  const database = await openDatabase({ connection, pool: 1, onIdleError: () => {} });
  try {
    await changeHost(database.kysely, null);
    await forgetInstallation(database.kysely);
  } finally {
    await database.close();
  }
}
