import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { KnownAppointment } from './types.ts';

/** Returns the appointments that a source brought, however they stand, and everybody's that are booked and to come. */
export function readKnown(
  tx: Tx,
  office: number,
  prefix: string,
  now: Temporal.Instant,
): Promise<KnownAppointment[]> {
  return tx
    .selectFrom('appointment')
    .select([
      'id',
      'external_id as externalId',
      'status',
      'starts as start',
      'name',
      'phone',
      'email',
    ])
    .where('office_id', '=', office)
    .where((eb) =>
      eb.or([
        eb.and([eb('status', '=', 'booked'), eb('starts', '>', moment(now))]),
        eb(eb.fn<boolean>('starts_with', ['external_id', eb.val(prefix)]), '=', true),
      ]),
    )
    .execute();
}
