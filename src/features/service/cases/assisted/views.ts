import type { Tx } from '../../../../lib/db/database.ts';
import type { EncounterRef } from '../../encounter/types.ts';
import type { BegunHere } from '../types.ts';

/** Returns the cases that were begun in the encounter of an appointment, in the order in which they were begun. */
export const readBegunAt = (tx: Tx, appointment: string): Promise<BegunHere[]> =>
  tx
    .selectFrom('case_file as c')
    .innerJoin('encounter as e', 'e.id', 'c.encounter_id')
    .select(['c.id', 'c.reference', 'c.procedure_id as procedure', 'c.state', 'c.link'])
    .select('c.version')
    .where('e.appointment_id', '=', appointment)
    .orderBy('c.opened_at')
    .orderBy('c.id')
    .execute();

/** Locks an encounter against its end as a row, and returns its channel and language; null: there is none. */
export async function lockConversation(
  tx: Tx,
  of: EncounterRef,
): Promise<{ channel: string; language: string } | null> {
  const row = await tx
    .selectFrom('encounter')
    .select(['channel', 'language'])
    .where((eb) =>
      'encounter' in of ? eb('id', '=', of.encounter) : eb('appointment_id', '=', of.appointment),
    )
    .forKeyShare()
    .executeTakeFirst();
  return row ?? null;
}
