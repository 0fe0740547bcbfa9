import type pg from 'pg';
import type { Db } from '../../../lib/db/database.ts';
import { isLoopback } from '../../../lib/http/loopback.ts';
import { PlainError } from '../../../lib/plain-error.ts';
import { saveHost } from './store.ts';
import { readHost, readHostAt } from './views.ts';

/** Returns the host name of a town without its port; null: a local address, which identifies no town. */
const hostOf = (baseUrl: string): string | null =>
  isLoopback(baseUrl) ? null : new URL(baseUrl).hostname;

/** @throws PlainError when the `kept` name is another town's: two towns never share a database. */
function demandSame(kept: string | null, baseUrl: string): void {
  const host = hostOf(baseUrl);
  if (kept === null || host === null || kept === host) return;
  throw new PlainError(
    `The database is that of ${kept}, and BASE_URL says ${host}: each town has a database of its own. ` +
      'If this town has another name now, say so once with "finestreta town address --yes".',
  );
}

/**
 * Reads a database of any version, before it is changed or copied. Returns the host name of its town; null: unknown.
 * @throws PlainError when it is a town with another name
 */
export async function demandOwnHost(
  connection: pg.ConnectionConfig,
  baseUrl: string,
): Promise<string | null> {
  const kept = await readHostAt(connection);
  demandSame(kept, baseUrl);
  return kept;
}

/**
 * Records the host name of the database's town when there is none. @throws PlainError as `demandOwnHost`, when another was recorded first
 */
export async function takeHost(db: Db, baseUrl: string): Promise<void> {
  const host = hostOf(baseUrl);
  if (host !== null && (await readHost(db)) === null) await saveHost(db, host, true);
  demandSame(await readHost(db), baseUrl);
}

/** The recorded host of the database, and the host by this address; null: unknown. */
export async function hostsOf(
  db: Db,
  baseUrl: string,
): Promise<{ kept: string | null; said: string | null }> {
  return { kept: await readHost(db), said: hostOf(baseUrl) };
}

/** Assigns the database to the town with this address; null: to the next town that is served. */
export const changeHost = (db: Db, baseUrl: string | null): Promise<void> =>
  saveHost(db, baseUrl === null ? null : hostOf(baseUrl), false);
