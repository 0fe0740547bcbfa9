import { actorOf } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { Case } from '../types.ts';

/** Keeps that a case is talked about at an appointment. Returns whether it was not kept before. */
export async function insertTie(
  { tx, office, viewer, now }: Unit,
  of: { case: string; appointment: string },
): Promise<boolean> {
  const done = await tx
    .insertInto('case_appointment')
    .values({
      case_id: of.case,
      appointment_id: of.appointment,
      office_id: office,
      tied_at: now.toString(),
      tied_by: actorOf(viewer),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

/** Keeps that somebody waits for an appointment about a case. */
export async function insertWaitingFor(
  { tx, office }: Pick<Unit, 'tx' | 'office'>,
  of: { case: string; waiting: string },
): Promise<void> {
  await tx
    .insertInto('case_waiting')
    .values({ wait_list_id: of.waiting, case_id: of.case, office_id: office })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Lets those who attend in an encounter see a locked draft; null: nobody of the office any more. What was asked to be confirmed before is void.
 * `citizenOf`: see `Case`.
 */
export async function setEncounter(
  { tx }: Pick<Unit, 'tx'>,
  id: string,
  { encounter, citizenOf }: Pick<Case, 'encounter' | 'citizenOf'>,
): Promise<void> {
  await tx
    .updateTable('case_file')
    .set({
      citizen_of: citizenOf,
      encounter_id: encounter,
      confirm_at: null,
      confirm_by: null,
      confirm_version: null,
    })
    .where('id', '=', id)
    .execute();
}
