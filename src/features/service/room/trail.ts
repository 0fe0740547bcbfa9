import type { Appointment } from '../../../domain/appointment.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Tx } from '../../../lib/db/database.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { record } from '../../foundation/audit/service.ts';
import type { AuditAction } from '../../foundation/audit/types.ts';

/** Records what somebody does in a room, with the desk that attends it. */
export async function putOnTrail(
  tx: Tx,
  clock: Clock,
  who: Viewer,
  { office, id, desk }: Appointment,
  action: AuditAction,
): Promise<void> {
  const on = { viewer: who, office, appointment: id, action, now: clock.now() };
  await record(tx, { ...on, data: { desk } });
}
