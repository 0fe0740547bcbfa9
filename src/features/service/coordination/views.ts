import { sql } from 'kysely';
import type { Appointment } from '../../../domain/appointment.ts';
import { CHANNELS, type Channel, isCalled } from '../../../domain/channel.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { EncounterLanguage } from '../../../lib/i18n/languages.ts';
import { type DueSql, earliest, ifAny, NOW } from '../../../lib/jobs/due.ts';
import { nextStart } from '../../booking/appointments/views.ts';
import { movedAt } from '../encounter/views.ts';
import type { LateCall, Uncalled } from './rules.ts';
import { CHOOSE_HOURS } from './rules.ts';
import type { DisplacedCitizen } from './types.ts';

/** What decides whose turn it is among desks: minutes booked on each local day of a span, and when they were last assigned. */
export async function readLoads(
  tx: Tx,
  office: number,
  span: { from: Temporal.Instant; to: Temporal.Instant; timeZone: string },
): Promise<Map<number, { assignedAt: number | null; minutes: Map<string, number> }>> {
  const desks = await tx
    .selectFrom('desk')
    .select(['id', 'assigned_at'])
    .where('office_id', '=', office)
    .execute();
  const loads = new Map(
    desks.map(({ id, assigned_at }) => [
      id,
      { assignedAt: assigned_at?.epochMilliseconds ?? null, minutes: new Map<string, number>() },
    ]),
  );
  const times = await tx
    .selectFrom('desk_time')
    .select(({ fn }) => [
      'desk_id',
      sql<string>`to_char(starts at time zone ${span.timeZone}, 'YYYY-MM-DD')`.as('day'),
      fn.sum<number>(sql<number>`extract(epoch from ends - starts)::int4 / 60`).as('minutes'),
    ])
    .where('office_id', '=', office)
    .where('starts', '>=', moment(span.from))
    .where('starts', '<', moment(span.to))
    .groupBy(['desk_id', 'day'])
    .execute();
  for (const { desk_id, day, minutes } of times)
    loads.get(desk_id)?.minutes.set(day, Number(minutes));
  return loads;
}

export const inOrder = (appointments: readonly Appointment[]): Appointment[] =>
  appointments.toSorted(
    (a, b) => Temporal.Instant.compare(a.start, b.start) || (a.id < b.id ? -1 : 1),
  );

/** Reads the citizens without an hour, in the order of their former hours. */
export async function readDisplaced(tx: Tx, office: number): Promise<DisplacedCitizen[]> {
  const rows = await tx
    .selectFrom('appointment as a')
    .innerJoin('procedure as p', 'p.id', 'a.procedure_id')
    .leftJoin('wait_list as w', (join) =>
      join.onRef('w.appointment_id', '=', 'a.id').on('w.ended_at', 'is', null),
    )
    .leftJoin('offer as o', (join) =>
      join.onRef('o.wait_list_id', '=', 'w.id').on('o.ended_at', 'is', null),
    )
    .select([
      'a.id',
      'a.reference',
      'a.starts as start',
      'a.name',
      'a.phone',
      'a.channel',
      'p.code as procedure',
      'a.further',
      'a.displaced_at as since',
      'o.starts as offered',
      'o.expires_at as expiresAt',
    ])
    .where('a.office_id', '=', office)
    .where('a.status', '=', 'booked')
    .where('a.displaced_at', 'is not', null)
    .orderBy('a.starts')
    .orderBy('a.id')
    .execute();
  return rows.map(({ since, offered, expiresAt, ...row }) => ({
    ...row,
    channel: row.channel as Channel,
    since: since!,
    offer: offered && expiresAt ? { start: offered, expiresAt } : null,
  }));
}

/** Those who have no hour, whose own is over by `now`, who were told before `told` and think about no other. In every office. */
export async function readGivenUp(
  db: Db,
  now: Temporal.Instant,
  told: Temporal.Instant,
): Promise<{ id: string; office: number }[]> {
  const rows = await within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('appointment as a')
      .select(['a.id', 'a.office_id as office'])
      .where('a.status', '=', 'booked')
      .where('a.displaced_at', '<=', moment(told))
      .where('a.starts', '<=', moment(now))
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('wait_list as w')
              .innerJoin('offer as o', 'o.wait_list_id', 'w.id')
              .select('o.id')
              .whereRef('w.appointment_id', '=', 'a.id')
              .where('o.ended_at', 'is', null),
          ),
        ),
      )
      .execute(),
  );
  return rows;
}

/** A citizen whose hour has come and who is not attended. */
export type Unattended = Omit<LateCall, 'expected' | 'owedSince'>;

/** The channels of those who are called by telephone. */
const CALLED = CHANNELS.filter(isCalled);

/**
 * Reads who is not attended in an office: citizens whose hour came between these instants and who are called by telephone, and
 * citizens who are in the room or at the site.
 */
export async function readUnattended(
  tx: Tx,
  office: number,
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): Promise<Unattended[]> {
  const rows = await tx
    .selectFrom('appointment as a')
    .innerJoin('procedure as p', 'p.id', 'a.procedure_id')
    .select(['a.id', 'a.reference', 'a.desk_id as desk', 'a.starts as start', 'a.ends as end'])
    .select(['a.channel', 'a.language', 'a.site', 'p.code as procedure', 'a.further'])
    .modifyFront(FREQUENT)
    .where('a.office_id', '=', office)
    .where('a.displaced_at', 'is', null)
    .where('a.starts', '>=', moment(from))
    .where('a.starts', '<=', moment(to))
    .where((eb) =>
      eb.or([
        eb('a.status', '=', 'arrived'),
        eb.and([eb('a.status', '=', 'booked'), eb('a.channel', 'in', CALLED)]),
      ]),
    )
    .orderBy('a.starts')
    .orderBy('a.id')
    .execute();
  return rows.map((row) => ({
    ...row,
    channel: row.channel as Channel,
    language: row.language as EncounterLanguage,
  }));
}

/** Whether nobody called the citizen of an appointment `a`, though it could have been done. */
const NOBODY_CALLED = sql<boolean>`(not exists (select from attempt t where t.appointment_id = a.id and t.outcome <> 'wrong_number'
  and t.at > ${movedAt(sql`a.id`)}) and not lacks_number(a.id))`;

/**
 * Reads the appointments of an office that begin within a span and whose citizens nobody has called at their hour, or only at a number
 * that was another person's and is one no more. `id`: only this one.
 */
export async function readUncalled(
  tx: Tx,
  office: number,
  { from, to, id }: { from: Temporal.Instant; to: Temporal.Instant; id?: string },
): Promise<Uncalled[]> {
  let query = tx
    .selectFrom('appointment as a')
    .select(['a.id', 'a.desk_id as desk', 'a.starts as start'])
    .select([
      sql<number>`coalesce((select max((e.data->>'minutes')::int) from event e where e.appointment_id = a.id
        and e.kind = 'delayed' and (e.data->>'start')::timestamptz = a.starts), 0)`.as('told'),
      sql<Temporal.Instant | null>`(select max(e.at) from event e where e.appointment_id = a.id and e.kind = 'undone')`.as(
        'undoneAt',
      ),
    ])
    .where('a.office_id', '=', office)
    .where('a.status', '=', 'booked')
    .where('a.displaced_at', 'is', null)
    .where('a.channel', 'in', CALLED)
    .where('a.starts', '>=', moment(from))
    .where('a.starts', '<=', moment(to))
    .where(NOBODY_CALLED);
  if (id !== undefined) query = query.where('a.id', '=', id);
  return query.orderBy('a.starts').orderBy('a.id').execute();
}

/** Returns which of these appointments somebody declined to take from a colleague. `actor`: as in events. */
export async function readDeclined(
  tx: Tx,
  appointments: readonly string[],
  actor: string,
): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('event')
    .select('appointment_id')
    .where('appointment_id', 'in', appointments)
    .where('kind', '=', 'late_declined')
    .where('actor', '=', actor)
    .execute();
  return new Set(rows.map((each) => each.appointment_id));
}

/** At once while somebody was not called whose hour has begun; else when the next appointment begins. */
export const uncalledDue: DueSql = earliest(
  nextStart,
  ifAny(sql`select from office o join appointment a on a.office_id = o.id
    where a.status = 'booked' and a.displaced_at is null and a.starts < ${NOW} and a.starts >= ${NOW} - interval '48 hours'
      and a.channel in (${sql.join(CALLED.map((each) => sql.lit(each)))}) and ${NOBODY_CALLED}`),
);

/** When the first appointment is to be cancelled that lost its hour, unless another hour is offered for it. */
export const givenUpDue: DueSql = sql`
  select min(greatest(a.starts, a.displaced_at + ${sql.lit(CHOOSE_HOURS)} * interval '1 hour')) from appointment a
  where a.status = 'booked' and a.displaced_at is not null and not exists (
    select from wait_list w join offer o on o.wait_list_id = w.id where w.appointment_id = a.id and o.ended_at is null)`;
