import type pg from 'pg';
import { pendingFiles, readApplied, readDeclared } from '../applied.ts';
import { hasGrants } from '../grants.ts';
import { brief, couldAlter, type LoginFacts, readFacts, withClient } from '../logins.ts';
import { isNewer, versionBeside } from './release.ts';

/**
 * Looks with one connection whether a database is as this version needs it, and changes nothing. Returns the facts of the service's login;
 * null: it has to be brought up to date, or a newer program did so.
 * @param runtime the service's login
 * @param folder the migrations
 */
export function readUpToDate(
  runtime: pg.ConnectionConfig,
  folder: string,
): Promise<LoginFacts | null> {
  return withClient(brief(runtime), async (client) => {
    const applied = await readApplied(client);
    if (!applied || pendingFiles(readDeclared(folder), applied).length > 0) return null;
    if (!applied.release || isNewer(applied.release, versionBeside(folder))) return null;
    const facts = await readFacts(client);
    const role = couldAlter(facts) ? facts.actsAs : facts.name;
    return role !== null && (await hasGrants(client, role)) ? facts : null;
  });
}
