import { sql } from 'kysely';
import { WEEKDAYS } from '../../../../domain/office/fields.ts';
import type { OfficeState, TownState } from '../../../../domain/office/state.ts';
import type { Area } from '../../../../domain/requests/areas.ts';
import { same } from '../../../../formats/town-file/changes/same.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import type { Unit } from '../../audit/service.ts';

/** Locks all town files and all bookings in every office until the transaction ends. */
export async function lockTown({ tx }: Pick<Unit, 'tx'>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('finestreta.town'))`.execute(tx);
  const offices = await tx.selectFrom('office').select('id').orderBy('id').execute();
  for (const { id } of offices) await lockOffice({ tx }, id);
}

/** Locks bookings in this office and all town files until the transaction ends. */
export async function lockOffice({ tx }: Pick<Unit, 'tx'>, office: number): Promise<void> {
  await sql`call lock_office(${office})`.execute(tx);
}

/** Writes the town's own settings, and its areas where they are given. */
export async function saveTown(
  { tx }: Pick<Unit, 'tx'>,
  wanted: TownState,
  now: Temporal.Instant,
  areas?: readonly Area[],
): Promise<void> {
  const row = {
    settings: JSON.stringify(wanted.town),
    applied_at: now.toString(),
    ...(areas && { areas: areas.length > 0 ? JSON.stringify(areas) : null }),
  };
  await tx
    .insertInto('town')
    .values({ id: 1, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** Writes an office from the state, and raises its revision. Returns its id. */
export async function saveOffice(
  { tx }: Pick<Unit, 'tx'>,
  code: string,
  state: OfficeState,
  now: Temporal.Instant,
): Promise<number> {
  const row = {
    position: state.position,
    name: JSON.stringify(state.settings.name),
    settings: JSON.stringify(state.settings),
    retired_at: null,
    declared_at: now.toString(),
  };
  const known = await tx
    .updateTable('office')
    .set({ ...row, revision: sql`revision + 1` })
    .where('code', '=', code)
    .returning('id')
    .executeTakeFirst();
  // A viewer of one office can't insert, even when the row exists.
  const { id } =
    known ??
    (await tx
      .insertInto('office')
      .values({ code, ...row })
      .returning('id')
      .executeTakeFirstOrThrow());
  await saveProcedures(tx, id, state, now);
  await saveRota(tx, id, state, await saveDesks(tx, id, state, now));
  return id;
}

/** Retires an office that the file no longer names. Its past is kept. Returns its id. */
export async function retireOffice(
  { tx }: Pick<Unit, 'tx'>,
  code: string,
  now: Temporal.Instant,
): Promise<number> {
  const { id } = await tx
    .updateTable('office')
    .set({ retired_at: now.toString(), revision: sql`revision + 1` })
    .where('code', '=', code)
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function saveProcedures(
  tx: Tx,
  office: number,
  state: OfficeState,
  now: Temporal.Instant,
): Promise<void> {
  for (const [code, procedure] of state.procedures) {
    const row = {
      position: procedure.position,
      settings: JSON.stringify(procedure.settings),
      retired_at: null,
    };
    await tx
      .insertInto('procedure')
      .values({ office_id: office, code, ...row })
      .onConflict((conflict) => conflict.columns(['office_id', 'code']).doUpdateSet(row))
      .execute();
  }
  await tx
    .updateTable('procedure')
    .set({ retired_at: now.toString() })
    .where(isOther(office, state.procedures))
    .execute();
}

/** Returns the ids of the desks by code. */
async function saveDesks(
  tx: Tx,
  office: number,
  state: OfficeState,
  now: Temporal.Instant,
): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const [code, desk] of state.desks) {
    const row = {
      name: desk.name,
      skills: desk.skills === 'all' ? null : desk.skills,
      languages: desk.languages,
      channels: desk.channels,
      site: desk.site ?? null,
      chats: desk.chats ?? null,
      retired_at: null,
    };
    const { id } = await tx
      .insertInto('desk')
      .values({ office_id: office, code, ...row })
      .onConflict((conflict) => conflict.columns(['office_id', 'code']).doUpdateSet(row))
      .returning('id')
      .executeTakeFirstOrThrow();
    ids.set(code, id);
  }
  await tx
    .updateTable('desk')
    .set({ retired_at: now.toString() })
    .where(isOther(office, state.desks))
    .execute();
  return ids;
}

/** Returns whether a procedure or desk of the office is missing in the declaration. */
const isOther = (office: number, kept: ReadonlyMap<string, unknown>) =>
  sql<boolean>`office_id = ${office} and retired_at is null and code <> all (${[...kept.keys()]}::text[])`;

/** Unchanged rows are not written, so that links to them stay valid and bookings wait as briefly as possible. */
async function saveRota(
  tx: Tx,
  office: number,
  state: OfficeState,
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const desks = await desksOfFile(tx, office);
  const isFiles = ({ desk_id }: { desk_id: number }) => desks.includes(desk_id);
  const idOf = (code: string): number => {
    const id = ids.get(code);
    if (id === undefined) throw new Error(`No desk ${code}: the file was not checked`);
    return id;
  };
  const shifts = state.shifts.map(
    ({ desk, weekdays, from, to, since, until = null, except = [] }) => ({
      office_id: office,
      desk_id: idOf(desk),
      weekdays: weekdays.map((each) => WEEKDAYS.indexOf(each) + 1),
      starts: from,
      ends: to,
      since,
      until,
      except_days: except,
    }),
  );
  const absences = state.absences.map(({ desk, from, to, why = '' }) => ({
    office_id: office,
    desk_id: idOf(desk),
    starts: from,
    ends: to,
    why,
  }));
  const stored = (table: 'shift' | 'absence') =>
    tx
      .selectFrom(table)
      .where('office_id', '=', office)
      .where(sql<boolean>`desk_id = any (${desks}::integer[])`)
      .orderBy('id');
  const shift = rowsApart(await stored('shift').selectAll().execute(), shifts.filter(isFiles));
  // Rows that a coordinator wrote are not removed by the file.
  const declared = stored('absence').selectAll().where(sql<boolean>`change_id is null`);
  const absence = rowsApart(await declared.execute(), absences.filter(isFiles));
  await sql`delete from shift where id = any (${shift.gone}::integer[])`.execute(tx);
  await sql`delete from absence where id = any (${absence.gone}::integer[])`.execute(tx);
  for (const rows of hundreds(shift.fresh)) await tx.insertInto('shift').values(rows).execute();
  for (const rows of hundreds(absence.fresh)) await tx.insertInto('absence').values(rows).execute();
  await saveClosures(tx, office, state.closures);
}

type Row = Record<string, unknown>;

/** Compares stored and wanted rows. Returns the rows to remove and the rows to add; equal rows are counted. */
function rowsApart<W extends Row>(
  stored: readonly (Row & { id: number })[],
  wanted: readonly W[],
): { gone: number[]; fresh: W[] } {
  const columns = Object.keys(wanted[0] ?? {});
  const markOf = (row: Row) => JSON.stringify(columns.map((each) => row[each]));
  const left = Map.groupBy(stored, markOf);
  const fresh = wanted.filter((row) => left.get(markOf(row))?.shift() === undefined);
  return { gone: [...left.values()].flat().map(({ id }) => id), fresh };
}

async function saveClosures(
  tx: Tx,
  office: number,
  wanted: OfficeState['closures'],
): Promise<void> {
  const stored = await tx
    .selectFrom('closure')
    .select(['first_day as from', 'last_day as to', 'why'])
    .where('office_id', '=', office)
    .orderBy('id')
    .execute();
  const closures = wanted.map(({ from, to, why = {} }) => ({ from, to, why }));
  if (same(stored, closures)) return;
  await tx.deleteFrom('closure').where('office_id', '=', office).execute();
  const rows = closures.map(({ from, to, why }) => ({
    office_id: office,
    first_day: from,
    last_day: to,
    why: JSON.stringify(why),
  }));
  for (const each of hundreds(rows)) await tx.insertInto('closure').values(each).execute();
}

/** Returns the desks whose rota the file may write: not those changed in the console, and not retired desks, which keep theirs. */
async function desksOfFile(tx: Tx, office: number): Promise<number[]> {
  const rows = await tx
    .selectFrom('desk')
    .select('id')
    .where('office_id', '=', office)
    .where('retired_at', 'is', null)
    .where('rota_here', '=', false)
    .execute();
  return rows.map((each) => each.id);
}

/** Lets the file decide about every rota again. */
export async function giveRotasBack({ tx }: Pick<Unit, 'tx'>): Promise<void> {
  await tx.updateTable('desk').set({ rota_here: false }).where('rota_here', '=', true).execute();
}

/** A statement takes at most 65,535 values. */
function hundreds<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / 100) }, (_, i) =>
    rows.slice(i * 100, (i + 1) * 100),
  );
}
