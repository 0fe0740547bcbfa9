import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';

/** Which parts of a card an appointment has at all. Most have none, and then none is read. */
export interface Parts {
  documents: boolean;
  acts: boolean;
  /** Changes of its citizen's addresses, and copies of the link. */
  steps: boolean;
  /** Documents that were refused. */
  refusals: boolean;
  /** People who identified for it. */
  people: boolean;
  /** Authorisations to act for somebody else. */
  authorisations: boolean;
  /** What was written in its call. */
  messages: boolean;
}

export async function readParts(tx: Tx, appointment: string): Promise<Parts> {
  const { rows } = await sql<Parts>`
    select /* frequent */ exists (select from document where appointment_id = ${appointment}) as documents,
      exists (select from act where appointment_id = ${appointment}) as acts,
      exists (select from proof_step where appointment_id = ${appointment}) as steps,
      exists (select from audit where appointment_id = ${appointment} and action = 'document_refused') as refusals,
      exists (select from person_appointment where appointment_id = ${appointment}) as people,
      (exists (select from represented_appointment where appointment_id = ${appointment})
        or exists (select from representation where appointment_id = ${appointment})) as authorisations,
      exists (select from encounter t join message m on m.encounter_id = t.id where t.appointment_id = ${appointment}) as messages`.execute(
    tx,
  );
  const [row] = rows;
  if (!row) throw new Error('A select without a table has one row');
  return row;
}
