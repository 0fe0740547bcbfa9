import { PlainError } from '../plain-error.ts';
import { formatHost, readAddress } from './hosts/address.ts';
import { connectionOf } from './hosts/client.ts';
import { brief, withClient } from './logins.ts';

/** The oldest PostgreSQL that supports all migrations, as server_version_num. */
const OLDEST = 150_000;
/** The words of pg when an answer takes longer than `query_timeout`. */
const NO_ANSWER = 'Query read timeout';

/** Checks that the server in a variable accepts the login and is new enough. @throws PlainError */
export async function checkServer(databaseUrl: string, variable = 'DATABASE_URL'): Promise<void> {
  await withClient(brief(connectionOf(databaseUrl)), async (client) => {
    const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
    refuseOld(Number(rows[0]?.server_version_num), variable);
  }).catch((error) => {
    throw explainServer(error, databaseUrl, variable);
  });
}

/** @throws PlainError when a server of this `server_version_num` is too old */
export function refuseOld(version: number, variable = 'DATABASE_URL'): void {
  if (version >= OLDEST) return;
  throw new PlainError(
    `${variable}: the server is PostgreSQL ${Math.floor(version / 10_000)}; Finestreta needs 15 or newer.`,
  );
}

/** Returns an error of the server or the network as a plain error with a remedy; other errors unchanged. */
export function explainServer(
  error: unknown,
  databaseUrl: string,
  variable = 'DATABASE_URL',
): unknown {
  if (error instanceof PlainError || !(error instanceof Error)) return error;
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const place = placeOf(databaseUrl);
  const said = `(${[code, error.message].filter(Boolean).join(': ')})`;
  const say = (words: string) => new PlainError(`${variable}: ${words} ${said}`);
  if (/^28/.test(code)) return say(`the server at ${place} refuses this user or password`);
  if (code === '3D000') return say(`the server at ${place} has no such database; create it first`);
  if (code === '53300') return say(`the server at ${place} has no connection left for us`);
  if (error.message === NO_ANSWER)
    return say(`the server at ${place} does not answer; is a restore or a migration under way?`);
  if (code === '57P03')
    return say(`the server at ${place} is just starting; try again in a moment`);
  if (code === '42501') {
    return say(
      'this user may not do what Finestreta needs. Make it the owner of the database: ' +
        'ALTER DATABASE name OWNER TO user; where an extension is refused, let an administrator run ' +
        'CREATE EXTENSION btree_gist in it',
    );
  }
  if (['0A000', '58P01'].includes(code) && error.message.includes('extension')) {
    return say(
      'the server lacks the extension btree_gist: install the contributed modules of PostgreSQL ' +
        '(Debian: postgresql-contrib)',
    );
  }
  // Any other class of PostgreSQL's errors: a statement of our own failed.
  if (/^[0-9A-Z]{5}$/.test(code) && !/^(08|E)/.test(code)) return error;
  return say(`no PostgreSQL can be reached at ${place}`);
}

/** Returns hosts and ports without user and password. */
const placeOf = (databaseUrl: string): string =>
  (readAddress(databaseUrl)?.hosts ?? []).map(formatHost).join(', ');
