import { sql } from 'kysely';
import { WEEKDAYS } from '../../../../domain/office/fields.ts';
import type { OfficeState, TownState } from '../../../../domain/office/state.ts';
import { same } from '../../../../formats/town-file/changes/same.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import type { Unit } from '../../audit/service.ts';

/** Only one town file at a time, and no booking in any office, until the transaction ends. */
export async function lockTown({ tx }: Pick<Unit, 'tx'>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('finestreta.town'))`.execute(tx);
  const offices = await tx.selectFrom('office').select('id').orderBy('id').execute();
  for (const { id } of offices) await lockOffice({ tx }, id);
}

/** No booking in this office, and no town file, until the transaction ends. */
export async function lockOffice({ tx }: Pick<Unit, 'tx'>, office: number): Promise<void> {
  await sql`call lock_office(${office})`.execute(tx);
}

/** The town's own settings. */
export async function saveTown(
  { tx }: Pick<Unit, 'tx'>,
  wanted: TownState,
  now: Temporal.Instant,
): Promise<void> {
  const row = { settings: JSON.stringify(wanted.town), applied_at: now.toString() };
  await tx
    .insertInto('town')
    .values({ id: 1, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** Makes an office what the state says, and raises its revision. Answers its id. */
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
  // Who acts for one office can't insert any, not even one that turns out to be there.
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

/** An office that the file no longer names keeps its past but is open to nobody. Answers its id. */
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

/** The ids of the agents by code. */
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

/** Whether a procedure or desk of the office is one that the declaration no longer names. */
const isOther = (office: number, kept: ReadonlyMap<string, unknown>) =>
  sql<boolean>`office_id = ${office} and retired_at is null and code <> all (${[...kept.keys()]}::text[])`;

/** Rows that stay as they are are left alone: what links to them goes on doing so, and bookings wait no longer than they must. */
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
      ...{ office_id: office, desk_id: idOf(desk) },
      weekdays: weekdays.map((each) => WEEKDAYS.indexOf(each) + 1),
      ...{ starts: from, ends: to, since, until, except_days: except },
    }),
  );
  const absences = state.absences.map(({ desk, from, to, why = '' }) => ({
    ...{ office_id: office, desk_id: idOf(desk), starts: from, ends: to, why },
  }));
  const stored = (table: 'shift' | 'absence') =>
    tx
      .selectFrom(table)
      .where('office_id', '=', office)
      .where(sql<boolean>`desk_id = any (${desks}::integer[])`)
      .orderBy('id');
  const shift = rowsApart(await stored('shift').selectAll().execute(), shifts.filter(isFiles));
  // Those that a coordinator wrote down are not the file's to take away.
  const declared = stored('absence').selectAll().where(sql<boolean>`origin = 'file'`);
  const absence = rowsApart(await declared.execute(), absences.filter(isFiles));
  await sql`delete from shift where id = any (${shift.gone}::integer[])`.execute(tx);
  await sql`delete from absence where id = any (${absence.gone}::integer[])`.execute(tx);
  for (const rows of hundreds(shift.fresh)) await tx.insertInto('shift').values(rows).execute();
  for (const rows of hundreds(absence.fresh)) await tx.insertInto('absence').values(rows).execute();
  await saveClosures(tx, office, state.closures);
}

type Row = Record<string, unknown>;

/** Which of the stored rows are not wanted, and which of those wanted are not there: as many of two alike as there should be. */
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
    ...{ office_id: office, first_day: from, last_day: to, why: JSON.stringify(why) },
  }));
  for (const each of hundreds(rows)) await tx.insertInto('closure').values(each).execute();
}

/** The desks whose rota is the file's to write: not the console's, and not those that are retired, which keep theirs. */
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

/** From now on the file decides about every rota again. */
export async function giveRotasBack({ tx }: Pick<Unit, 'tx'>): Promise<void> {
  await tx.updateTable('desk').set({ rota_here: false }).where('rota_here', '=', true).execute();
}

/** A statement takes 65,535 values at most. */
function hundreds<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / 100) }, (_, i) =>
    rows.slice(i * 100, (i + 1) * 100),
  );
}
