import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { Config } from '../config.ts';
import { serverLogins } from '../lib/db/connect.ts';
import { findEmbedded, startEmbedded } from '../lib/db/embedded.ts';

export interface Reached {
  /** The login of the tables' owner, if known; else of the service. */
  connection: pg.ConnectionConfig;
  /** The login of the service. */
  runtime: pg.ConnectionConfig;
  /** The server process that runs the embedded database; null: this process does, or it is a database server. */
  servedBy: number | null;
  close(): Promise<void>;
}

/** The log of the embedded database: only warnings are shown. */
const log = {
  info: () => {},
  warn: (message: string) => {
    process.stderr.write(`${message}\n`);
  },
};

/** Returns whether there is a database: a server, or an existing embedded one. */
export const hasDatabase = ({ databaseUrl, dataDir }: Config): boolean =>
  databaseUrl !== null || existsSync(join(dataDir, 'postgres', 'cluster'));

/**
 * Connects to the database without migrating it. Joins the embedded one of a running server, or starts it for the duration of the command;
 * `alone` refuses a running server. @throws PlainError when it can't connect
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
