import { sql } from 'kysely';
import { actorOf } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';

export async function insertAmendment(
  { tx, office, viewer, now }: Unit,
  made: { id: string; case: string; until: Temporal.PlainDate; points: Buffer },
): Promise<void> {
  await tx
    .insertInto('case_amendment')
    .values({
      id: made.id,
      office_id: office,
      case_id: made.case,
      asked_at: now.toString(),
      asked_by: actorOf(viewer),
      until: made.until.toString(),
      points: made.points,
    })
    .execute();
}

/** Gives more time for a request, and for the state of its locked case. */
export async function setExtended(
  { tx, now, viewer }: Unit,
  id: string,
  on: { case: string; until: Temporal.PlainDate; reason: Buffer },
): Promise<void> {
  const until = on.until.toString();
  await tx
    .updateTable('case_amendment')
    .set({
      until,
      extended_at: now.toString(),
      extended_by: actorOf(viewer),
      extension: on.reason,
    })
    .where('id', '=', id)
    .execute();
  await tx
    .updateTable('case_file')
    .set({
      state_due: until,
      lapse_on: sql`case when lapse_on is not null then greatest(lapse_on, ${until}::date) end`,
    })
    .where('id', '=', on.case)
    .execute();
}

/** Keeps what was handed in to answer a request, and who is told from now on, of a locked case. */
export async function setAnswered(
  { tx, now }: Unit,
  id: string,
  on: { case: string; number: string; record: Buffer; hash: string; applicant: Buffer },
): Promise<void> {
  await tx
    .updateTable('case_amendment')
    .set({
      answered_at: now.toString(),
      number: on.number,
      record: on.record,
      record_hash: Buffer.from(on.hash, 'hex'),
    })
    .where('id', '=', id)
    .execute();
  await tx
    .updateTable('case_file')
    .set({ applicant: on.applicant, changed_at: now.toString() })
    .where('id', '=', on.case)
    .execute();
}

/** Notes that a case went on from its open request to amend, if it has one. */
export async function closeAmendment({ tx, now }: Pick<Unit, 'tx' | 'now'>, id: string) {
  await tx
    .updateTable('case_amendment')
    .set({ closed_at: now.toString() })
    .where('case_id', '=', id)
    .where('closed_at', 'is', null)
    .execute();
}
