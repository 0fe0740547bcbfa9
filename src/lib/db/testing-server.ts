import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { SUPERUSER } from './embedded/cluster.ts';
import { type EmbeddedConnection, startEmbedded } from './embedded.ts';

/** Vitest's global set-up: one PostgreSQL for the whole run, unless TEST_POSTGRES already names a server. */
export default async function startTestServer(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_POSTGRES) return undefined;
  const dataDir = mkdtempSync(join(tmpdir(), 'finestreta-tests-'));
  chmodSync(dataDir, 0o755);
  const quiet = { info: () => {}, warn: (message: string) => console.warn(message) };
  const server = await startEmbedded({ dataDir, log: quiet });
  await fitForTests(server.connection);
  process.env.TEST_POSTGRES = JSON.stringify(server.connection);
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/**
 * The service's own role makes the tests' databases, so that they run with its rights and no more. Nothing here outlives
 * the run: that it's on the disk need not be waited for.
 */
async function fitForTests(connection: EmbeddedConnection): Promise<void> {
  const client = new pg.Client({ ...connection, user: SUPERUSER, database: 'postgres' });
  await client.connect();
  await client.query(`alter role ${connection.user} createdb`);
  for (const care of ['fsync', 'synchronous_commit', 'full_page_writes'])
    await client.query(`alter system set ${care} = off`);
  await client.query('select pg_reload_conf()');
  await client.end();
}
