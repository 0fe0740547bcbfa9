import type { Appointment } from '../../../domain/appointment.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { AuditAction } from '../../foundation/audit/types.ts';

/** Records what somebody does in a room, with the desk that attends it. */
export const putOnTrail = (
  { record }: Unit,
  { id, desk }: Appointment,
  action: AuditAction,
): Promise<void> => record(action, { appointment: id, data: { desk } });
