import type { Tx } from '../../../lib/db/database.ts';
import type { ActRow, ActState, ConsentMethod } from './types.ts';

/** Inserts an act that the citizen is asked to consent to. */
export async function insertAct(
  tx: Tx,
  act: Pick<
    ActRow,
    'id' | 'office' | 'appointment' | 'template' | 'language' | 'preparedBy' | 'copy'
  > & {
    handsIn: string | null;
    record: Buffer;
    now: Temporal.Instant;
    expiresAt: Temporal.Instant;
  },
): Promise<void> {
  await tx
    .insertInto('act')
    .values({
      ...{ id: act.id, office_id: act.office, appointment_id: act.appointment },
      case_id: act.handsIn,
      ...{ template: act.template, language: act.language, state: 'prepared' },
      ...{ prepared_at: act.now.toString(), prepared_by: act.preparedBy },
      ...{ expires_at: act.expiresAt.toString(), record: act.record, copy_id: act.copy },
    })
    .execute();
}

/** Records that the official heard the citizen consent. */
export async function setHeard(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
  await tx.updateTable('act').set({ heard_at: now.toString() }).where('id', '=', id).execute();
}

/** Records that a second member of staff heard it too. */
export async function setWitnessed(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
  await tx.updateTable('act').set({ witnessed_at: now.toString() }).where('id', '=', id).execute();
}

/** Keeps what the official noted of a signed paper, sealed. */
export async function setNoted(tx: Tx, id: string, noted: Buffer): Promise<void> {
  await tx.updateTable('act').set({ noted }).where('id', '=', id).execute();
}

/** Records the consent to an act. From now on its row can't be removed (`keep_act`). */
export async function setConsented(
  tx: Tx,
  id: string,
  consent: Pick<ActRow, 'identification' | 'scan'> & {
    method: ConsentMethod;
    record: Buffer;
    now: Temporal.Instant;
  },
): Promise<void> {
  const { method, record, identification, scan, now } = consent;
  await tx
    .updateTable('act')
    .set({
      ...{ state: 'consented', method, record, settled_at: now.toString() },
      ...{ identification_id: identification, scan_id: scan, noted: null },
    })
    .where('id', '=', id)
    .execute();
}

/** Ends an act without a consent. None of its contents are kept. */
export async function setEnded(
  tx: Tx,
  id: string,
  state: Exclude<ActState, 'prepared' | 'consented'>,
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('act')
    .set({ state, record: null, noted: null, settled_at: now.toString() })
    .where('id', '=', id)
    .execute();
}

export async function setCopied(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
  await tx.updateTable('act').set({ copied_at: now.toString() }).where('id', '=', id).execute();
}

/**
 * Destroys the contents of an act whose retention has ended, and the identification on which it relied (`forget_act_identity`). The row
 * stays.
 */
export async function setDestroyed(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('act')
    .set({ record: null, destroyed_at: now.toString(), identification_id: null })
    .where('id', '=', id)
    .execute();
}
