import type pg from 'pg';
import type { Db } from '../../../lib/db/database.ts';
import { isLoopback } from '../../../lib/loopback.ts';
import { PlainError } from '../../../lib/plain-error.ts';
import { saveHost } from './store.ts';
import { readHost, readHostAt } from './views.ts';

/** The name under which a town is asked for, whatever its port; null: this machine's, which is no town's own. */
const hostOf = (baseUrl: string): string | null =>
  isLoopback(baseUrl) ? null : new URL(baseUrl).hostname;

/** @throws PlainError where the name that was `kept` is another town's: two towns never share a database. */
function demandSame(kept: string | null, baseUrl: string): void {
  const host = hostOf(baseUrl);
  if (kept === null || host === null || kept === host) return;
  throw new PlainError(
    `The database is that of ${kept}, and BASE_URL says ${host}: each town has a database of its own. ` +
      'If this town has another name now, say so once with "finestreta town address --yes".',
  );
}

/**
 * Looks into a database of whatever age, before anything in it is changed or copied. Answers whose it is; null: nobody knows.
 * @throws PlainError where that is a town with another name
 */
export async function demandOwnHost(
  connection: pg.ConnectionConfig,
  baseUrl: string,
): Promise<string | null> {
  const kept = await readHostAt(connection);
  demandSame(kept, baseUrl);
  return kept;
}

/** Notes whose the database is, where nobody has. @throws PlainError as `demandOwnHost`, where another was first */
export async function takeHost(db: Db, baseUrl: string): Promise<void> {
  const host = hostOf(baseUrl);
  if (host !== null && (await readHost(db)) === null) await saveHost(db, host, true);
  demandSame(await readHost(db), baseUrl);
}

/** Whose the database is, and who would be its town by this address; null: nobody known. */
export async function hostsOf(
  db: Db,
  baseUrl: string,
): Promise<{ kept: string | null; said: string | null }> {
  return { kept: await readHost(db), said: hostOf(baseUrl) };
}

/** Has the database be that of a town with this address; null: of whichever is served next. */
export const changeHost = (db: Db, baseUrl: string | null): Promise<void> =>
  saveHost(db, baseUrl === null ? null : hostOf(baseUrl), false);
