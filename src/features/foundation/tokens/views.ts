import type pg from 'pg';
import { isScope } from '../../../domain/scopes.ts';
import { INSTALLATION, type Tx } from '../../../lib/db/database.ts';
import type { TokenAccess, TokenInfo } from './types.ts';

/**
 * One statement and one round trip, since every request of the API begins with it. The token's office is not known
 * before, so it acts for the installation. The joins depend on `scope`, so that it is set before a row is read.
 */
const FIND = `
  select t.id as token, t.hash, t.last_used_on::text as used, t.scopes, t.networks, t.expires_at as "expiresAt",
    b.id as office, b.code, b.revision
  from (select set_config('app.office', '${INSTALLATION}', true) as scope offset 0) s
  cross join lateral (
    select id, hash, last_used_on, office_id, scopes, networks, expires_at
    from token where s.scope = '${INSTALLATION}' and hash = $1 and revoked_at is null offset 0
  ) t
  cross join lateral (
    select id, code, revision from office
    where s.scope = '${INSTALLATION}' and id = t.office_id and retired_at is null offset 0
  ) b`;

/** `used`: the recorded day of its last use. */
type Found = TokenAccess &
  Pick<TokenInfo, 'expiresAt' | 'networks'> & { hash: Buffer; used: string | null };

/** Returns the token with this hash, when it wasn't revoked and its office is open. It may have expired. */
export async function readToken(pool: pg.Pool, hash: Buffer): Promise<Found | null> {
  const { rows } = await pool.query<Found>({
    name: 'find_token',
    text: FIND,
    values: [hash],
  });
  return rows[0] ?? null;
}

/** Returns the id and end of the valid token with this hash in the transaction's office. */
export async function readOwnToken(
  tx: Tx,
  hash: Buffer,
): Promise<{ id: number; expiresAt: Temporal.Instant; scopes: string[] } | null> {
  const row = await tx
    .selectFrom('token')
    .select(['id', 'expires_at', 'scopes'])
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row ? { id: row.id, expiresAt: row.expires_at, scopes: row.scopes } : null;
}

export async function readTokens(tx: Tx, office: number): Promise<TokenInfo[]> {
  const rows = await tx
    .selectFrom('token')
    .select(['id', 'name', 'created_at', 'revoked_at', 'last_used_on', 'watched_since'])
    .select(['scopes', 'expires_at', 'networks'])
    .where('office_id', '=', office)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    lastUsedOn: row.last_used_on,
    watchedSince: row.watched_since,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
    scopes: row.scopes.filter(isScope),
    expiresAt: row.expires_at,
    networks: row.networks,
  }));
}
