import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { PeopleTables } from '../../../lib/db/schema-keys.ts';
import type { Unit } from '../audit/service.ts';
import type { WrappedKey } from './sealing.ts';
import type { AppointmentLink } from './types.ts';
import { KEPT_BY_NONE, RELIED_BY_NONE } from './views.ts';

/** Waits for other transactions about the person whom a value finds, and makes them wait until this one ends. */
export async function lockLookup(tx: Tx, lookup: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('finestreta.person'), hashtext(${lookup}))`.execute(
    tx,
  );
}

/** Adds a person. */
export async function insertPerson(
  tx: Tx,
  row: WrappedKey & {
    id: string;
    lookup: string;
    identity: Buffer;
    wishes: Buffer;
    now: Temporal.Instant;
  },
): Promise<void> {
  const { id, lookup, wrapped, keyVersion, identity, wishes } = row;
  const now = row.now.toString();
  await tx
    .insertInto('person')
    .values({
      ...{ id, lookup, wrapped, key_version: keyVersion, identity, wishes },
      ...{ first_seen_at: now, last_seen_at: now },
    })
    .execute();
}

/** Notes that a person was identified again, with the name as the provider says it now. */
export async function updatePerson(
  tx: Tx,
  id: string,
  change: Partial<Record<'identity' | 'wishes', Buffer>> & { now?: Temporal.Instant },
): Promise<void> {
  const { now, ...sealed } = change;
  await tx
    .updateTable('person')
    .set({ ...sealed, ...(now && { last_seen_at: now.toString() }) })
    .where('id', '=', id)
    .execute();
}

/** Wraps a person's key by another version, unless it was changed meanwhile. */
export async function rewrapPerson(
  tx: Tx,
  { id, wrapped }: { id: string; wrapped: Buffer },
  anew: WrappedKey & { lookup: string },
): Promise<void> {
  await tx
    .updateTable('person')
    .set({ wrapped: anew.wrapped, key_version: anew.keyVersion, lookup: anew.lookup })
    .where('id', '=', id)
    .where('wrapped', '=', wrapped)
    .execute();
}

/**
 * Deletes a person with their sessions and identifications. Those by which they consented to an act or handed in a case are kept as long
 * as it, and the person as long as they have one, without wishes and links to appointments. Returns whether the person is gone.
 */
export async function deletePerson(
  tx: Tx,
  id: string,
  erasedWishes: () => Buffer,
): Promise<boolean> {
  // Whoever consents to an act at the same time holds the person: their identification is then relied upon.
  await tx.selectFrom('person').select('id').where('id', '=', id).forUpdate().execute();
  await tx.deleteFrom('citizen_session').where('person_id', '=', id).execute();
  await tx.deleteFrom('person_appointment').where('person_id', '=', id).execute();
  await tx.deleteFrom('identification').where('person_id', '=', id).where(RELIED_BY_NONE).execute();
  const gone = await tx
    .deleteFrom('person')
    .where('id', '=', id)
    .where(KEPT_BY_NONE)
    .executeTakeFirst();
  if (gone.numDeletedRows > 0n) return true;
  await updatePerson(tx, id, { wishes: erasedWishes() });
  return false;
}

/**
 * Deletes identifications that are older than this, with their evidence, where no act, no appointment and no session has them, but for the
 * last one of each person.
 */
export async function deleteOldIdentifications(tx: Tx, before: Temporal.Instant): Promise<void> {
  await sql`
    delete from identification where identified_at < ${before.toString()}::timestamptz
      and ${RELIED_BY_NONE}
      and not exists (select from person_appointment p where p.identification_id = identification.id)
      and not exists (select from citizen_session s where s.identification_id = identification.id)
      and exists (select from identification l where l.person_id = identification.person_id
        and (l.identified_at, l.id) > (identification.identified_at, identification.id))`.execute(
    tx,
  );
}

/** Keeps the person of an identification from being erased until the transaction ends. Returns whether the identification is there. */
export async function holdIdentification({ tx }: Pick<Unit, 'tx'>, id: string): Promise<boolean> {
  const { rows } = await sql<{
    isThere: boolean;
  }>`select hold_identification(${id}) as "isThere"`.execute(tx);
  return rows[0]?.isThere ?? false;
}

type Row<T extends keyof PeopleTables> = Omit<PeopleTables[T], `${string}_at`>;

export async function insertIdentification(
  tx: Tx,
  row: Row<'identification'>,
  at: Temporal.Instant,
): Promise<void> {
  await tx
    .insertInto('identification')
    .values({ ...row, identified_at: at.toString() })
    .execute();
}

export async function insertSession(
  tx: Tx,
  row: Row<'citizen_session'>,
  { now, endsAt }: { now: Temporal.Instant; endsAt: Temporal.Instant },
): Promise<void> {
  await tx
    .insertInto('citizen_session')
    .values({
      ...row,
      ...{ began_at: now.toString(), seen_at: now.toString(), ends_at: endsAt.toString() },
    })
    .execute();
}

/** Notes that a session was used. */
export async function touchSession(
  tx: Tx,
  hash: Buffer,
  { now, endsAt }: { now: Temporal.Instant; endsAt: Temporal.Instant },
): Promise<void> {
  await tx
    .updateTable('citizen_session')
    .set({ seen_at: now.toString(), ends_at: endsAt.toString() })
    .where('hash', '=', hash)
    .execute();
}

export async function deleteSession(tx: Tx, hash: Buffer): Promise<void> {
  await tx.deleteFrom('citizen_session').where('hash', '=', hash).execute();
}

export async function insertAttempt(
  tx: Tx,
  row: Pick<PeopleTables['identification_attempt'], 'id' | 'provider' | 'request'>,
  { now, endsAt }: { now: Temporal.Instant; endsAt: Temporal.Instant },
): Promise<void> {
  await tx
    .insertInto('identification_attempt')
    .values({ ...row, began_at: now.toString(), ends_at: endsAt.toString() })
    .execute();
}

/** Keeps the answer of a provider for an attempt. Only the first one counts. Returns whether it was. */
export async function depositAnswer(
  tx: Tx,
  id: string,
  { answer, hash }: { answer: Buffer; hash: Buffer },
  now: Temporal.Instant,
): Promise<boolean> {
  const done = await tx
    .updateTable('identification_attempt')
    .set({ answer, answer_hash: hash })
    .where('id', '=', id)
    .where('answer', 'is', null)
    .where('ends_at', '>', moment(now))
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Ends an attempt, which counts once. Returns it; null: there is none any more. */
export async function spendAttempt(tx: Tx, id: string, now: Temporal.Instant) {
  const row = await tx
    .deleteFrom('identification_attempt')
    .where('id', '=', id)
    .returning(['id', 'provider', 'request', 'answer', 'answer_hash', 'ends_at'])
    .executeTakeFirst();
  if (!row) return null;
  return { ...row, isOver: Temporal.Instant.compare(row.ends_at, now) <= 0 };
}

/** Notes whose appointment it is. What was noted first stays. Returns whether it is new. */
export async function linkAppointment(
  { tx, office, now }: Pick<Unit, 'tx' | 'office' | 'now'>,
  link: AppointmentLink,
): Promise<boolean> {
  const done = await tx
    .insertInto('person_appointment')
    .values({
      person_id: link.person,
      appointment_id: link.appointment,
      office_id: office,
      identification_id: link.identification,
      how: link.how,
      shown_by: link.shownBy ?? null,
      linked_at: now.toString(),
    })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Notes that an appointment is a person's no longer. Returns whether it was. */
export async function unlinkAppointment(
  { tx }: Pick<Unit, 'tx'>,
  { person, appointment }: Pick<AppointmentLink, 'person' | 'appointment'>,
): Promise<boolean> {
  const done = await tx
    .deleteFrom('person_appointment')
    .where('person_id', '=', person)
    .where('appointment_id', '=', appointment)
    .executeTakeFirst();
  return done.numDeletedRows > 0n;
}

/**
 * Ends what says whose an appointment was, once its office keeps nothing of the person any more: no data in the appointment, no document,
 * no consent. Returns how many ended.
 */
export async function endEmptyLinks(tx: Tx): Promise<number> {
  const done = await tx
    .deleteFrom('person_appointment')
    .where('appointment_id', 'in', (eb) =>
      eb
        .selectFrom('appointment as a')
        .innerJoin('person_appointment as m', 'm.appointment_id', 'a.id')
        .select('a.id')
        .where('a.forgotten_at', 'is not', null)
        .where(
          sql<boolean>`not exists (select from document d where d.appointment_id = a.id and d.destroyed_at is null)`,
        )
        .where(
          sql<boolean>`not exists (select from act c where c.appointment_id = a.id and c.state = 'consented' and c.destroyed_at is null)`,
        ),
    )
    .executeTakeFirst();
  return Number(done.numDeletedRows);
}

/**
 * Notes that a person identified again for an appointment of theirs. What showed before that they are its citizen stays, and so does how it
 * became theirs, unless a code was all that there was, or they identify in the call.
 */
export async function renewLink(
  { tx }: Pick<Unit, 'tx'>,
  { person, appointment, identification, how, shownBy }: AppointmentLink,
): Promise<void> {
  await tx
    .updateTable('person_appointment')
    .set({
      identification_id: identification,
      how: sql`case when how = 'code' or how = 'link' and ${how} = 'call' then ${how} else how end`,
      ...(shownBy && { shown_by: shownBy }),
    })
    .where('person_id', '=', person)
    .where('appointment_id', '=', appointment)
    .execute();
}

/** Notes by which authorisation the person of a session acts. */
export async function setActing(tx: Tx, hash: Buffer, authorisation: string | null): Promise<void> {
  await tx
    .updateTable('citizen_session')
    .set({ acting: authorisation })
    .where('hash', '=', hash)
    .execute();
}

/** Deletes attempts and sessions that are over. */
export async function deleteOver(tx: Tx, now: Temporal.Instant): Promise<void> {
  await tx.deleteFrom('identification_attempt').where('ends_at', '<=', moment(now)).execute();
  await tx.deleteFrom('citizen_session').where('ends_at', '<=', moment(now)).execute();
}
