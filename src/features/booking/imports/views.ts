import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { KnownAppointment } from './types.ts';

/** Whether an import cancelled an appointment: its last cancellation says from which tool. */
const isWithdrawn = sql<boolean>`status = 'cancelled' and coalesce((select event.data ? 'from' from event
  where event.appointment_id = appointment.id and event.kind = 'cancelled' order by event.id desc limit 1), false)`;

/** Returns the appointments that a source brought, however they stand, and everybody's that are booked and to come. */
export function readKnown(
  tx: Tx,
  office: number,
  prefix: string,
  now: Temporal.Instant,
): Promise<KnownAppointment[]> {
  return tx
    .selectFrom('appointment')
    .innerJoin('procedure', 'procedure.id', 'appointment.procedure_id')
    .select([
      'appointment.id',
      'external_id as externalId',
      'status',
      'procedure.code as procedure',
      'starts as start',
      'appointment.name',
      'phone',
      'email',
      isWithdrawn.as('isWithdrawn'),
    ])
    .where('appointment.office_id', '=', office)
    .where((eb) =>
      eb.or([
        eb.and([eb('status', '=', 'booked'), eb('starts', '>', moment(now))]),
        eb(eb.fn<boolean>('starts_with', ['external_id', eb.val(prefix)]), '=', true),
      ]),
    )
    .execute();
}
