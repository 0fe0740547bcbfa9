import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { DueSql } from '../../../lib/jobs/due.ts';
import type { AppointmentLink } from '../../foundation/identification/types.ts';
import type { Family, System } from '../device/types.ts';
import type { CodeFound, CodeState } from './types.ts';

/** Whose an appointment is, still without names. */
export interface LinkFound {
  person: string;
  identification: string;
  how: AppointmentLink['how'];
  shownBy: 'name' | 'code' | null;
  /** Whether they identified last on another device, by a code. */
  isByCode: boolean;
}

/** Whether the identification of a link came by a code, as its event has it. */
const IS_BY_CODE = sql<boolean>`exists (select from event e where e.appointment_id = person_appointment.appointment_id
  and e.kind = 'identified' and e.data ->> 'by' = 'code' and e.data ->> 'identification' = person_appointment.identification_id::text)`;

/** Returns whether somebody else booked an appointment for a person, with their authorisation. */
export async function isActedFor(tx: Tx, appointment: string, person: string): Promise<boolean> {
  const row = await tx
    .selectFrom('person_appointment')
    .select('how')
    .where('appointment_id', '=', appointment)
    .where('person_id', '=', person)
    .executeTakeFirst();
  return row?.how === 'acted';
}

/** Returns the people who identified for an appointment, the first one first. */
export async function readLinks(tx: Tx, appointment: string): Promise<LinkFound[]> {
  const rows = await tx
    .selectFrom('person_appointment')
    .select(['person_id', 'identification_id', 'how', 'shown_by'])
    .select(IS_BY_CODE.as('is_by_code'))
    .modifyFront(FREQUENT)
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
            isByCode: row.is_by_code,
          },
        ],
  );
}

/** What finds a code: its first half, its appointment, the browser in which it was typed, or its id. */
type By = { finders: string[] } | { appointment: string } | { takenBy: Buffer } | { id: string };

/** Returns a code that is not over, locked; of several that were typed in one browser the newest; null: there is none. */
export async function readCodeRow(
  tx: Tx,
  by: By,
  now: Temporal.Instant,
): Promise<CodeFound | null> {
  const row = await tx
    .selectFrom('identification_code')
    .selectAll()
    .where('ends_at', '>', moment(now))
    .$if('finders' in by, (q) => q.where('finder', 'in', 'finders' in by ? by.finders : []))
    .$if('appointment' in by, (q) =>
      q.where('appointment_id', '=', 'appointment' in by ? by.appointment : ''),
    )
    .$if('takenBy' in by, (q) =>
      q.where('taken_by', '=', 'takenBy' in by ? by.takenBy : Buffer.alloc(0)),
    )
    .$if('id' in by, (q) => q.where('id', '=', 'id' in by ? by.id : ''))
    .orderBy('ends_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return null;
  const { id, hash, link, sender, misses } = row;
  return {
    ...{ id, hash, link, sender, misses },
    family: row.family as Family,
    system: row.system as System,
    office: row.office_id,
    appointment: row.appointment_id,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    endsAt: row.ends_at,
    takenBy: row.taken_by,
    state: row.state as CodeState,
  };
}

/** When the first code ends. */
export const codesDue: DueSql = sql`select min(ends_at) from identification_code`;
