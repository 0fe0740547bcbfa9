import { actorOf } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { CaseRow } from '../types.ts';
import type { ReportEnding, ReportRow } from './types.ts';

/** Keeps a request for a report about a locked case. */
export async function insertReport(
  { tx, office, now, viewer }: Unit,
  { id, reference, procedure }: Pick<CaseRow, 'id' | 'reference' | 'procedure'>,
  asked: Pick<ReportRow, 'id' | 'to' | 'until' | 'suspends'> & { sealed: Buffer },
): Promise<void> {
  await tx
    .insertInto('case_report')
    .values({
      id: asked.id,
      office_id: office,
      case_id: id,
      reference,
      procedure_id: procedure,
      asked_at: now.toString(),
      asked_by: actorOf(viewer),
      to_office: asked.to.office,
      to_staff: asked.to.staff,
      until: asked.until.toString(),
      suspends: asked.suspends,
      request: asked.sealed,
    })
    .execute();
}

/** Ends an open request of a locked case. Returns whether it was open. */
export async function setReportEnded(
  { tx, now, viewer }: Unit,
  id: string,
  on: { how: ReportEnding; answer?: Buffer; hash?: Buffer },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('case_report')
    .set({
      ended_at: now.toString(),
      ended_by: actorOf(viewer),
      ending: on.how,
      answer: on.answer ?? null,
      answer_hash: on.hash ?? null,
    })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Ends the open requests of a case that was closed. */
export async function closeReports({ tx, now, viewer }: Unit, id: string): Promise<void> {
  await tx
    .updateTable('case_report')
    .set({ ended_at: now.toString(), ended_by: actorOf(viewer), ending: 'closed' })
    .where('case_id', '=', id)
    .where('ended_at', 'is', null)
    .execute();
}
