import type { Stretch } from '../../../../domain/rota.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { rowsInParts } from '../../../../lib/db/rows/in-parts.ts';
import type { Forgotten, RetentionPass } from '../../../feature.ts';
import type { Unit } from '../../audit/service.ts';
import { lockOffice } from '../declaring/store.ts';
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

/** A stretch in which a connected calendar says that a desk is busy, with a digest of its event. */
export interface BusyStretch extends Stretch {
  event: string;
}

/**
 * Replaces what one connected calendar says of a desk, in a transaction of this office; none: it no longer says anything. With `of`, only
 * what it says of these events is replaced. Returns whether anything changed: then the times that are offered change too, and bookings
 * wait for it.
 */
export async function saveBusy(
  { tx, office }: Pick<Unit, 'tx' | 'office'>,
  { source, desk, of = null }: { source: string; desk: number; of?: ReadonlySet<string> | null },
  stretches: readonly BusyStretch[],
): Promise<boolean> {
  const all = await tx
    .selectFrom('desk_busy')
    .select(['id', 'desk_id as desk', 'event', 'starts as from', 'ends as to'])
    .where('source', '=', source)
    .execute();
  const there = of ? all.filter((each) => of.has(each.event)) : all;
  const keyOf = (each: BusyStretch, at: number) => `${at} ${each.event} ${each.from} ${each.to}`;
  const wanted = new Map(stretches.map((each) => [keyOf(each, desk), each]));
  const known = new Set(there.map((each) => keyOf(each, each.desk)));
  const gone = there.filter((each) => !wanted.has(keyOf(each, each.desk)));
  const fresh = [...wanted].filter(([key]) => !known.has(key)).map(([, each]) => each);
  if (gone.length + fresh.length === 0) return false;
  await lockOffice({ tx }, office);
  for (const some of rowsInParts(gone))
    await tx
      .deleteFrom('desk_busy')
      .where(
        'id',
        'in',
        some.map((each) => each.id),
      )
      .execute();
  for (const some of rowsInParts(fresh))
    await tx
      .insertInto('desk_busy')
      .values(
        some.map(({ event, from, to }) => ({
          office_id: office,
          desk_id: desk,
          source,
          event,
          starts: from.toString(),
          ends: to.toString(),
        })),
      )
      .execute();
  await raiseRevision(tx, office);
  return true;
}
