import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import type { Blobs } from '../blobs/types.ts';
import { type DumpOptions, dumpTo } from './dump.ts';
import { BackupError, nameOf, readBackup } from './format.ts';
import { type Contents, checkBackup, restoreBackup } from './load.ts';
import type { BackupSource } from './places/types.ts';

/** What is copied from one database to another. */
export interface AcrossOptions {
  from: pg.ConnectionConfig;
  to: pg.ConnectionConfig;
  /** The folder of the migrations. */
  migrations: string;
  facts: DumpOptions['facts'];
}

/** Documents stay where they are. */
const NO_PIECES: Blobs = {
  put: async () => {},
  get: async () => null,
  remove: async () => {},
  async *list() {},
};

/**
 * Copies a whole database that nobody else uses into an empty one, as a backup and its restore would, through no file. Then reads both, and
 * compares every byte of each table. @throws BackupError when they differ
 */
export async function copyAcross({
  from,
  to,
  migrations,
  facts,
}: AcrossOptions): Promise<Contents> {
  const sourceOf = (connection: pg.ConnectionConfig, name: string): BackupSource => ({
    name,
    open: () => {
      const bytes = new PassThrough();
      const options = { connection, facts, recipients: [], blobs: NO_PIECES };
      dumpTo(options, (packed) => pipeline(packed, bytes)).catch((error) => bytes.destroy(error));
      return bytes;
    },
  });
  const old = sourceOf(from, 'the old database');
  const contents = await checkBackup(old, migrations);
  const blobs = NO_PIECES;
  await restoreBackup({ connection: to, source: old, contents, migrations, blobs });
  const before = await digestsOf(old);
  const after = await digestsOf(sourceOf(to, 'the new database'));
  const changed = Object.keys(before).filter((each) => before[each] !== after[each]);
  if (changed.length > 0)
    throw new BackupError(
      `The new database is not what the old one is: ${changed.join(', ')}. Nothing was changed.`,
    );
  return contents;
}

/** Returns the sum of each table's rows, and of the sequences' values. */
async function digestsOf(source: BackupSource): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  await readBackup(source, {
    about: () => {},
    table: async (table, rows) => {
      const sum = createHash('sha256');
      for await (const each of rows) sum.update(each);
      digests[nameOf(table)] = sum.digest('hex');
    },
    blob: () => {},
    sequences: (all) => {
      digests['sequences'] = JSON.stringify(all);
    },
  });
  return digests;
}
