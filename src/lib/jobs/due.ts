import { type RawBuilder, sql } from 'kysely';
import { CLOCKS_APART } from '../clock.ts';
import { type Db, INSTALLATION, within } from '../db/database.ts';

/**
 * The earliest moment at which a run of a job could do something, as an SQL expression that yields a `timestamptz`; null: only a commit can make it due. It
 * may be too early, which costs a run in vain, and never too late. A moment of the past is "now". Many are asked in one statement, after many commits: what
 * it reads must have an index.
 */
export type DueSql = RawBuilder<Temporal.Instant | null>;

/** The time of the clock, in a `DueSql`: the database's own may be another one. */
export const NOW = sql<Temporal.Instant>`(select now from clock)`;

/** A run that is later than this from now was noted by a clock that was wrong, and does not count. */
const APART = sql`${sql.lit(CLOCKS_APART.toString())}::interval`;

/** A moment so long ago that it is due. */
const PAST = sql`timestamptz 'epoch'`;

/** Never by itself. */
export const NEVER: DueSql = sql`null`;
/** Always: the job runs at its period. */
export const ALWAYS: DueSql = sql`${PAST}`;

/** The earliest of these; those that are null don't count. */
export const earliest = (...some: readonly DueSql[]): DueSql =>
  sql`least(${sql.join(some.map((each) => sql`(${each})`))})`;

/** Now, if this selects any row; else never. `rows`: a select without its columns, such as `select from chat where …`. */
export const ifAny = (rows: RawBuilder<unknown>): DueSql =>
  sql`(select ${PAST} where exists (${rows}))`;

/** When the last run that ended well began, in any process. */
const lastRun = (what: string) => sql`(select max(at) from ran where what = ${sql.lit(what)})`;

/** So long after its last run; without one, now. `interval`: of PostgreSQL, such as `1 day`. */
export const afterLast =
  (interval: string) =>
  (what: string): DueSql =>
    sql`coalesce(${lastRun(what)} + interval ${sql.lit(interval)}, ${PAST})`;

/** Now, if the town's declaration was changed since the job's last run. */
export const afterDeclaring = (what: string): DueSql =>
  ifAny(
    sql`select from office where declared_at > coalesce(${lastRun(what)} - interval '1 minute', ${PAST})`,
  );

/** Once a day: for what may wait, such as the destruction of what was kept for years. */
export const daily = afterLast('1 day');

/** So long after its last run, if this selects any row; else never. */
export const afterLastIfAny =
  (interval: string, rows: RawBuilder<unknown>) =>
  (what: string): DueSql =>
    sql`(select ${afterLast(interval)(what)} where exists (${rows}))`;

/**
 * Now, if this selects any row and anything was done in the town since a minute before the job's last run: each deed has its record on the audit trail.
 * Transactions take less than a minute.
 */
export const afterDeedsIfAny =
  (rows: RawBuilder<unknown>) =>
  (what: string): DueSql =>
    sql`(select ${PAST} where exists (${rows}) and exists (
      select from office o where exists (select from audit a where a.office_id = o.id
        and a.at > coalesce(${lastRun(what)} - interval '1 minute', ${PAST}))))`;

/** The same whatever there is. */
export const afterDeeds = afterDeedsIfAny(sql`select`);

/** The time zone of the town. */
const TIME_ZONE = sql`coalesce((select settings ->> 'timeZone' from office order by id limit 1), 'Europe/Madrid')`;

/** The first moment of a local day. `day`: an SQL expression of type date. */
export const startOfDay = (day: RawBuilder<unknown>): DueSql =>
  sql`((${day})::timestamp at time zone ${TIME_ZONE})`;

/** The local day of a moment, as an SQL expression of type date. */
export const dayOf = (at: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`((${at}) at time zone ${TIME_ZONE})::date`;

/** The next time after a moment when local clocks show `at`. */
export const localTimeAfter = (moment: RawBuilder<unknown>, at: Temporal.PlainTime): DueSql => {
  const shown = sql`interval ${sql.lit(at.toString())}`;
  return sql`((${dayOf(sql`${moment} - ${shown}`)} + 1 + ${shown}) at time zone ${TIME_ZONE})`;
};

/** At the first moment of the local day after its last run. */
export const eachDay = (what: string): DueSql =>
  sql`coalesce(${startOfDay(sql`${dayOf(lastRun(what))} + 1`)}, ${PAST})`;

/** At the first full hour after its last run whose local hour is from `from` on and before `before`, if this selects any row; else never. */
export const hourlyIfAny =
  (rows: RawBuilder<unknown>, { from, before } = { from: 0, before: 24 }) =>
  (what: string): DueSql => {
    const hours = (many: number) => sql`interval ${sql.lit(`${many} hours`)}`;
    return sql`(select coalesce((case
        when extract(hour from next) < ${sql.lit(from)} then date_trunc('day', next) + ${hours(from)}
        when extract(hour from next) < ${sql.lit(before)} then next
        else date_trunc('day', next) + ${hours(24 + from)} end) at time zone ${TIME_ZONE}, ${PAST})
      from (select date_trunc('hour', ${lastRun(what)} at time zone ${TIME_ZONE}) + interval '1 hour' as next) of
      where exists (${rows}))`;
  };

/** A job whose time is asked of the database. */
export interface AskedJob {
  what: string;
  due: DueSql;
}

/**
 * Asks in one statement when each of these jobs is due. `ran`: when the last runs of this process that ended well began, which may not be kept yet.
 * @returns the moments in the order of the jobs
 */
export function readDue(
  db: Db,
  jobs: readonly AskedJob[],
  { now, ran }: { now: Temporal.Instant; ran: ReadonlyMap<string, Temporal.Instant> },
): Promise<(Temporal.Instant | null)[]> {
  if (jobs.length === 0) return Promise.resolve([]);
  const columns = jobs.map(({ due }, nth) => sql`(${due})::timestamptz as ${sql.ref(`due${nth}`)}`);
  const own = JSON.stringify(Object.fromEntries([...ran].map(([what, at]) => [what, String(at)])));
  return within(db, INSTALLATION, async (tx) => {
    const { rows } = await sql<Record<string, Temporal.Instant | null>>`
      select /* frequent */ asked.* from (
        with clock as materialized (select ${now.toString()}::timestamptz as now),
          ran as materialized (
            select what, at from (
              select what, ran_at as at from job_run
              union all select key, value::timestamptz from jsonb_each_text(${own}::jsonb)
            ) noted where at <= ${NOW} + ${APART}
          )
        select ${sql.join(columns)}
      ) asked`.execute(tx);
    const [row] = rows;
    return jobs.map((_, nth) => row?.[`due${nth}`] ?? null);
  });
}
