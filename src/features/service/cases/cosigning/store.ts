import { actorOf } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { CosignAnswer, CosignerRow } from './types.ts';

/** Keeps that somebody must sign a locked case. */
export async function insertCosigner(
  { tx, office, now }: Unit,
  of: Pick<CosignerRow, 'id' | 'case' | 'nth'> & { sealed: Buffer },
): Promise<void> {
  await tx
    .insertInto('case_cosigner')
    .values({
      id: of.id,
      office_id: office,
      case_id: of.case,
      nth: of.nth,
      asked_at: now.toString(),
      who: of.sealed,
    })
    .execute();
}

/** Keeps how somebody answered whose case is locked. `signed`: absent where they declined. */
export async function setCosignAnswer(
  { tx, now, viewer }: Unit,
  id: string,
  how: CosignAnswer,
  signed?: { number: string; record: Buffer; hash: string; identification: string },
): Promise<void> {
  await tx
    .updateTable('case_cosigner')
    .set({
      answered_at: now.toString(),
      actor: actorOf(viewer),
      answer: how,
      number: signed?.number ?? null,
      record: signed?.record ?? null,
      record_hash: signed ? Buffer.from(signed.hash, 'hex') : null,
      identification_id: signed?.identification ?? null,
    })
    .where('id', '=', id)
    .execute();
}
