import type { Tx } from '../../../../lib/db/database.ts';

/** Returns the first day of an office's first month with figures; null: there is none. */
export async function readFirstMonth(tx: Tx, office: number): Promise<string | null> {
  const row = await tx
    .selectFrom('figure_month')
    .select((eb) => eb.fn.min('day').as('day'))
    .where('office_id', '=', office)
    .executeTakeFirst();
  return row?.day ?? null;
}
