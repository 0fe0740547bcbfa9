import type { Tx } from '../../../../lib/db/database.ts';
import { FREQUENT } from '../../../../lib/db/frequent/client.ts';

/** Returns the ids of the cases at an appointment, in the order in which they were begun, and whether its encounter is that of the case. */
export async function readTiedTo(
  tx: Tx,
  appointment: string,
): Promise<{ id: string; isHere: boolean }[]> {
  const rows = await tx
    .selectFrom('case_appointment as a')
    .innerJoin('case_file as c', 'c.id', 'a.case_id')
    .leftJoin('encounter as e', 'e.id', 'c.encounter_id')
    .select(['c.id', 'e.appointment_id as shownAt'])
    .modifyFront(FREQUENT)
    .where('a.appointment_id', '=', appointment)
    .orderBy('c.opened_at')
    .orderBy('c.id')
    .execute();
  return rows.map(({ id, shownAt }) => ({ id, isHere: shownAt === appointment }));
}

/** Returns whether a case is talked about at an appointment. */
export async function isTied(tx: Tx, of: { case: string; appointment: string }): Promise<boolean> {
  const row = await tx
    .selectFrom('case_appointment')
    .select('case_id')
    .where('case_id', '=', of.case)
    .where('appointment_id', '=', of.appointment)
    .executeTakeFirst();
  return row !== undefined;
}

/** Returns the appointments at which a case is talked about that are to come or go on, the first one first. */
export const readTiesOf = (tx: Tx, id: string) =>
  tx
    .selectFrom('case_appointment as t')
    .innerJoin('appointment as a', 'a.id', 't.appointment_id')
    .innerJoin('case_file as c', 'c.id', 't.case_id')
    .leftJoin('encounter as e', (join) =>
      join
        .onRef('e.appointment_id', '=', 'a.id')
        .on('e.ended_at', 'is', null)
        .on('e.forgotten_at', 'is', null),
    )
    .select(['a.id', 'a.channel', 'a.starts as start', 'a.status'])
    .select(['e.id as encounter', 'c.encounter_id as shown'])
    .where('t.case_id', '=', id)
    .where('a.status', 'in', ['booked', 'arrived', 'in_progress'])
    .orderBy('a.starts')
    .execute();

/** Returns the appointments that are a person's, those that became theirs last first. Runs in the scope of the person. */
export const readOwnAppointments = (
  tx: Tx,
  person: string,
  most: number,
): Promise<{ appointment: string; office: number }[]> =>
  tx
    .selectFrom('person_appointment')
    .select(['appointment_id as appointment', 'office_id as office'])
    .where('person_id', '=', person)
    .orderBy('linked_at', 'desc')
    .limit(most)
    .execute();

/** Returns the last appointment of a person in the office of the transaction: one of which something shows that they are its citizen; null: there is none. */
export async function readHeldHere(tx: Tx, person: string): Promise<string | null> {
  const row = await tx
    .selectFrom('person_appointment as p')
    .innerJoin('appointment as a', 'a.id', 'p.appointment_id')
    .select('a.id')
    .where('p.person_id', '=', person)
    .where('p.shown_by', 'is not', null)
    .where('p.how', '<>', 'acted')
    .where('a.name', '<>', '')
    .orderBy('a.starts', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Returns all appointments at which a case is talked about, the first one first. */
export async function readTies(tx: Tx, id: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('case_appointment')
    .select('appointment_id')
    .where('case_id', '=', id)
    .orderBy('tied_at')
    .execute();
  return rows.map((each) => each.appointment_id);
}

/** Returns those of these appointments of which something shows that a person is the citizen. */
export async function readHeldShown(
  tx: Tx,
  person: string,
  appointments: readonly string[],
): Promise<string[]> {
  if (appointments.length === 0) return [];
  const rows = await tx
    .selectFrom('person_appointment')
    .select('appointment_id')
    .where('person_id', '=', person)
    .where('shown_by', 'is not', null)
    .where('appointment_id', 'in', [...appointments])
    .execute();
  return rows.map((each) => each.appointment_id);
}

/** Returns the case about which somebody waits for an appointment, with its reference; null: about none. */
export async function readWaitedFor(
  tx: Tx,
  waiting: string,
): Promise<{ id: string; reference: string } | null> {
  const row = await tx
    .selectFrom('case_waiting as w')
    .innerJoin('case_file as c', 'c.id', 'w.case_id')
    .select(['c.id', 'c.reference'])
    .where('w.wait_list_id', '=', waiting)
    .executeTakeFirst();
  return row ?? null;
}
