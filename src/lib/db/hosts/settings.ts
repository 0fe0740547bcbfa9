import { isOfSeveral, loginOf } from './address.ts';

/** The addresses of one database, for its different uses; null: not given. */
interface DatabaseUrls {
  databaseUrl: string | null;
  databaseOwnerUrl: string | null;
  databaseReadUrl: string | null;
  databasePoolerUrl: string | null;
}

/** Returns what is wrong with addresses that don't go together. Pure. */
export function databaseMistakes(of: DatabaseUrls): string[] {
  const { databaseUrl, databaseOwnerUrl, databaseReadUrl, databasePoolerUrl } = of;
  const mistakes: string[] = [];
  if (databaseOwnerUrl && !databaseUrl)
    mistakes.push(
      'DATABASE_OWNER_URL names who owns the database, so DATABASE_URL must name who the service runs as.',
    );
  if (databaseReadUrl && (!databaseUrl || loginOf(databaseReadUrl) !== loginOf(databaseUrl)))
    mistakes.push(
      'DATABASE_READ_URL names a standby of the server in DATABASE_URL, so it must have the same login and database.',
    );
  // After a fail-over the pooler would still lead to the old primary.
  if (databasePoolerUrl && (!databaseUrl || isOfSeveral(databaseUrl)))
    mistakes.push(
      'DATABASE_POOLER_URL goes with a DATABASE_URL of one server, the way without the pooler.',
    );
  return mistakes;
}
