import { actorOf } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { CaseRow } from '../types.ts';
import type { IssuedCode } from './views.ts';

/** Holds a locked case for a sealed reason. */
export async function holdCase(
  { tx, now, viewer }: Unit,
  id: string,
  reason: Buffer,
): Promise<void> {
  await tx
    .updateTable('case_file')
    .set({ held_at: now.toString(), held_by: actorOf(viewer), held_reason: reason })
    .where('id', '=', id)
    .execute();
}

/** Holds a locked case no longer. `until`: the last day on which it is kept then; null: see `Case.endsOn`. */
export async function letCaseGo(
  { tx }: Unit,
  id: string,
  until: Temporal.PlainDate | null,
): Promise<void> {
  await tx
    .updateTable('case_file')
    .set({
      held_at: null,
      held_by: null,
      held_reason: null,
      ends_on: until?.toString() ?? null,
    })
    .where('id', '=', id)
    .execute();
}

/** Deletes a closed, locked case with all that is of it, and puts it into the register of what was destroyed. */
export async function destroyCase(
  { tx, office, now }: Unit,
  row: CaseRow,
  { schedule, codes }: { schedule: string | null; codes: readonly IssuedCode[] },
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
      codes: codes.map(({ id }) => id),
      issued: codes.map(({ at }) => at.toString()),
      destroyed_at: now.toString(),
    })
    .execute();
  await tx.deleteFrom('case_file').where('id', '=', row.id).execute();
}
