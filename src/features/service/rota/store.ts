import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { keepRotasHere } from '../../foundation/offices/service.ts';
import type { KeptResolution, RotaAbsence, RotaEdit, RotaRows, RotaShift } from './types.ts';

/** Who changes a rota, and when. */
export interface By {
  staff: number;
  now: Temporal.Instant;
}

/** Nobody books in the office, nor changes its rota, until the transaction ends. */
export async function lockOffice(tx: Tx, office: number): Promise<void> {
  await sql`call lock_office(${office})`.execute(tx);
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
 * Makes an office's rows others, in a transaction that has locked it: those that stay the same are left alone. Answers the desks that
 * it concerns; from now on their rota is the console's.
 */
export async function saveRows(
  tx: Tx,
  office: number,
  before: RotaRows,
  after: RotaRows,
  by: By,
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

/** What becomes of its appointments is kept with the change, so the absence itself has nothing more to see to. */
const absenceRow = (office: number, { desk, from, to, why, uid }: RotaAbsence, by: By) => ({
  ...{ office_id: office, desk_id: desk, starts: from, ends: to, why, uid, origin: 'console' },
  ...{ made_at: by.now.toString(), made_by: by.staff, settled_at: by.now.toString() },
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

/** Writes down a change, with what is to become of the appointments that lose their desk by it. Answers its id. */
export async function insertChange(
  tx: Tx,
  office: number,
  { kind, resolutions }: { kind: RotaEdit['kind']; resolutions: readonly KeptResolution[] },
  by: By,
): Promise<number> {
  const { id } = await tx
    .insertInto('rota_change')
    .values({
      office_id: office,
      made_at: by.now.toString(),
      made_by: by.staff,
      kind,
      resolutions: JSON.stringify(resolutions),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Everything that it took a desk from is seen to. */
export async function markSettled(tx: Tx, id: number, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('rota_change')
    .set({ settled_at: now.toString() })
    .where('id', '=', id)
    .where('settled_at', 'is', null)
    .execute();
}
