import type { Tx } from '../../../../lib/db/database.ts';

/** Returns the role of a member of staff in an office; null: none. */
export async function readRoleIn(tx: Tx, office: number, staff: number): Promise<string | null> {
  const row = await tx
    .selectFrom('staff_role')
    .select('role')
    .where('office_id', '=', office)
    .where('staff_id', '=', staff)
    .executeTakeFirst();
  return row?.role ?? null;
}
