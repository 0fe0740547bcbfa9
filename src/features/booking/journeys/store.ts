import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { type Journey, LIVES } from './types.ts';

export type NewJourney = Omit<Journey, 'id' | 'appointment' | 'procedure' | 'refusals'> & {
  procedureId: number;
};

/** Returns whether there was none with this key. */
export async function insertJourney(
  tx: Tx,
  journey: NewJourney,
  keyHash: Buffer,
  now: Temporal.Instant,
): Promise<boolean> {
  const done = await tx
    .insertInto('journey')
    .values({
      key_hash: keyHash,
      office_id: journey.office,
      procedure_id: journey.procedureId,
      further: [...(journey.further ?? [])],
      people: journey.people ?? 1,
      channel: journey.channel,
      language: journey.language,
      site: journey.site ?? null,
      page_language: journey.pageLanguage,
      starts: journey.start.toString(),
      hold_until: journey.holdUntil?.toString() ?? null,
      answers: JSON.stringify(journey.answers),
      begun_by: journey.begunBy,
      created_at: now.toString(),
      expires_at: now.add(LIVES).toString(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

/** Deletes a journey whose time couldn't be held. */
export async function deleteJourney(tx: Tx, keyHash: Buffer): Promise<void> {
  await tx.deleteFrom('journey').where('key_hash', '=', keyHash).execute();
}

/** Counts a refusal before the result is known. Returns whether one was left of `most`. */
export async function takeRefusal(tx: Tx, keyHash: Buffer, most: number): Promise<boolean> {
  const done = await tx
    .updateTable('journey')
    .set((eb) => ({ refusals: eb('refusals', '+', 1) }))
    .where('key_hash', '=', keyHash)
    .where('refusals', '<', most)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Takes back the count of a refusal. */
export async function returnRefusal(tx: Tx, keyHash: Buffer): Promise<void> {
  await tx
    .updateTable('journey')
    .set((eb) => ({ refusals: eb('refusals', '-', 1) }))
    .where('key_hash', '=', keyHash)
    .execute();
}

/**
 * Changes an unfinished journey and renews its retention. `answers` are merged with the stored
 * ones by field.
 */
export async function updateJourney(
  tx: Tx,
  keyHash: Buffer,
  change: Partial<Pick<Journey, 'start' | 'channel' | 'site' | 'holdUntil' | 'answers'>>,
  now: Temporal.Instant,
): Promise<void> {
  const { start, channel, site, holdUntil, answers } = change;
  await tx
    .updateTable('journey')
    .set({
      ...(start && { starts: start.toString() }),
      ...(holdUntil !== undefined && { hold_until: holdUntil?.toString() ?? null }),
      ...(channel && { channel, site: site ?? null }),
      ...(answers && { answers: sql`answers || ${JSON.stringify(answers)}::jsonb` }),
      expires_at: now.add(LIVES).toString(),
    })
    .where('key_hash', '=', keyHash)
    .where('appointment_id', 'is', null)
    .execute();
}

/** Records the journey's appointment and deletes the typed answers, which are stored there now. */
export async function completeJourney(tx: Tx, keyHash: Buffer, appointment: string): Promise<void> {
  await tx
    .updateTable('journey')
    .set({ appointment_id: appointment, answers: '{}', hold_until: null, begun_by: null })
    .where('key_hash', '=', keyHash)
    .execute();
}

/** Deletes expired journeys. Returns how many. */
export async function sweepJourneys(tx: Tx, now: Temporal.Instant): Promise<number> {
  const done = await tx
    .deleteFrom('journey')
    .where('expires_at', '<=', moment(now))
    .executeTakeFirst();
  return Number(done.numDeletedRows);
}
