import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { Config } from '../config.ts';
import { serverLogins } from '../lib/db/connect.ts';
import { findEmbedded, startEmbedded } from '../lib/db/embedded.ts';

export interface Reached {
  /** As the owner of the tables, where that login is known; else as the service. */
  connection: pg.ConnectionConfig;
  /** As the service. */
  runtime: pg.ConnectionConfig;
  /** The server process that runs the embedded database; null: this one does, or it is a server of its own. */
  servedBy: number | null;
  close(): Promise<void>;
}

/** The embedded database warns of what matters and is silent about the rest. */
const log = {
  info: () => {},
  warn: (message: string) => {
    process.stderr.write(`${message}\n`);
  },
};

/** Whether there is anything to reach: a database server, or an embedded database that was made before. */
export const hasDatabase = ({ databaseUrl, dataDir }: Config): boolean =>
  databaseUrl !== null || existsSync(join(dataDir, 'postgres', 'cluster'));

/**
 * Reaches the database as it is, without bringing it up to date. The embedded one is joined where a server runs it, or
 * started for as long as this lasts; `alone` refuses the former.
 * @throws PlainError where it can't
 */
export async function reachDatabase(
  { databaseUrl, databaseOwnerUrl, dataDir }: Config,
  options: { alone?: boolean } = {},
): Promise<Reached> {
  const none = async () => {};
  if (databaseUrl) {
    const { owner, runtime } = await serverLogins(databaseUrl, databaseOwnerUrl);
    return { connection: owner ?? runtime, runtime, servedBy: null, close: none };
  }
  const running = options.alone ? null : findEmbedded(dataDir);
  if (running) {
    const { owner, runtime } = running.logins;
    return { connection: owner, runtime, servedBy: running.pid, close: none };
  }
  const embedded = await startEmbedded({ dataDir, log });
  const { owner, runtime } = embedded.logins;
  return { connection: owner, runtime, servedBy: null, close: () => embedded.stop() };
}
