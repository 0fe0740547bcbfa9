import type { Tx } from '../../../lib/db/database.ts';
import type { SealedIdentifier } from './sealing.ts';

/** These read for the installation: staff belong to no single office. */

const SEALED = ['i.sealed', 'i.key_version as keyVersion'] as const;

/** Returns the sealed NIF of a member of staff; null: none was entered. */
export async function readIdentifier(tx: Tx, staff: number): Promise<SealedIdentifier | null> {
  const row = await tx
    .selectFrom('staff_identifier as i')
    .select(SEALED)
    .where('i.staff_id', '=', staff)
    .executeTakeFirst();
  return row ?? null;
}

/** The same, of somebody who has a role in an office. */
export async function readIdentifierIn(
  tx: Tx,
  office: number,
  staff: number,
): Promise<SealedIdentifier | null> {
  const row = await tx
    .selectFrom('staff_identifier as i')
    .innerJoin('staff_role as r', 'r.staff_id', 'i.staff_id')
    .select(SEALED)
    .where('i.staff_id', '=', staff)
    .where('r.office_id', '=', office)
    .executeTakeFirst();
  return row ?? null;
}

/** Returns those that an earlier version sealed. */
export const readOlder = (tx: Tx, version: number) =>
  tx
    .selectFrom('staff_identifier as i')
    .select(SEALED)
    .select('i.staff_id as staff')
    .where('i.key_version', '<', version)
    .limit(200)
    .execute();
