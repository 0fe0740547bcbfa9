import type { Unit } from '../../../foundation/audit/service.ts';
import type { ForWhom } from './acting.ts';

/** Keeps by what a case was begun for somebody else. */
export async function insertRepresentation(
  { tx, office, now }: Unit,
  id: string,
  { person, authorisation, organisation }: ForWhom,
): Promise<void> {
  await tx
    .insertInto('case_representation')
    .values({
      case_id: id,
      office_id: office,
      representation_id: authorisation,
      organisation,
      begun_by: organisation === null ? null : person,
      made_at: now.toString(),
    })
    .execute();
}
