import type { Tx } from '../../../../lib/db/database.ts';
import type { EncounterRef } from '../../encounter/types.ts';

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
