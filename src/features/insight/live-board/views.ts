import type { Tx } from '../../../lib/db/database.ts';

/** Returns when the people in the room came. */
export async function readArrivals(
  tx: Tx,
  appointments: readonly string[],
): Promise<Map<string, Temporal.Instant>> {
  if (appointments.length === 0) return new Map();
  const rows = await tx
    .selectFrom('event')
    .select((eb) => ['appointment_id as id', eb.fn.max('at').as('at')])
    .where('appointment_id', 'in', appointments)
    .where('kind', '=', 'arrived')
    .groupBy('appointment_id')
    .execute();
  return new Map(rows.map(({ id, at }) => [id, at]));
}
