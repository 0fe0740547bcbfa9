import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TownFile } from '../../src/domain/office/schema.ts';
import type { Office } from '../../src/domain/office/types.ts';
import { applyTown } from '../../src/features/booking/administration/service.ts';
import { readOffice } from '../../src/features/foundation/offices/views.ts';
import { type Database, openDatabase } from '../../src/lib/db/database.ts';
import { type EmbeddedLogins, startEmbedded } from '../../src/lib/db/embedded.ts';
import { prepareSchema } from '../../src/lib/db/prepare.ts';
import { MIGRATIONS } from '../../src/paths.ts';
import { NOW } from './town.ts';

/** A folder of a benchmark's own that the database's account may enter. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'finestreta-bench-'));
  chmodSync(path, 0o755);
  return {
    path,
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  };
}

export interface BenchDatabase extends Database {
  /** How each role signs in; the pool is the service's own. */
  logins: EmbeddedLogins;
  /** The database's main process. */
  pid: number;
  office: Office;
}

/** Runs the file that BENCH_SQL names, after the migrations: a changed function to be tried. */
export async function trySql(owner: pg.ConnectionConfig): Promise<void> {
  const { BENCH_SQL } = process.env;
  if (BENCH_SQL) await withClient(owner, (client) => client.query(readFileSync(BENCH_SQL, 'utf8')));
}

/** Runs `work` on an embedded database of its own that holds the town, and removes it afterwards. */
export async function withDatabase<T>(
  town: TownFile,
  pool: number,
  work: (database: BenchDatabase) => Promise<T>,
): Promise<T> {
  const folder = temporaryFolder();
  const log = { info: () => {}, warn: () => {} };
  const embedded = await startEmbedded({ dataDir: join(folder.path, 'data'), log });
  try {
    const { logins, pid } = embedded;
    await prepareSchema(logins.owner, logins.runtime, MIGRATIONS);
    await trySql(logins.owner);
    const database = await openDatabase({
      connection: logins.runtime,
      pool,
      onIdleError: () => {},
    });
    try {
      await applyTown(database.kysely, town, NOW);
      const office = await readOffice(database.kysely, 1);
      if (!office) throw new Error('The town has no office');
      return await work({ ...database, logins, pid, office });
    } finally {
      await database.close();
    }
  } finally {
    await embedded.stop();
    folder.remove();
  }
}

/** A connection that sees every office, for filling and looking. */
export async function withClient<T>(
  connection: pg.ConnectionConfig,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query("set app.office = '*'");
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Writes the pending data of the last runs, so that it doesn't count for the next ones. */
export async function settle({ superuser }: EmbeddedLogins): Promise<void> {
  await withClient(superuser, async (client) => {
    await client.query('vacuum analyze');
    await client.query('checkpoint');
  });
}
