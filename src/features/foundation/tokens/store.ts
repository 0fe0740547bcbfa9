import type { Tx } from '../../../lib/db/database.ts';
import type { TokenGrant } from './types.ts';

export interface NewToken extends TokenGrant {
  office: number;
  hash: Buffer;
  now: Temporal.Instant;
}

/** Adds a token. Returns its id, or null when there is one with this hash. */
export async function insertToken(tx: Tx, token: NewToken): Promise<number | null> {
  const row = await tx
    .insertInto('token')
    .values({
      office_id: token.office,
      name: token.name,
      hash: token.hash,
      created_at: token.now.toString(),
      scopes: [...token.scopes],
      expires_at: token.expiresAt.toString(),
      networks: [...token.networks],
    })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Records that a token was used on this day, unless another request has. */
export async function noteUse(tx: Tx, id: number, day: string): Promise<void> {
  await tx
    .updateTable('token')
    .set({ last_used_on: day })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_on', 'is', null), eb('last_used_on', '<', day)]))
    .execute();
}

/** Makes a token valid again, with this grant. */
export async function reviveToken(tx: Tx, hash: Buffer, grant: TokenGrant): Promise<void> {
  await tx
    .updateTable('token')
    .set({
      revoked_at: null,
      scopes: [...grant.scopes],
      expires_at: grant.expiresAt.toString(),
      networks: [...grant.networks],
    })
    .where('hash', '=', hash)
    .execute();
}

/** Revokes a token. Returns whether there was one to revoke. */
export async function revokeToken(tx: Tx, id: number, now: Temporal.Instant): Promise<boolean> {
  const done = await tx
    .updateTable('token')
    .set({ revoked_at: now.toString() })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}
