import type { Appointment } from '../../../domain/appointment.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { insertOpening } from '../../foundation/openings/service.ts';
import type { Companion, Invitation } from './types.ts';

export async function insertCompanion(
  tx: Tx,
  of: Pick<Appointment, 'id' | 'office'>,
  { name, role }: Invitation,
  made: { id: string; by: string; at: Temporal.Instant; linkHash: Buffer },
): Promise<Companion> {
  const { id } = made;
  await tx
    .insertInto('companion')
    .values({
      ...{ id, office_id: of.office, appointment_id: of.id, name, role },
      ...{ made_by: made.by, made_at: made.at.toString() },
    })
    .execute();
  await insertOpening(tx, { office: of.office, opens: 'companion', subject: id }, made.linkHash);
  return {
    id,
    office: of.office,
    appointment: of.id,
    name,
    role,
    madeBy: made.by,
    admittedAt: null,
  };
}

/** Their link opens nothing any more. */
export async function revokeCompanion(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('companion')
    .set({ revoked_at: now.toString() })
    .where('id', '=', id)
    .execute();
}

export async function admitCompanion(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('companion')
    .set({ admitted_at: now.toString() })
    .where('id', '=', id)
    .execute();
}
