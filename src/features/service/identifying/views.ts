import type { Tx } from '../../../lib/db/database.ts';

/** Whose an appointment is, still without names. */
export interface LinkFound {
  person: string;
  identification: string;
  how: 'link' | 'booked' | 'call';
  shownBy: 'name' | 'code' | null;
}

/** Returns the people who identified for an appointment, the first one first. */
export async function readLinks(tx: Tx, appointment: string): Promise<LinkFound[]> {
  const rows = await tx
    .selectFrom('person_appointment')
    .select(['person_id', 'identification_id', 'how', 'shown_by'])
    .where('appointment_id', '=', appointment)
    .orderBy('linked_at')
    .orderBy('person_id')
    .execute();
  return rows.flatMap((row) =>
    row.identification_id === null
      ? []
      : [
          {
            person: row.person_id,
            identification: row.identification_id,
            how: row.how as LinkFound['how'],
            shownBy: row.shown_by as LinkFound['shownBy'],
          },
        ],
  );
}
