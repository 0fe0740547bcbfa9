import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import type { Purpose } from '../../../lib/keys/purposes.ts';
import type { KeptVersion, NewVersion } from './types.ts';

/** Locks the keys until the transaction ends. */
export async function lockKeys(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('finestreta purpose_key'))`.execute(tx);
}

export async function insertVersion(tx: Tx, made: NewVersion): Promise<void> {
  const { purpose, version, wrapped, root, activeAfter } = made;
  await tx
    .insertInto('purpose_key')
    .values({
      purpose,
      version,
      wrapped,
      root,
      made_at: sql<string>`now()`,
      active_at: sql<string>`now() + make_interval(secs => ${activeAfter})`,
      ended_at: null,
    })
    .execute();
}

/** Ends versions: their keys are destroyed, and nothing can be derived from them again. */
export async function endVersions(
  tx: Tx,
  purpose: Purpose,
  versions: readonly number[],
): Promise<void> {
  if (versions.length === 0) return;
  await tx
    .updateTable('purpose_key')
    .set({ wrapped: null, root: null, ended_at: sql<string>`now()` })
    .where('purpose', '=', purpose)
    .where('version', 'in', versions)
    .where('ended_at', 'is', null)
    .execute();
}

/** Replaces the wrapped key of a version. */
export async function rewrapVersion(
  tx: Tx,
  { purpose, version }: Pick<KeptVersion, 'purpose' | 'version'>,
  { wrapped, root }: { wrapped: Buffer; root: string },
): Promise<void> {
  await tx
    .updateTable('purpose_key')
    .set({ wrapped, root })
    .where('purpose', '=', purpose)
    .where('version', '=', version)
    .where('ended_at', 'is', null)
    .execute();
}
