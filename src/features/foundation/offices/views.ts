import { sql } from 'kysely';
import type pg from 'pg';
import { closedDays } from '../../../domain/office/calendar/holidays.ts';
import { procedureCombining } from '../../../domain/office/combining.ts';
import { lookOf } from '../../../domain/office/look.ts';
import { DEFAULT_POLICIES, DEFAULT_TOWN } from '../../../domain/office/policies.ts';
import type { TownLook, TownProcedure } from '../../../domain/office/schema.ts';
import type {
  Office,
  OfficeDesk,
  OfficeSettings,
  Procedure,
  Town,
} from '../../../domain/office/types.ts';
import type { Area } from '../../../domain/requests/areas.ts';
import type { Rota, RotaDesk, Shift, Stretch } from '../../../domain/rota.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { brief, withClient } from '../../../lib/db/logins.ts';
import type { Texts } from '../../../lib/i18n/languages.ts';
import { byName } from '../../../lib/i18n/order.ts';

/** Defaults of a procedure that was stored before the town file had these settings. */
const DEFAULT_PROCEDURE: Pick<TownProcedure, 'checklist' | 'combining' | 'level'> = {
  checklist: [],
  combining: procedureCombining.parse({}),
  level: 'substantial',
};

/** Returns the codes and revisions of the open offices, in the town's order. */
export async function readRevisions(
  db: Db,
): Promise<{ id: number; code: string; revision: number }[]> {
  type Row = { id: number; code: string; revision: number };
  return (await sql<Row>`select /* frequent */ id, code, revision from open_offices()`.execute(db))
    .rows;
}

/** The appearance of closed offices, by id, each at a revision. */
export type ClosedLooks = ReadonlyMap<number, { revision: number; look: TownLook }>;

/** Returns the appearance of closed offices, whose documents are still shown. `known`: the cached value, returned while it is current. */
export function readClosedLooks(db: Db, known: ClosedLooks): Promise<ClosedLooks> {
  return within(db, INSTALLATION, async (tx) => {
    const closed = tx.selectFrom('office').where('retired_at', 'is not', null);
    const there = await closed.select(['id', 'revision']).execute();
    const changed = there.filter(({ id, revision }) => known.get(id)?.revision !== revision);
    const read = new Map(known);
    for (const { id, revision } of changed) {
      const row = await closed.select('settings').where('id', '=', id).executeTakeFirstOrThrow();
      const look = lookOf(row.settings as Pick<OfficeSettings, 'look'>);
      read.set(id, { revision, look });
    }
    return new Map([...read].filter(([id]) => there.some((each) => each.id === id)));
  });
}

/** Returns the recorded host name of the town; null: none. */
export async function readHost(db: Db): Promise<string | null> {
  const row = await db.selectFrom('town').select('host').executeTakeFirst();
  return row?.host ?? null;
}

/** The same in a database of any version, before its migrations. */
export const readHostAt = (connection: pg.ConnectionConfig): Promise<string | null> =>
  withClient(brief(connection), async (client) => {
    const column = await client.query(
      `select from pg_attribute where attrelid = to_regclass('public.town') and attname = 'host' and not attisdropped`,
    );
    if (column.rowCount === 0) return null;
    const { rows } = await client.query<{ host: string | null }>('select host from public.town');
    return rows[0]?.host ?? null;
  });

/** A town at one revision. */
export interface TownRead {
  revision: string;
  town: Town;
}

/** Returns the town, or null before a town file was applied. `known`: the cached value, returned while it is current. */
export async function readTown(db: Db, known: TownRead | null = null): Promise<TownRead | null> {
  type Row = { revision: string; settings: Town | null };
  const { rows } = await sql<Row>`
    select /* frequent */ xmin::text as revision, case when xmin::text = ${known?.revision ?? ''} then null else settings end as settings
    from town`.execute(db);
  const [row] = rows;
  if (!row) return null;
  if (row.settings === null) return known;
  return { revision: row.revision, town: { ...DEFAULT_TOWN, ...row.settings } };
}

/** The areas of a town at one revision. */
export interface AreasRead {
  revision: string;
  areas: readonly Area[];
}

/** Returns the town's areas, in the file's order. `known`: the cached value, returned while it is current. */
export async function readAreas(db: Db, known: AreasRead | null = null): Promise<AreasRead> {
  type Row = { revision: string; is_known: boolean; areas: Area[] | null };
  const { rows } = await sql<Row>`
    select xmin::text as revision, xmin::text = ${known?.revision ?? ''} as is_known,
      case when xmin::text = ${known?.revision ?? ''} then null else areas end as areas
    from town`.execute(db);
  const [row] = rows;
  if (row?.is_known && known) return known;
  return { revision: row?.revision ?? '', areas: row?.areas ?? [] };
}

/** Returns an office with its catalogue and rota, all read at one moment. */
export async function readOffice(db: Db, id: number): Promise<Office | null> {
  return within(db, id, async (tx) => {
    const row = await tx.selectFrom('office').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) return null;
    const settings: OfficeSettings = {
      ...DEFAULT_TOWN,
      ...DEFAULT_POLICIES,
      ...(row.settings as OfficeSettings),
    };
    const procedures = await readProcedures(tx, id);
    const desks = await readDesks(tx, id);
    const rota = await readRota(tx, id, settings);
    const byCode = new Map<string | number, Procedure>(
      procedures.flatMap((each) => [[each.code, each] as const, [each.id, each] as const]),
    );
    const desksById = new Map(desks.map((each) => [each.id, each]));
    return {
      id,
      code: row.code,
      revision: row.revision,
      declaredAt: row.declared_at,
      name: row.name as Texts,
      timeZone: settings.timeZone,
      languages: settings.languages,
      settings,
      procedures: procedures.filter((each) => !each.retired),
      desks: desks.filter((each) => !each.retired),
      rota,
      procedure: (key) => byCode.get(key),
      desk: (key) => desksById.get(key),
    };
  });
}

async function readProcedures(tx: Tx, office: number): Promise<Procedure[]> {
  const rows = await tx
    .selectFrom('procedure')
    .selectAll()
    .where('office_id', '=', office)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({
    ...DEFAULT_PROCEDURE,
    ...(row.settings as TownProcedure),
    id: row.id,
    code: row.code,
    retired: row.retired_at !== null,
  }));
}

async function readDesks(tx: Tx, office: number): Promise<OfficeDesk[]> {
  const rows = await tx
    .selectFrom('desk')
    .select(['id', 'code', 'name', 'retired_at'])
    .where('office_id', '=', office)
    .orderBy('code')
    .execute();
  return rows
    .map(({ retired_at, ...desk }) => ({ ...desk, retired: retired_at !== null }))
    .sort(byName);
}

async function readRota(tx: Tx, office: number, settings: OfficeSettings): Promise<Rota> {
  const desks = await tx
    .selectFrom('desk')
    .selectAll()
    .where('office_id', '=', office)
    .where('retired_at', 'is', null)
    .orderBy('code')
    .execute();
  const shifts = Map.groupBy(
    await tx.selectFrom('shift').selectAll().where('office_id', '=', office).execute(),
    (each) => each.desk_id,
  );
  const absences = Map.groupBy(
    await tx.selectFrom('absence').selectAll().where('office_id', '=', office).execute(),
    (each) => each.desk_id,
  );
  const busy = await readElsewhere(tx, office);
  const closures = await tx
    .selectFrom('closure')
    .selectAll()
    .where('office_id', '=', office)
    .execute();
  const closed = closedDays(
    settings,
    closures.map((each) => ({ from: each.first_day, to: each.last_day })),
  );
  return {
    timeZone: settings.timeZone,
    isClosed: (day) => closed.isClosed(day),
    desks: desks.sort(byName).map(
      (each): RotaDesk => ({
        id: each.id,
        code: each.code,
        skills: each.skills ?? 'all',
        languages: each.languages,
        channels: each.channels,
        site: each.site,
        chats: each.chats,
        shifts: (shifts.get(each.id) ?? []).map(
          (shift): Shift => ({
            weekdays: shift.weekdays,
            from: shift.starts,
            to: shift.ends,
            since: shift.since,
            ...(shift.until && { until: shift.until }),
            ...(shift.except_days.length > 0 && { except: shift.except_days }),
          }),
        ),
        absences: (absences.get(each.id) ?? []).map(({ starts, ends }) => ({
          from: starts,
          to: ends,
        })),
        elsewhere: busy.get(each.id) ?? [],
      }),
    ),
  };
}

/** Returns when connected calendars say that each desk is busy. */
async function readElsewhere(tx: Tx, office: number): Promise<Map<number, Stretch[]>> {
  const rows = await tx
    .selectFrom('desk_busy')
    .select(['desk_id', 'starts as from', 'ends as to'])
    .where('office_id', '=', office)
    .execute();
  const byDesk = Map.groupBy(rows, (each) => each.desk_id);
  return new Map(
    [...byDesk].map(([desk, own]) => [desk, own.map(({ from, to }) => ({ from, to }))]),
  );
}
