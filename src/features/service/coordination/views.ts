import { sql } from 'kysely';
import type { Appointment, EventKind } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { readMany } from '../../booking/appointments/views.ts';
import type { DisplacedCitizen, NotedAbsence } from './types.ts';

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

/**
 * The appointments of a desk that wait to be attended and begin before `to`: those that end after `from`, and all that begin
 * from `overdue` on.
 */
export async function readWaitingAt(
  tx: Tx,
  desk: number,
  span: { from: Temporal.Instant; to: Temporal.Instant; overdue: Temporal.Instant },
): Promise<Appointment[]> {
  const rows = await tx
    .selectFrom('appointment')
    .select('id')
    .where('desk_id', '=', desk)
    .where('status', 'in', ['booked', 'arrived'])
    .where('displaced_at', 'is', null)
    .where('starts', '<', moment(span.to))
    .where((eb) =>
      eb.or([eb('ends', '>', moment(span.from)), eb('starts', '>=', moment(span.overdue))]),
    )
    .execute();
  const found = await readMany(
    tx,
    rows.map((each) => each.id),
  );
  // What another transaction gave to another desk between the two statements is no longer this desk's.
  return inOrder(found.filter((each) => each.desk === desk && each.displacedAt === null));
}

export const inOrder = (appointments: readonly Appointment[]): Appointment[] =>
  appointments.toSorted(
    (a, b) => Temporal.Instant.compare(a.start, b.start) || (a.id < b.id ? -1 : 1),
  );

const selectAbsence = (tx: Tx, office: number) =>
  tx
    .selectFrom('absence')
    .selectAll()
    .where('office_id', '=', office)
    .where('origin', '=', 'console');

type Row = Awaited<ReturnType<ReturnType<typeof selectAbsence>['executeTakeFirstOrThrow']>>;

const fromRow = (row: Row): NotedAbsence => ({
  id: row.id,
  desk: row.desk_id,
  from: row.starts,
  to: row.ends,
  why: row.why,
  madeAt: row.made_at!,
});

/** Those that coordinators wrote down and that end after a local time, in order. */
export async function readAbsences(tx: Tx, office: number, after: string): Promise<NotedAbsence[]> {
  const rows = await selectAbsence(tx, office)
    .where('ends', '>', after)
    .orderBy('starts')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

export async function readAbsence(
  tx: Tx,
  office: number,
  id: number,
): Promise<NotedAbsence | null> {
  const row = await selectAbsence(tx, office).where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** One that covers all of another, should somebody have written it down already. */
export async function readCovering(
  tx: Tx,
  office: number,
  { desk, from, to }: { desk: number; from: string; to: string },
): Promise<NotedAbsence | null> {
  const row = await selectAbsence(tx, office)
    .where('desk_id', '=', desk)
    .where('starts', '<=', from)
    .where('ends', '>=', to)
    .orderBy('id')
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Those whose appointments are not all seen to, in every office. */
export async function readUnsettled(db: Db): Promise<{ office: number; absence: NotedAbsence }[]> {
  const rows = await within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('absence')
      .selectAll()
      .where('origin', '=', 'console')
      .where('settled_at', 'is', null)
      .orderBy('id')
      .execute(),
  );
  return rows.map((row) => ({ office: row.office_id, absence: fromRow(row) }));
}

/** What became of the appointments of a desk that is away, as it was done. */
export async function readOutcomes(
  tx: Tx,
  office: number,
  { id, madeAt }: NotedAbsence,
): Promise<{ kind: EventKind; desk: number | null; appointment: Appointment }[]> {
  const events = await tx
    .selectFrom('event')
    .select(['appointment_id', 'kind', 'data'])
    .where('office_id', '=', office)
    .where('kind', 'in', ['reassigned', 'displaced'])
    .where('at', '>=', moment(madeAt))
    .orderBy('id')
    .execute();
  const ours = events.filter(({ data }) => data.absence === id);
  const found = new Map(
    (await readMany(tx, [...new Set(ours.map((each) => each.appointment_id))])).map((each) => [
      each.id,
      each,
    ]),
  );
  return ours.flatMap(({ appointment_id, kind, data }) => {
    const appointment = found.get(appointment_id);
    const desk = typeof data.desk === 'number' ? data.desk : null;
    return appointment ? [{ kind: kind as EventKind, desk, appointment }] : [];
  });
}

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
