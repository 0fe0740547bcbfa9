import { actorOf } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';

export async function insertNote(
  { tx, office, viewer, now }: Unit,
  note: { id: string; case: string; sealed: Buffer },
): Promise<void> {
  await tx
    .insertInto('case_note')
    .values({
      id: note.id,
      office_id: office,
      case_id: note.case,
      at: now.toString(),
      by: actorOf(viewer),
      text: note.sealed,
    })
    .execute();
}

/** Keeps what is written of the decision of a locked case, instead of what was written before. */
export async function writeDecision(
  { tx, office, viewer, now }: Unit,
  on: { id: string; case: string; outcome: string; sealed: Buffer },
): Promise<void> {
  const written = {
    outcome: on.outcome,
    written_at: now.toString(),
    written_by: actorOf(viewer),
    content: on.sealed,
  };
  await tx
    .insertInto('case_decision')
    .values({ id: on.id, case_id: on.case, office_id: office, ...written })
    .onConflict((to) => to.column('case_id').doUpdateSet(written))
    .execute();
}

/** Keeps the document of the decision of a locked case. */
export async function setIssued(
  { tx, viewer, now }: Unit,
  id: string,
  on: { document: Buffer; hash: string; code: Buffer },
): Promise<void> {
  await tx
    .updateTable('case_decision')
    .set({
      issued_at: now.toString(),
      issued_by: actorOf(viewer),
      document: on.document,
      document_hash: Buffer.from(on.hash, 'hex'),
      code: on.code,
    })
    .where('case_id', '=', id)
    .execute();
}
