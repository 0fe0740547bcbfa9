import { sql } from 'kysely';
import type { Forgotten, RetentionPass } from '../../../feature.ts';
import type { Unit } from '../../audit/service.ts';
import { keepRotasHere, raiseRevision } from '../store.ts';
import type { RotaAbsence, RotaEditor, RotaRows, RotaShift } from '../types.ts';

/** Writes shifts and absences from the console. Callers have locked the office. */

/** Adds an absence of a desk, in an office that the transaction has locked. Returns its id. */
export async function insertAbsence(
  { tx }: Pick<Unit, 'tx'>,
  office: number,
  { desk, from, to, why }: { desk: number; from: string; to: string; why: string },
  by: RotaEditor,
): Promise<number> {
  await raiseRevision(tx, office);
  const { id } = await tx
    .insertInto('absence')
    .values({
      office_id: office,
      desk_id: desk,
      starts: from,
      ends: to,
      why,
      origin: 'console',
      made_at: by.now.toString(),
      made_by: by.staff,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Marks that all appointments of the absent desk are resolved. */
export async function settleAbsence(
  { tx }: Pick<Unit, 'tx'>,
  id: number,
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('absence')
    .set({ settled_at: now.toString() })
    .where('id', '=', id)
    .where('settled_at', 'is', null)
    .execute();
}

/**
 * Ends a desk's absence at a local time, in an office that the transaction has locked. Returns
 * whether something was left to end.
 */
export async function endAbsence(
  { tx }: Pick<Unit, 'tx'>,
  office: number,
  id: number,
  at: string,
): Promise<boolean> {
  await raiseRevision(tx, office);
  const cut = await tx
    .updateTable('absence')
    .set({ ends: at, settled_at: sql`coalesce(settled_at, made_at)` })
    .where('id', '=', id)
    .where('origin', '=', 'console')
    .where('starts', '<', at)
    .where('ends', '>', at)
    .executeTakeFirst();
  const gone = await tx
    .deleteFrom('absence')
    .where('id', '=', id)
    .where('origin', '=', 'console')
    .where('starts', '>=', at)
    .executeTakeFirst();
  return cut.numUpdatedRows + gone.numDeletedRows > 0n;
}

/** Destroys the reasons of absences that ended before the bound: they may contain health data. */
export async function forgetReasons(pass: RetentionPass): Promise<Partial<Forgotten>> {
  const { tx, office, ended } = pass;
  await tx
    .updateTable('absence')
    .set({ why: '' })
    .where('office_id', '=', office)
    .where('why', '<>', '')
    .where('ends', '<', ended.reasons)
    .execute();
  return {};
}

const shiftRow = (office: number, shift: RotaShift) => ({
  office_id: office,
  desk_id: shift.desk,
  weekdays: [...shift.weekdays],
  starts: shift.from,
  ends: shift.to,
  since: shift.since,
  until: shift.until ?? null,
  except_days: [...(shift.except ?? [])],
  uid: shift.uid,
});

/**
 * Replaces an office's rows, in a transaction that has locked it. Unchanged rows are not written. Returns the affected
 * desks; from now on their rota is kept in the console.
 */
export async function saveRows(
  { tx }: Pick<Unit, 'tx'>,
  office: number,
  before: RotaRows,
  after: RotaRows,
  by: RotaEditor,
): Promise<number[]> {
  const shifts = changedRows(before.shifts, after.shifts);
  const absences = changedRows(before.absences, after.absences);
  for (const { id } of shifts.gone) await tx.deleteFrom('shift').where('id', '=', id).execute();
  for (const { id } of absences.gone) await tx.deleteFrom('absence').where('id', '=', id).execute();
  for (const shift of shifts.other)
    await tx.updateTable('shift').set(shiftRow(office, shift)).where('id', '=', shift.id).execute();
  for (const { id, to } of absences.other)
    await tx.updateTable('absence').set({ ends: to }).where('id', '=', id).execute();
  if (shifts.fresh.length > 0)
    await tx
      .insertInto('shift')
      .values(shifts.fresh.map((each) => shiftRow(office, each)))
      .execute();
  if (absences.fresh.length > 0)
    await tx
      .insertInto('absence')
      .values(absences.fresh.map((each) => absenceRow(office, each, by)))
      .execute();
  const desks = (rows: Changed<RotaShift> | Changed<RotaAbsence>) =>
    [...rows.gone, ...rows.other, ...rows.fresh].map((each) => each.desk);
  const touched = [...new Set([...desks(shifts), ...desks(absences)])];
  await keepRotasHere(tx, office, touched);
  return touched;
}

/** Its appointments are resolved with the change, so the absence itself needs no resolution. */
const absenceRow = (office: number, { desk, from, to, why, uid }: RotaAbsence, by: RotaEditor) => ({
  office_id: office,
  desk_id: desk,
  starts: from,
  ends: to,
  why,
  uid,
  origin: 'console',
  made_at: by.now.toString(),
  made_by: by.staff,
  settled_at: by.now.toString(),
});

interface Changed<R> {
  gone: (R & { id: number })[];
  other: (R & { id: number })[];
  fresh: R[];
}

function changedRows<R extends { id: number | null }>(
  before: readonly R[],
  after: readonly R[],
): Changed<R> {
  const isKept = (row: R): row is R & { id: number } => row.id !== null;
  const left = new Map(after.filter(isKept).map((each) => [each.id, each]));
  const known = before.filter(isKept);
  const was = new Map(known.map((each) => [each.id, JSON.stringify(sorted(each))]));
  return {
    gone: known.filter((each) => !left.has(each.id)),
    other: [...left.values()].filter((each) => was.get(each.id) !== JSON.stringify(sorted(each))),
    fresh: after.filter((each) => each.id === null),
  };
}

const sorted = (row: object) => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1));
