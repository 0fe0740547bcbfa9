import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import type { Blobs } from '../blobs/types.ts';
import { CopyOut } from '../db/copy.ts';
import { INSTALLATION } from '../db/database.ts';
import { DbClient } from '../db/hosts/client.ts';
import { sealedTo } from './age.ts';
import {
  type About,
  BackupError,
  type BackupTable,
  backupLines,
  copyOutStatement,
  identifierOf,
} from './format.ts';
import { readMigrations, readSequences, readTables } from './tables.ts';

export interface DumpOptions {
  connection: pg.ConnectionConfig;
  facts: Omit<About, 'migrations' | 'roots'>;
  /** Recipients of age for the encryption; empty: not encrypted. */
  recipients: readonly string[];
  /** The store of documents. */
  blobs: Blobs;
}

export interface BackupOptions extends DumpOptions {
  /** The file to make; it must not exist. */
  path: string;
}

/**
 * Hands the whole database, as of one moment, to `write` as the bytes of a backup. Other users of the database don't wait. Returns the
 * number of rows of each table. @throws BackupError when there is nothing to back up
 */
export async function dumpTo(
  { connection, facts, blobs, recipients }: DumpOptions,
  write: (bytes: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<Record<string, number>> {
  const client = await connect(connection);
  try {
    const lines = backupLines();
    await pipeline(
      Readable.from(dump(client, facts, lines, blobs)),
      createGzip(),
      (packed: AsyncIterable<Uint8Array>) =>
        write(recipients.length > 0 ? sealedTo(recipients, packed) : packed),
    );
    return lines.written;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Writes a backup to a file that only its owner can read. Returns the number of rows of each table. @throws BackupError when there is
 * nothing to back up, or the file exists
 */
export async function writeBackup({
  path,
  ...options
}: BackupOptions): Promise<Record<string, number>> {
  const unfinished = `${path}.unfinished`;
  await refuseExisting(path);
  try {
    // The mode is set at creation, so that nobody else can open the file at any moment.
    const file = await open(unfinished, 'wx', 0o600);
    try {
      const rows = await dumpTo(options, (bytes) =>
        pipeline(bytes, file.createWriteStream({ flush: true })),
      );
      await refuseExisting(path);
      await rename(unfinished, path);
      return rows;
    } catch (error) {
      await file.close().catch(() => {});
      await rm(unfinished, { force: true });
      throw error;
    }
  } catch (error) {
    throw inWords(error, unfinished);
  }
}

/** Opens a separate connection for the whole installation, without time limits. */
export async function connect(connection: pg.ConnectionConfig): Promise<pg.Client> {
  const client = new DbClient({ ...connection, connectionTimeoutMillis: 10_000 });
  // The failing query reports the error.
  client.on('error', () => {});
  await client.connect();
  await client.query(
    `select set_config(name, value, false) from (values
       ('app.office', $1), ('client_encoding', 'UTF8'), ('DateStyle', 'ISO'), ('TimeZone', 'UTC'),
       ('IntervalStyle', 'iso_8601'), ('extra_float_digits', '1'), ('search_path', 'public'),
       ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0')) setting (name, value)`,
    [INSTALLATION],
  );
  return client;
}

async function* dump(
  client: pg.Client,
  facts: Omit<About, 'migrations' | 'roots'>,
  lines: ReturnType<typeof backupLines>,
  blobs: Blobs,
): AsyncGenerator<Buffer> {
  await client.query('begin isolation level repeatable read read only');
  const tables = await readTables(client);
  const migrations = await readMigrations(client);
  if (!migrations || migrations.length === 0 || tables.length === 0) {
    throw new BackupError('There is nothing to back up: the database is empty.');
  }
  // Prevents migrations of these tables meanwhile.
  await client.query(`lock table ${tables.map(identifierOf).join(', ')} in access share mode`);
  yield lines.begin({ ...facts, migrations, roots: await readRoots(client, tables) });
  for (const table of tables) {
    yield lines.table(table);
    const rows = new CopyOut(client, copyOutStatement(table));
    for await (const bytes of rows) yield lines.rows(bytes);
    yield lines.endOfTable(table, rows.rows);
  }
  for (const name of await readBlobNames(client, tables)) {
    // A missing piece was destroyed meanwhile.
    const bytes = await blobs.get(name);
    if (bytes) yield lines.blob(name, bytes);
  }
  // Read last, so that the values are never below those in the tables.
  yield lines.sequences(await readSequences(client));
  yield lines.end();
  await client.query('commit');
}

/** Returns the ids of the root keys that wrapped the keys of purposes. */
async function readRoots(client: pg.Client, tables: readonly BackupTable[]): Promise<string[]> {
  if (!tables.some((each) => each.name === 'purpose_key')) return [];
  const { rows } = await client.query<{ root: string }>(
    'select distinct root from purpose_key where root is not null order by root',
  );
  return rows.map((each) => each.root);
}

/** Returns the names of all documents' pieces, as of the backup's moment. */
async function readBlobNames(client: pg.Client, tables: readonly BackupTable[]): Promise<string[]> {
  if (!tables.some((each) => each.name === 'document_piece')) return [];
  const { rows } = await client.query<{ blob: string }>('select distinct blob from document_piece');
  return rows.map((each) => each.blob);
}

async function refuseExisting(path: string): Promise<void> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!file) return;
  await file.close();
  throw new BackupError(`${path} is there already. Choose another name, or remove it first.`);
}

function inWords(error: unknown, path: string): unknown {
  const words: Record<string, string> = {
    EEXIST: `${path} is there: another backup is being written, or one was cut short. Remove it if none is running.`,
    ENOENT: `There is no folder ${dirname(resolve(path))}.`,
    EACCES: `${path} can't be written: this user has no right to.`,
    ENOSPC: `The disk is full; the unfinished ${path} was removed.`,
    EROFS: `${path} is on a disk that can only be read.`,
    EISDIR: `${path} is a folder.`,
  };
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  return syscall !== 'connect' && words[code] ? new BackupError(words[code]) : error;
}
