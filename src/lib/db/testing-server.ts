import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedLogins, startEmbedded } from './embedded.ts';

/** Starts one PostgreSQL for the whole run, unless TEST_POSTGRES already names a server; Vitest's global set-up. */
export default async function startTestServer(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_POSTGRES) return undefined;
  const dataDir = mkdtempSync(join(tmpdir(), 'finestreta-tests-'));
  chmodSync(dataDir, 0o755);
  const quiet = { info: () => {}, warn: (message: string) => console.warn(message) };
  const server = await startEmbedded({ dataDir, log: quiet });
  await fitForTests(server.logins);
  process.env.TEST_POSTGRES = JSON.stringify(server.logins);
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/**
 * Prepares the service's own roles, which make the tests' databases and use them, so that tests run with no more rights than the service.
 * Its data isn't synced to disk, since nothing outlives the run.
 */
async function fitForTests({ owner, superuser }: EmbeddedLogins): Promise<void> {
  const client = new pg.Client({ ...superuser, database: 'postgres' });
  await client.connect();
  await client.query(`alter role ${owner.user} createdb`);
  // For dropping a database in spite of sessions that a test left open.
  await client.query(`grant pg_signal_backend to ${owner.user}`);
  for (const care of ['fsync', 'synchronous_commit', 'full_page_writes'])
    await client.query(`alter system set ${care} = off`);
  await client.query('select pg_reload_conf()');
  await client.end();
}
