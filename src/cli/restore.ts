import { existsSync } from 'node:fs';
import type pg from 'pg';
import type { Config } from '../config.ts';
import { changeHost, demandOwnHost } from '../features/bodies/service.ts';
import {
  type Contents,
  checkBackup,
  othersConnected,
  restoreBackup,
  type Standing,
  whatStands,
} from '../lib/backup/load.ts';
import { openBlobs } from '../lib/blobs/open.ts';
import { openDatabase } from '../lib/db/database.ts';
import { migrate } from '../lib/db/migrate.ts';
import { readStoredKey, storeKey } from '../lib/secrets.ts';
import { MIGRATIONS } from '../paths.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';
import { type Reached, reachDatabase } from './reach.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Makes the installation what a backup holds. Whatever refuses does so before anything was changed. */
export async function restore({ config, options, words }: Call): Promise<number> {
  const path = words[0];
  if (!path) throw new CommandError('Which file? finestreta restore FILE');
  if (!existsSync(path)) throw new CommandError(`There is no file ${path}.`);
  const contents = await checkBackup(path, MIGRATIONS);
  demandSameKey(config, contents);
  const reached = await reachDatabase(config, { alone: true });
  try {
    await demandOwnHost(reached.connection, config.baseUrl);
    await demandRoom(config, reached, options.yes === true);
    await restoreInto(config, reached, path, contents);
  } finally {
    await reached.close();
  }
  return 0;
}

/** A key from the environment stays, so it must be the backup's. */
function demandSameKey({ installationKey }: Config, { about }: Contents): void {
  if (!installationKey || !about.key) return;
  if (Buffer.from(installationKey, 'base64').equals(Buffer.from(about.key, 'base64'))) return;
  throw new CommandError(
    "INSTALLATION_KEY isn't the backup's key: the links that citizens were sent would open nothing. " +
      'Restore without INSTALLATION_KEY; the key is then in DATA_DIR/keys/installation.key, from where you can set it again.',
  );
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
  { connection }: Reached,
  path: string,
  contents: Contents,
): Promise<void> {
  const { about, rows } = contents;
  const blobs = openBlobs(config);
  await restoreBackup({ connection, path, contents, migrations: MIGRATIONS, blobs });
  if (about.key && !config.installationKey) keepKey(config, about.key);
  const newer = await migrate(connection, MIGRATIONS);
  await forgetHost(connection);
  say(
    `Restored the backup of ${about.madeAt} (Finestreta ${about.version}): ${rows['public.appointment'] ?? 0} appointments.`,
  );
  if (newer.length > 0) say(`Then brought it up to date: ${newer.join(', ')}.`);
  if (!about.key) {
    say('The backup has no installation key: links that citizens were sent open nothing.');
  }
}

/** What is restored under another name is a rehearsal, or a town that moved: who serves it next says which. */
async function forgetHost(connection: pg.ConnectionConfig): Promise<void> {
  const database = await openDatabase({ connection, pool: 1, onIdleError: () => {} });
  await changeHost(database.kysely, null).finally(() => database.close());
}

function keepKey({ dataDir }: Config, text: string): void {
  const key = Buffer.from(text, 'base64');
  if (readKey(dataDir)?.equals(key)) return;
  storeKey(dataDir, key);
}

/** A key that can't be read is replaced like any other. */
function readKey(dataDir: string): Buffer | null {
  try {
    return readStoredKey(dataDir);
  } catch {
    return null;
  }
}
