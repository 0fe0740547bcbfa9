import { sql } from 'kysely';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Forgotten, RetentionPass } from '../../feature.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { insertOpening } from '../../foundation/openings/service.ts';
import type { Companion, Invitation } from './types.ts';

export async function insertCompanion(
  unit: Unit,
  of: Pick<Appointment, 'id' | 'office'>,
  { name, role }: Invitation,
  made: { id: string; linkHash: Buffer },
): Promise<Companion> {
  const { id } = made;
  const by = actorOf(unit.viewer);
  await unit.tx
    .insertInto('companion')
    .values({
      id,
      office_id: of.office,
      appointment_id: of.id,
      name,
      role,
      made_by: by,
      made_at: unit.now.toString(),
    })
    .execute();
  await insertOpening(unit, { opens: 'companion', subject: id }, made.linkHash);
  return {
    id,
    office: of.office,
    appointment: of.id,
    name,
    role,
    madeBy: by,
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

/**
 * Destroys who came along to the forgotten appointments, and as what, which may tell of somebody's health. Their links open nothing
 * any more.
 */
export async function forgetCompanions(
  { tx, now }: RetentionPass,
  { contacts }: Forgotten,
): Promise<void> {
  if (contacts.length === 0) return;
  await tx
    .updateTable('companion')
    .set({
      name: '',
      role: 'other',
      revoked_at: sql`coalesce(revoked_at, ${now.toString()}::timestamptz)`,
    })
    .where('appointment_id', 'in', contacts)
    .execute();
}
