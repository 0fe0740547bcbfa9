import type { Tx } from '../../../../lib/db/database.ts';
import type { Forgotten, RetentionPass } from '../../../feature.ts';
import type { Unit } from '../../audit/service.ts';
import { keepRotasHere, raiseRevision } from '../store.ts';
import type { RotaAbsence, RotaRows, RotaShift } from '../types.ts';

/** Writes shifts and absences from the console. Callers have locked the office. */

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
 * Replaces an office's rows by a change, in a transaction that has locked it. Unchanged rows are not written. Returns the
 * affected desks. From now on the console decides about the rota of those whose shifts, or absences of the town file, have
 * changed: an absence of the console stays beside those of the file.
 */
export async function saveRows(
  { tx }: Pick<Unit, 'tx'>,
  office: number,
  before: RotaRows,
  after: RotaRows,
  change: number,
): Promise<number[]> {
  const shifts = changedRows(before.shifts, after.shifts);
  const absences = changedRows(before.absences, after.absences);
  const ofFile = await desksOfDeclared(tx, [...absences.gone, ...absences.other]);
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
      .values(absences.fresh.map((each) => absenceRow(office, each, change)))
      .execute();
  const desks = (rows: Changed<RotaShift> | Changed<RotaAbsence>) =>
    [...rows.gone, ...rows.other, ...rows.fresh].map((each) => each.desk);
  const touched = [...new Set([...desks(shifts), ...desks(absences)])];
  if (touched.length > 0) await raiseRevision(tx, office);
  await keepRotasHere(tx, [...new Set([...desks(shifts), ...ofFile])]);
  return touched;
}

/** Returns the desks of those absences that the town file declares. */
async function desksOfDeclared(
  tx: Tx,
  absences: readonly (RotaAbsence & { id: number })[],
): Promise<number[]> {
  const ids = absences.map((each) => each.id);
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('absence')
    .select('desk_id')
    .where('id', 'in', ids)
    .where('change_id', 'is', null)
    .execute();
  return rows.map((each) => each.desk_id);
}

const absenceRow = (office: number, { desk, from, to, why, uid }: RotaAbsence, change: number) => ({
  office_id: office,
  desk_id: desk,
  starts: from,
  ends: to,
  why,
  uid,
  change_id: change,
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
