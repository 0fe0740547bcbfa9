import { actorOf } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { CaseRow } from '../types.ts';

/** Holds a case for a sealed reason; null: it is held no longer. */
export async function setCaseHold(
  { tx, now, viewer }: Unit,
  id: string,
  reason: Buffer | null,
): Promise<void> {
  await tx
    .updateTable('case_file')
    .set({
      held_at: reason && now.toString(),
      held_by: reason && actorOf(viewer),
      held_reason: reason,
    })
    .where('id', '=', id)
    .execute();
}

/** Deletes a closed, locked case with all that is of it, and puts it into the register of what was destroyed. */
export async function destroyCase(
  { tx, office, now }: Unit,
  row: CaseRow,
  { schedule, codes }: { schedule: string | null; codes: string[] },
): Promise<void> {
  await tx
    .insertInto('case_destruction')
    .values({
      case_id: row.id,
      office_id: office,
      reference: row.reference,
      procedure_id: row.procedure,
      door: row.door,
      schedule,
      handed_in_at: String(row.handedInAt),
      closed_at: String(row.closedAt),
      codes,
      destroyed_at: now.toString(),
    })
    .execute();
  await tx.deleteFrom('case_file').where('id', '=', row.id).execute();
}
