import { sql } from 'kysely';
import type { GivenLevel } from '../../../domain/identity.ts';
import type { ProviderKind } from '../../../domain/office/identity.ts';
import { CLOCKS_APART } from '../../../lib/clock.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { SEAL_BYTES } from '../../../lib/envelope/seal.ts';
import { type DueSql, daily, earliest } from '../../../lib/jobs/due.ts';
import { ERASED_WISHES } from './rules.ts';
import type { WrappedKey } from './sealing.ts';
import type { Identification, Purpose } from './types.ts';

/** A row of a person, still sealed. */
export interface SealedPerson extends WrappedKey {
  id: string;
  identity: Buffer;
  wishes: Buffer;
}

const PERSON = ['person.id', 'wrapped', 'key_version as keyVersion', 'identity', 'wishes'] as const;

/** Returns the person whom one of these values finds, locked until the transaction ends; null: nobody. */
export async function findPerson(tx: Tx, lookups: readonly string[]): Promise<SealedPerson | null> {
  const row = await tx
    .selectFrom('person')
    .select(PERSON)
    .where('lookup', 'in', lookups)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** Returns the person whom one of these values finds, without a lock; null: nobody. */
export async function seekPerson(tx: Tx, lookups: readonly string[]): Promise<SealedPerson | null> {
  const row = await tx
    .selectFrom('person')
    .select(PERSON)
    .where('lookup', 'in', lookups)
    .executeTakeFirst();
  return row ?? null;
}

/** Returns a person; null: there is none, or the transaction may not see them. */
export async function readPerson(tx: Tx, id: string): Promise<SealedPerson | null> {
  const row = await tx.selectFrom('person').select(PERSON).where('id', '=', id).executeTakeFirst();
  return row ?? null;
}

/** Returns people whose key is wrapped by an earlier version. */
export const readOlder = (tx: Tx, version: number, most: number): Promise<SealedPerson[]> =>
  tx.selectFrom('person').select(PERSON).where('key_version', '<', version).limit(most).execute();

const IDENTIFICATION = [
  'identification.id',
  'identification.person_id as person',
  'provider',
  'kind',
  'method',
  'level',
  'identified_at as at',
] as const;

/** Returns a session with its person, both sealed; null: there is none, or it is over. */
export async function readSession(tx: Tx, hash: Buffer, now: Temporal.Instant) {
  const row = await tx
    .selectFrom('citizen_session as s')
    .innerJoin('person', 'person.id', 's.person_id')
    .innerJoin('identification', 'identification.id', 's.identification_id')
    .select(PERSON)
    .select([
      's.browser',
      's.kept',
      's.acting',
      's.began_at as beganAt',
      's.seen_at as seenAt',
      's.ends_at as endsAt',
    ])
    .select(['provider', 'kind', 'method', 'level', 'identified_at as at', 'represents', 'purpose'])
    .select('identification.id as identification')
    .where('s.hash', '=', hash)
    .where('s.ends_at', '>', moment(now))
    // Of one from before the clock was set back, nobody can tell for how long it was not used.
    .where('s.seen_at', '<=', moment(now.add(CLOCKS_APART)))
    .executeTakeFirst();
  return row ?? null;
}
export type SealedSession = NonNullable<Awaited<ReturnType<typeof readSession>>>;

/** Returns an identification with its evidence, sealed; null: there is none. */
export async function readIdentification(tx: Tx, id: string) {
  const row = await tx
    .selectFrom('identification')
    .select(IDENTIFICATION)
    .select(['evidence', 'represents', 'purpose', 'transaction_hash as transaction'])
    .select('transaction_signed as isSigned')
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? { ...row, ...worded(row), purpose: row.purpose as Purpose['for'] } : null;
}

/** Returns some identifications of a person, the newest first. */
export async function readIdentifications(
  tx: Tx,
  person: string,
  { offset, most }: { offset: number; most: number },
): Promise<Identification[]> {
  const rows = await tx
    .selectFrom('identification')
    .select(IDENTIFICATION)
    .where('person_id', '=', person)
    .orderBy('identified_at', 'desc')
    .orderBy('id')
    .offset(offset)
    .limit(most)
    .execute();
  return rows.map((row) => ({ ...row, ...worded(row) }));
}

/** Returns for which organisations a person acted, sealed, by identification. */
export const readRepresented = (tx: Tx, person: string) =>
  tx
    .selectFrom('identification')
    .select(['id', 'represents'])
    .where('person_id', '=', person)
    .where('represents', 'is not', null)
    .execute();

/** The columns whose check in the database allows only these words. */
const worded = ({ kind, level }: { kind: string; level: string }) => ({
  kind: kind as ProviderKind,
  level: level as GivenLevel,
});

/** Returns a live attempt; null: there is none. */
export async function readAttempt(tx: Tx, id: string, now: Temporal.Instant) {
  const row = await tx
    .selectFrom('identification_attempt')
    .select(['provider', 'request'])
    .where('id', '=', id)
    .where('ends_at', '>', moment(now))
    .executeTakeFirst();
  return row ?? null;
}

/** When the first session or attempt ends; old identifications are deleted once a day. */
export const sessionsDue = (what: string): DueSql =>
  earliest(
    sql`select min(ends_at) from identification_attempt`,
    sql`select min(ends_at) from citizen_session`,
    daily(what),
  );

/** The condition of an identification on which no act, no case, no notification, and nothing that is signed or about to be paid, relies. */
export const RELIED_BY_NONE = sql<boolean>`not exists (select from act where act.identification_id = identification.id)
  and not exists (select from case_file c where c.identification_id = identification.id)
  and not exists (select from case_submission w where w.identification_id = identification.id)
  and not exists (select from case_cosigner o where o.identification_id = identification.id)
  and not exists (select from notification n where n.identification_id = identification.id)
  and not exists (select from case_signature s where s.identification_id = identification.id)
  and not exists (select from payment p where p.identification_id = identification.id and p.prepared is not null
    and (p.look_at is not null or p.state = 'paid'))`;

/**
 * The condition of a person who can be deleted: nothing relies on an identification of theirs, and they have no case, notification or request. Whoever
 * identifies as them is the same person, and still gets to those.
 */
export const KEPT_BY_NONE = sql<boolean>`not exists (select from identification where identification.person_id = person.id and not (${RELIED_BY_NONE}))
  and not exists (select from case_file c where c.person_id = person.id)
  and not exists (select from case_representation r where r.begun_by = person.id)
  and not exists (select from notification n where n.person_id = person.id)
  and not exists (select from request q where q.person_id = person.id)`;

/** The condition of a person of whom erasing deletes something, though they be kept: wishes, or an identification on which nothing relies. */
export const IS_ERASABLE = sql<boolean>`(octet_length(person.wishes) > ${sql.lit(SEAL_BYTES + JSON.stringify(ERASED_WISHES).length)}
  or exists (select from identification where identification.person_id = person.id and ${RELIED_BY_NONE})
  or (${KEPT_BY_NONE}))`;
