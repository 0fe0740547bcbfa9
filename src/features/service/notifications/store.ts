import type { Tx } from '../../../lib/db/database.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { Notification, Settled } from './types.ts';

/** Keeps how a person wants to be notified from now on. Runs for the installation. */
export async function insertChoice(
  tx: Tx,
  { person, electronic, at }: { person: string; electronic: boolean; at: Temporal.Instant },
): Promise<void> {
  await tx
    .insertInto('notification_choice')
    .values({ person_id: person, electronic, at: at.toString() })
    .execute();
}

export type NewNotification = Pick<
  Notification,
  | 'id'
  | 'case'
  | 'way'
  | 'via'
  | 'here'
  | 'reason'
  | 'chosenAt'
  | 'person'
  | 'organisation'
  | 'level'
  | 'hash'
  | 'decideBy'
  | 'expiresAt'
>;

/** Makes a notification, available from now on. */
export async function insertNotification(
  { tx, office, now }: Unit,
  of: NewNotification,
): Promise<void> {
  await tx
    .insertInto('notification')
    .values({
      id: of.id,
      office_id: office,
      case_id: of.case,
      way: of.way,
      via: of.via,
      here: of.here,
      reason: of.reason,
      chosen_at: of.chosenAt?.toString() ?? null,
      person_id: of.person,
      organisation: of.organisation,
      level: of.level,
      made_at: now.toString(),
      hash: Buffer.from(of.hash, 'hex'),
      decide_by: of.decideBy?.toString() ?? null,
      expires_at: of.expiresAt?.toString() ?? null,
    })
    .execute();
}

/** Notes what became of a locked notification. */
export async function settle({ tx, now }: Unit, id: string, to: Settled): Promise<void> {
  const { state, notifiedOn, identification, attemptedOn, attemptedAgainOn, recordedOn } = to;
  await tx
    .updateTable('notification')
    .set({
      ...(state && { state }),
      ...(notifiedOn && { notified_on: notifiedOn.toString(), settled_at: now.toString() }),
      ...(identification && { identification_id: identification }),
      ...(attemptedOn && { attempted_on: attemptedOn.toString() }),
      ...(attemptedAgainOn && { attempted_again_on: attemptedAgainOn.toString() }),
      ...(recordedOn && { recorded_on: recordedOn.toString() }),
    })
    .where('id', '=', id)
    .execute();
}

/** Notes that it is known what became of the notice. Returns false where it was noted before. */
export async function setNoticed({ tx, now }: Unit, id: string): Promise<boolean> {
  const done = await tx
    .updateTable('notification')
    .set({ noticed_at: now.toString() })
    .where('id', '=', id)
    .where('noticed_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Keeps evidence that was issued. Returns false where somebody else kept it meanwhile. */
export async function insertEvidence(
  { tx, office, viewer, now }: Unit,
  of: { id: string; notification: string; facts: number; document: Buffer; code: Buffer },
): Promise<boolean> {
  const { id, notification, facts, document, code } = of;
  const done = await tx
    .insertInto('notification_evidence')
    .values({
      id,
      office_id: office,
      notification_id: notification,
      issued_at: now.toString(),
      issued_by: actorOf(viewer),
      facts,
      document,
      code,
    })
    .onConflict((on) => on.columns(['notification_id', 'facts']).doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}
