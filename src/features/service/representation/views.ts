import { sql } from 'kysely';
import type { Status } from '../../../domain/appointment.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { DueSql } from '../../../lib/jobs/due.ts';
import type { AskedWith, Side } from './types.ts';

const select = (tx: Tx) =>
  tx
    .selectFrom('representation as r')
    .select([
      'r.id',
      'r.office_id as office',
      'r.asked_by',
      'r.other',
      'r.procedures',
      'r.opens',
      'r.state',
    ])
    .select(['r.representative_id as representative', 'r.represented_id as represented'])
    .select(['r.appointment_id as appointment', 'r.document_id as document', 'r.reason'])
    .select(['r.asked_at as askedAt', 'r.settled_at as settledAt', 'r.settled_by as settledBy'])
    .select(['r.ends_at as endsAt', 'r.ended_by as endedBy']);

type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

/** An authorisation whose people have no names yet. */
export interface SealedRepresentation extends Omit<Row, 'asked_by'> {
  askedBy: Side;
}

const fromRow = ({ asked_by, ...row }: Row): SealedRepresentation => ({
  ...row,
  askedBy: asked_by as Side,
});

const MOST = 200;

/** Returns the authorisations in which somebody is one of the two people, the newest first, as far as the transaction sees them. */
export async function readOfPerson(tx: Tx, person: string): Promise<SealedRepresentation[]> {
  const rows = await select(tx)
    .where((eb) =>
      eb.or([eb('r.representative_id', '=', person), eb('r.represented_id', '=', person)]),
    )
    .orderBy('r.asked_at', 'desc')
    .orderBy('r.id')
    .limit(MOST)
    .execute();
  return rows.map(fromRow);
}

/** Returns an authorisation; null: there is none, or the transaction doesn't see it. `isLocked`: it can't change meanwhile. */
export async function readOne(
  tx: Tx,
  id: string,
  isLocked = false,
): Promise<SealedRepresentation | null> {
  const query = select(tx).where('r.id', '=', id);
  const row = await (isLocked ? query.forUpdate() : query).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns the authorisations that were asked for with an appointment's documents, the newest first. */
async function readAskedWith(tx: Tx, appointment: string): Promise<SealedRepresentation[]> {
  const rows = await select(tx)
    .where('r.appointment_id', '=', appointment)
    .orderBy('r.asked_at', 'desc')
    .limit(MOST)
    .execute();
  return rows.map(fromRow);
}

/** Returns the authorisation with which an appointment was booked; null: none. */
export async function readBy(tx: Tx, appointment: string): Promise<SealedRepresentation | null> {
  const row = await select(tx)
    .innerJoin('represented_appointment as a', 'a.representation_id', 'r.id')
    .modifyFront(FREQUENT)
    .where('a.appointment_id', '=', appointment)
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Authorisations around an appointment, still without names. */
export interface AroundFound {
  asked: SealedRepresentation[];
  by: SealedRepresentation | null;
}

/** Returns the authorisations that were asked for with an appointment's documents, and the one with which it was booked. */
export const readAround = async (tx: Tx, appointment: string): Promise<AroundFound> => ({
  asked: await readAskedWith(tx, appointment),
  by: await readBy(tx, appointment),
});

const OPEN: readonly Status[] = ['booked', 'arrived', 'in_progress'];

/** Returns the appointments to come of a person in an office, with whose documents they can hand over an authorisation. */
export const readAskable = (
  tx: Tx,
  { person, office, now }: { person: string; office: number; now: Temporal.Instant },
): Promise<AskedWith[]> =>
  tx
    .selectFrom('person_appointment as p')
    .innerJoin('appointment as a', 'a.id', 'p.appointment_id')
    .select(['a.id', 'a.link', 'a.reference', 'a.starts as start'])
    .where('p.person_id', '=', person)
    .where('p.how', '<>', 'acted')
    .where('a.office_id', '=', office)
    .where('a.status', 'in', OPEN)
    .where('a.ends', '>', moment(now))
    .orderBy('a.starts')
    .limit(MOST)
    .execute();

/**
 * Returns the appointment by which an office reaches a person: the newest one that is known to be theirs; null: there is none. What was only
 * opened by its link may have the addresses of somebody else.
 */
export async function readReach(tx: Tx, person: string): Promise<string | null> {
  const row = await tx
    .selectFrom('person_appointment as p')
    .innerJoin('appointment as a', 'a.id', 'p.appointment_id')
    .select('a.id')
    .where('p.person_id', '=', person)
    .where('p.shown_by', 'is not', null)
    .where('a.forgotten_at', 'is', null)
    .orderBy('p.linked_at', 'desc')
    .orderBy('a.id')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Returns authorisations that wait or are valid though their last day has passed. Runs in the scope of the installation. */
export const readOver = (
  tx: Tx,
  now: Temporal.Instant,
): Promise<{ id: string; office: number }[]> =>
  tx
    .selectFrom('representation')
    .select(['id', 'office_id as office'])
    .where('state', 'in', ['asked', 'accepted'])
    .where('ends_at', '<=', moment(now))
    .orderBy('ends_at')
    .limit(MOST)
    .execute();

/** When the first authorisation ends. */
export const representationsDue: DueSql = sql`select min(ends_at) from representation where state in ('asked', 'accepted')`;
