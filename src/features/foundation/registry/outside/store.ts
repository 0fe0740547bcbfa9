import { type RawBuilder, sql } from 'kysely';
import { type Db, INSTALLATION, type Tx, within } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { Register, RegistryEntry } from '../types.ts';
import type { Outside, OutsideFailure, Registered } from './types.ts';
import { fromRow, type OutsideRow } from './views.ts';

/** Minutes for which one worker has an entry. All its requests take less. */
const LEASE_MINUTES = 10;

const leaseEnd = (now: Temporal.Instant) => now.add({ minutes: LEASE_MINUTES });

/** Owes an entry to the registry that the town has elsewhere, if the town file names one. */
export async function owe(
  tx: Tx,
  { id, office }: RegistryEntry,
  now: Temporal.Instant,
): Promise<void> {
  await sql`insert into registry_outside (id, office_id, owed_at, next_try_at)
    select ${id}, ${office}, ${moment(now)}, ${moment(now)} from town
    where coalesce(settings #>> '{registry,kind}', 'internal') <> 'internal'`.execute(tx);
}

/** Takes an entry that is due, for this worker alone; null: none is. If the worker dies, it is due again when the lease ends. */
export function take(db: Db, now: Temporal.Instant): Promise<Outside | null> {
  return within(db, INSTALLATION, async (tx) => {
    const { rows } = await sql<OutsideRow>`
      with due as materialized (
        select id from registry_outside where next_try_at <= ${moment(now)}
        order by next_try_at limit 1 for update skip locked
      )
      update registry_outside t set attempts = attempts + 1, next_try_at = ${moment(leaseEnd(now))}
      from due where t.id = due.id returning t.*`.execute(tx);
    return rows[0] ? fromRow(rows[0]) : null;
  });
}

/**
 * Records that it is going to be sent. Returns whether it may be: the worker still has it, and it has no number. Committed before anything is
 * sent, so that whoever comes after a crash looks for it first.
 */
export function noteSending(db: Db, taken: Outside, now: Temporal.Instant): Promise<boolean> {
  const at = moment(now);
  return note(db, taken, sql`first_sent_at = coalesce(first_sent_at, ${at}), last_sent_at = ${at}`);
}

/** Records when it is tried again, and why. */
export function postpone(
  db: Db,
  taken: Outside,
  at: Temporal.Instant,
  failure: OutsideFailure | null,
): Promise<boolean> {
  const failing = failure?.reason ?? taken.failing;
  const words = failure ? (failure.words ?? failure.code) : taken.words;
  return note(db, taken, sql`next_try_at = ${moment(at)}, failing = ${failing}, words = ${words}`);
}

/** Keeps the number of an entry there, whoever has it now. Returns whether it had none. */
export async function setNumber(
  tx: Tx,
  id: string,
  { number, at }: Registered,
  { also, now }: { also: readonly string[]; now: Temporal.Instant },
): Promise<boolean> {
  const done = await tx
    .updateTable('registry_outside')
    .set({
      number,
      at: at?.toString() ?? null,
      also: [...also],
      attempts: 0,
      failing: null,
      words: null,
      next_try_at: leaseEnd(now).toString(),
    })
    .where('id', '=', id)
    .where('number', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Keeps which registry made an entry. `askAt`: when that is asked again; null: never. Returns whether something is new. */
export async function setRegister(
  tx: Tx,
  id: string,
  is: { register: Register; consolidated: string | null; askAt: Temporal.Instant | null },
): Promise<boolean> {
  const before = await tx
    .selectFrom('registry_outside')
    .select(['register', 'consolidated'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  await tx
    .updateTable('registry_outside')
    .set({
      register: is.register,
      consolidated: is.consolidated,
      attempts: 0,
      failing: null,
      words: null,
      next_try_at: is.askAt?.toString() ?? null,
    })
    .where('id', '=', id)
    .execute();
  return before?.register !== is.register || before?.consolidated !== is.consolidated;
}

/** Changes the row of an entry, unless it was taken by another worker or got its number since. Returns whether it did. */
function note(
  db: Db,
  { id, attempts, number }: Outside,
  what: RawBuilder<unknown>,
): Promise<boolean> {
  return within(db, INSTALLATION, async (tx) => {
    const { numAffectedRows = 0n } = await sql`update registry_outside set ${what}
      where id = ${id} and attempts = ${attempts} and number is not distinct from ${number}`.execute(
      tx,
    );
    return numAffectedRows > 0n;
  });
}
