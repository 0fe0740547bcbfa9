import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type pg from 'pg';
import type { Config } from '../config.ts';
import {
  type Backups,
  createBackups,
  type MadeBackup,
} from '../features/foundation/backups/service.ts';
import { createOffices, demandOwnHost } from '../features/foundation/offices/service.ts';
import { readRecipients } from '../lib/backup/age.ts';
import { writeBackup } from '../lib/backup/dump.ts';
import { fileSource } from '../lib/backup/places/disk.ts';
import { verifyWritten } from '../lib/backup/verified.ts';
import { openBlobs } from '../lib/blobs/open.ts';
import { systemClock } from '../lib/clock.ts';
import { openDatabase } from '../lib/db/database.ts';
import { PlainError } from '../lib/plain-error.ts';
import { MIGRATIONS, VERSION } from '../paths.ts';
import type { Call, Everywhere } from './commands.ts';
import { CommandError } from './error.ts';
import { hasDatabase, reachDatabase } from './reach.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Writes everything except the root key into one encrypted file, while the server runs, and reads it again. */
export async function backUp({ config, options, words }: Call): Promise<number> {
  const path = words[0];
  if (!path) throw new CommandError('Into which file? finestreta backup FILE');
  demandDatabase(config);
  const recipients = recipientsOf(config, options);
  return onBackups(config, async ({ backups, connection }) => {
    const startedAt = systemClock.now();
    const dump = {
      connection,
      recipients,
      migrations: MIGRATIONS,
      blobs: openBlobs(config),
      facts: { madeAt: startedAt.round('second').toString(), version: VERSION },
    };
    const rows = await verifyWritten(dump, fileSource(path), (all) =>
      writeBackup({ ...all, path }),
    );
    await backups.note('file', {
      name: basename(path),
      startedAt,
      endedAt: systemClock.now(),
      trouble: null,
      bytes: statSync(path).size,
      rows: totalOf(rows),
    });
    print(summary(path, rows));
    print(
      recipients.length > 0
        ? 'It was read again to its end. Only the identity of the recipient opens it now.'
        : 'It is not encrypted: whoever has the file reads the name, address and telephone of everybody.',
    );
    print(
      'The root key is not in it: keep that apart (finestreta key export FILE --to RECIPIENT).',
    );
    return 0;
  });
}

/** Makes the backup of each town now, to where its schedule keeps them. One town's failure stops no other's. */
export async function backUpTowns({ towns, options }: Call & Everywhere): Promise<number> {
  if (options.to !== undefined || options.unencrypted !== undefined)
    throw new CommandError(
      'Into which file? finestreta backup FILE; the schedule has its own recipient.',
    );
  let isWhole = true;
  for (const { name, config } of towns) {
    const town = name ? `${name}: ` : '';
    try {
      demandDatabase(config);
      const made = await onBackups(config, ({ backups }) => backups.make());
      print(`${town}${made ? inWords(made) : 'another process makes a backup now.'}`);
      for (const each of made?.warnings ?? []) process.stderr.write(`${town}${each}\n`);
    } catch (error) {
      if (!(error instanceof PlainError) || !name) throw error;
      isWhole = false;
      process.stderr.write(`${town}${error.message}\n`);
    }
  }
  return isWhole ? 0 : 1;
}

const inWords = ({ name, place, bytes, rows, removed }: MadeBackup): string =>
  `${name} in ${place}: ${rows} rows, ${sizeInWords(bytes)}, read again to its end. ` +
  `${removed.length === 0 ? 'No earlier one was removed.' : `Removed: ${removed.join(', ')}.`}`;

function demandDatabase(config: Config): void {
  if (hasDatabase(config)) return;
  throw new CommandError(
    `There is nothing to back up: ${config.dataDir} has no database (set DATA_DIR or DATABASE_URL as for the server).`,
  );
}

/** Runs `work` on the backups of a town, beside a running server or without one. */
export async function onBackups<T>(
  config: Config,
  work: (reached: { backups: Backups; connection: pg.ConnectionConfig }) => Promise<T>,
): Promise<T> {
  const { connection, runtime, close } = await reachDatabase(config);
  try {
    await demandOwnHost(connection, config.baseUrl);
    const database = await openDatabase({ connection: runtime, pool: 2, onIdleError: () => {} });
    const offices = createOffices(database.kysely);
    const backups = createBackups({
      db: database.kysely,
      connection,
      clock: systemClock,
      settings: config.backups,
      recipient: config.backupRecipient,
      host: new URL(config.baseUrl).hostname,
      version: VERSION,
      migrations: MIGRATIONS,
      blobs: openBlobs(config),
      timeZone: async () => (await offices.town()).timeZone,
    });
    return await work({ backups, connection }).finally(() => database.close());
  } finally {
    await close();
  }
}

/** Returns the recipients of the backup. @throws CommandError when there is neither a recipient nor the option for a readable backup */
function recipientsOf(config: Config, options: Call['options']): string[] {
  const said = typeof options.to === 'string' ? options.to : (config.backupRecipient ?? '');
  const recipients = readRecipients(said);
  if (recipients.length > 0 && options.unencrypted === true)
    throw new CommandError('It is either encrypted to a recipient or unencrypted: say one.');
  if (recipients.length > 0 || options.unencrypted === true || config.demo) return recipients;
  throw new CommandError(
    'To whom is the backup encrypted? --to RECIPIENT or BACKUP_RECIPIENT, an age recipient (age1…) whose identity is kept on ' +
      'another machine: age-keygen makes both. --unencrypted writes a file that everybody who has it can read.',
  );
}

const totalOf = (rows: Record<string, number>): number =>
  Object.values(rows).reduce((sum, each) => sum + each, 0);

function sizeInWords(bytes: number): string {
  const kB = bytes / 1024;
  return kB < 1024 ? `${Math.ceil(kB)} kB` : `${(kB / 1024).toFixed(1)} MB`;
}

function summary(path: string, rows: Record<string, number>): string {
  const size = sizeInWords(statSync(path).size);
  return `Backed up into ${path}: ${rows['public.appointment'] ?? 0} appointments, ${totalOf(rows)} rows in all, ${size}.`;
}
