import { actorOf } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';

/** Inserts what was handed in to a case after the application. */
export async function insertSubmission(
  { tx, office, viewer, now }: Unit,
  on: {
    id: string;
    case: string;
    number: string;
    sealed: Buffer;
    hash: string;
    /** The id of that of whoever handed it in. */
    identification: string;
  },
): Promise<void> {
  await tx
    .insertInto('case_submission')
    .values({
      id: on.id,
      office_id: office,
      case_id: on.case,
      kind: 'withdrawal',
      at: now.toString(),
      actor: actorOf(viewer),
      number: on.number,
      record: on.sealed,
      record_hash: Buffer.from(on.hash, 'hex'),
      identification_id: on.identification,
    })
    .execute();
}
