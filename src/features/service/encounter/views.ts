import { type RawBuilder, sql } from 'kysely';
import type { Status } from '../../../domain/appointment.ts';
import { CHANNELS, type Channel, isCalled } from '../../../domain/channel.ts';
import type { Need } from '../../../domain/person.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { InterpretedLanguage } from '../../../lib/i18n/interpreted.ts';
import { dueAt, endsAt, STILL_OPEN } from './rules.ts';
import type {
  Attempt,
  AttemptOutcome,
  AttemptPolicy,
  DayEntry,
  DayPlace,
  DayTurn,
  DoneItem,
  Encounter,
  EncounterItem,
  EncounterRef,
  FrequentItem,
  IdentityCheck,
  Underway,
} from './types.ts';

/** Since when the citizen of an appointment `a` waits in the room or at the site. */
const ARRIVED_AT = sql<Temporal.Instant | null>`case when a.status = 'arrived' then (
  select max(e.at) from event e where e.appointment_id = a.id and e.kind = 'arrived') end`;

/** Whether a notice to the citizen of an appointment `a` could not be delivered. */
const UNDELIVERED = sql<boolean>`exists (
  select from notice n where n.appointment_id = a.id and (n.failed_at is not null or n.bounced_at is not null))`;

/** The channels of those who are called by telephone. */
const CALLED = CHANNELS.filter(isCalled);

/** From one instant to another; of one desk, or of the whole office (null). */
interface DaySpan {
  from: Temporal.Instant;
  to: Temporal.Instant;
  desk: number | null;
}

/**
 * The appointments that begin within a span, with what is needed to put them in order: of the whole office, or of one desk with
 * what it attends of another's.
 */
export async function readDay(tx: Tx, span: DaySpan, policy: AttemptPolicy): Promise<DayEntry[]> {
  const rows = await selectPlaces(tx, span)
    .select(['a.needs', 'a.interpreter', 't.started_at as startedAt'])
    .select(UNDELIVERED.as('undelivered'))
    .select(sql<boolean>`has_stopped_result(a.id)`.as('hasStoppedResult'))
    .execute();
  return rows.map((row) => ({
    ...toPlace(row, span, policy),
    needs: row.needs as Need[],
    interpreter: row.interpreter as InterpretedLanguage | null,
    startedAt: row.startedAt,
    undelivered: row.undelivered,
    hasStoppedResult: row.hasStoppedResult,
  }));
}

/** The same with less of each, for who looks at a whole office at once. */
export async function readPlaces(
  tx: Tx,
  span: DaySpan,
  policy: AttemptPolicy,
): Promise<DayPlace[]> {
  const rows = await selectPlaces(tx, span).execute();
  return rows.map((row) => toPlace(row, span, policy));
}

type PlaceRow = Awaited<ReturnType<ReturnType<typeof selectPlaces>['executeTakeFirstOrThrow']>>;

const toPlace = (row: PlaceRow, span: DaySpan, policy: AttemptPolicy): DayPlace => ({
  ...toTurn(row, span, policy),
  reference: row.reference,
  end: row.end,
  channel: row.channel as Channel,
  desk: row.desk,
  name: row.name,
  procedure: row.procedure,
  further: row.further,
  people: row.people,
  arrivedAt: row.arrivedAt,
});

const selectPlaces = (tx: Tx, span: DaySpan) =>
  selectTurns(tx, span)
    .innerJoin('procedure as p', 'p.id', 'a.procedure_id')
    .select([
      'a.reference',
      'a.ends as end',
      'a.channel',
      'a.desk_id as desk',
      'a.name',
      'p.code as procedure',
      'a.further',
      'a.people',
    ])
    .select(ARRIVED_AT.as('arrivedAt'))
    .orderBy('a.starts')
    .orderBy('a.id');

/** The turns of those who are still to be served, of the appointments that begin within a span. */
export async function readTurns(tx: Tx, span: DaySpan, policy: AttemptPolicy): Promise<DayTurn[]> {
  const rows = await selectTurns(tx, span).where('a.status', 'in', STILL_OPEN).execute();
  return rows.map((row) => toTurn(row, span, policy));
}

type TurnRow = Awaited<ReturnType<ReturnType<typeof selectTurns>['executeTakeFirstOrThrow']>>;

function toTurn(row: TurnRow, { desk }: DaySpan, policy: AttemptPolicy): DayTurn {
  const { id, start, lacksNumber } = row;
  const status = row.status as Status;
  const tries = {
    failed: row.failed ?? 0,
    lastAt: row.last_at,
    lastOutcome: row.last_outcome as AttemptOutcome | null,
    lacksNumber,
  };
  return {
    id,
    start,
    status,
    lacksNumber,
    isElsewhere: desk !== null && status === 'in_progress' && row.attended_at !== desk,
    failedAttempts: tries.failed,
    lastAttemptAt: tries.lastAt,
    dueAt: dueAt(start, tries, policy),
    endsAt: endsAt(start, tries, policy),
  };
}

function selectTurns(tx: Tx, span: DaySpan) {
  const query = tx
    .selectFrom('appointment as a')
    .leftJoin('encounter as t', (join) =>
      join.onRef('t.appointment_id', '=', 'a.id').on('a.status', '=', 'in_progress'),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('attempt')
          .select(({ fn }) => [
            fn.countAll<number>().as('failed'),
            fn.max('at').as('last_at'),
            sql<string | null>`(array_agg(outcome order by number desc))[1]`.as('last_outcome'),
          ])
          .whereRef('appointment_id', '=', 'a.id')
          .where('outcome', '<>', 'answered')
          .as('tries'),
      (join) => join.onTrue(),
    )
    .select([
      'a.id',
      'a.starts as start',
      'a.status',
      'tries.failed',
      'tries.last_at',
      'tries.last_outcome',
      sql<boolean>`coalesce(tries.failed, 0) > 0 and a.channel = any(${CALLED}) and lacks_number(a.id)`.as(
        'lacksNumber',
      ),
      't.desk_id as attended_at',
    ])
    // A displaced appointment has no hour on this day, unless its citizen is served all the same.
    .where((eb) => eb.or([eb('a.displaced_at', 'is', null), eb('a.status', '<>', 'booked')]))
    .where('a.starts', '>=', moment(span.from))
    .where('a.starts', '<', moment(span.to));
  const { desk } = span;
  return desk === null
    ? query
    : query
        .modifyFront(FREQUENT)
        .where((eb) => eb.or([eb('a.desk_id', '=', desk), eb('t.desk_id', '=', desk)]));
}

export async function readAttempts(tx: Tx, appointment: string): Promise<Attempt[]> {
  const rows = await tx
    .selectFrom('attempt')
    .select((eb) => [
      'number',
      'outcome',
      'at',
      'actor',
      'note',
      eb
        .selectFrom('call')
        .select((call) => call.fn.max('rang_seconds').as('rang'))
        .whereRef('call.appointment_id', '=', 'attempt.appointment_id')
        .whereRef('call.attempt', '=', 'attempt.number')
        .as('rangSeconds'),
    ])
    .modifyFront(FREQUENT)
    .where('attempt.appointment_id', '=', appointment)
    .orderBy('number')
    .execute();
  return rows.map((row) => ({ ...row, outcome: row.outcome as AttemptOutcome }));
}

/** The id of the encounter that an appointment has, or null. */
export async function findEncounter(tx: Tx, appointment: string): Promise<string | null> {
  const row = await tx
    .selectFrom('encounter')
    .select('id')
    .where('appointment_id', '=', appointment)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Everything that was written about an encounter; null: there is none. Of an appointment, it is the one that it has. */
export async function readEncounter(tx: Tx, of: EncounterRef): Promise<Encounter | null> {
  const row = await tx
    .selectFrom('encounter')
    .selectAll()
    .modifyFront(FREQUENT)
    .where((eb) =>
      'encounter' in of ? eb('id', '=', of.encounter) : eb('appointment_id', '=', of.appointment),
    )
    .executeTakeFirst();
  if (!row) return null;
  const items = await readItems(tx, row.id);
  const ticks = await tx
    .selectFrom('encounter_point')
    .select(['point', 'at', 'actor'])
    .where('encounter_id', '=', row.id)
    .orderBy('at')
    .orderBy('point')
    .execute();
  return {
    id: row.id,
    office: row.office_id,
    appointment: row.appointment_id,
    desk: row.desk_id,
    actor: row.actor,
    points: ticks.map((each) => each.point),
    ticks: ticks.map((each) => ({ ...each, who: null })),
    startedAt: row.started_at,
    endedAt: row.ended_at,
    isForgotten: row.forgotten_at !== null,
    version: row.version,
    identity: row.identity as IdentityCheck | null,
    identityNote: row.identity_note,
    notes: row.notes,
    wrapUp: row.wrap_up,
    items,
  };
}

async function readItems(tx: Tx, encounter: string): Promise<EncounterItem[]> {
  const items = await tx
    .selectFrom('encounter_item as i')
    .leftJoin('procedure as p', 'p.id', 'i.procedure_id')
    .select(['i.kind', 'p.code as procedure', 'i.query', 'i.label', 'i.outcome'])
    .where('i.encounter_id', '=', encounter)
    .orderBy('i.position')
    .execute();
  return items.map((each) => ({ ...each, kind: each.kind as EncounterItem['kind'] }));
}

/** Returns what was done for an appointment, without words that the agent wrote; empty until its encounter has ended. */
export async function readDone(tx: Tx, appointment: string): Promise<DoneItem[]> {
  const row = await tx
    .selectFrom('encounter')
    .select('id')
    .where('appointment_id', '=', appointment)
    .where('ended_at', 'is not', null)
    .executeTakeFirst();
  const items = row ? await readItems(tx, row.id) : [];
  return items.map(({ kind, procedure, query, outcome }) => ({ kind, procedure, query, outcome }));
}

/** Returns whether something of an encounter is left that taking back its beginning would lose: messages or measurements of its call, or answers of a form. */
export async function hasMet(tx: Tx, encounter: string): Promise<boolean> {
  const row = await tx
    .selectNoFrom((eb) =>
      eb
        .or([
          ...(['message', 'call_quality'] as const).map((table) =>
            eb.exists(eb.selectFrom(table).select('id').where('encounter_id', '=', encounter)),
          ),
          // Answers of a form that was begun in it, or one that was handed in.
          eb.exists(
            eb
              .selectFrom('case_file')
              .select('id')
              .where('encounter_id', '=', encounter)
              .where('version', '>', 0),
          ),
        ])
        .as('has'),
    )
    .executeTakeFirstOrThrow();
  return Boolean(row.has);
}

/** Whether this person's saves of an encounter were told since then. */
export async function hasSavedSince(
  tx: Tx,
  appointment: string,
  actor: string,
  since: Temporal.Instant,
): Promise<boolean> {
  const row = await tx
    .selectFrom('event')
    .select('id')
    .where('appointment_id', '=', appointment)
    .where('kind', '=', 'saved')
    .where('actor', '=', actor)
    .where('at', '>', moment(since))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The appointments that begin within a span and may end by themselves, since a call to their citizen failed. */
export async function readUnreached(
  tx: Tx,
  office: number,
  span: { from: Temporal.Instant; to: Temporal.Instant },
): Promise<string[]> {
  const rows = await tx
    .selectFrom('appointment as a')
    .select('a.id')
    .where('a.office_id', '=', office)
    .where('a.status', '=', 'booked')
    .where('a.displaced_at', 'is', null)
    .where('a.starts', '>=', moment(span.from))
    .where('a.starts', '<', moment(span.to))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('attempt as t')
          .select('t.number')
          .whereRef('t.appointment_id', '=', 'a.id')
          .where('t.outcome', '<>', 'answered'),
      ),
    )
    .execute();
  return rows.map((each) => each.id);
}

/** Counts the calls that failed since an appointment got its hour. */
export async function countCalls(tx: Tx, appointment: string): Promise<number> {
  const { rows } = await sql<{ calls: number }>`
    select count(*)::int as calls from attempt t
    where t.appointment_id = ${appointment} and t.outcome <> 'answered' and t.at > ${movedAt(sql`t.appointment_id`)}`.execute(
    tx,
  );
  return rows[0]?.calls ?? 0;
}

/** When an appointment got its hour by a move; before all time: it has the one that was booked. */
export const movedAt = (appointment: RawBuilder<unknown>): RawBuilder<Temporal.Instant> =>
  sql`coalesce((select max(e.at) from event e where e.appointment_id = ${appointment} and e.kind = 'moved'), '-infinity')`;

/** Another encounter of a desk that is under way; null: there is none. Without a desk, the one that this person began. */
export async function readUnderway(
  tx: Tx,
  { office, desk, actor }: { office: number; desk: number | null; actor: string },
  except: string,
): Promise<Underway | null> {
  const query = tx
    .selectFrom('encounter as t')
    .innerJoin('appointment as a', 'a.id', 't.appointment_id')
    .select(['a.id', 'a.name'])
    .where('a.office_id', '=', office)
    .where('a.status', '=', 'in_progress')
    .where('t.ended_at', 'is', null)
    .where('a.id', '<>', except)
    .orderBy('t.started_at', 'desc')
    .limit(1);
  const own =
    desk === null
      ? query.where('t.desk_id', 'is', null).where('t.actor', '=', actor)
      : query.where('t.desk_id', '=', desk);
  return (await own.executeTakeFirst()) ?? null;
}

/** What is noted down most in an office since then: procedures and queries, the most frequent first. */
export async function readFrequent(
  tx: Tx,
  office: number,
  since: Temporal.Instant,
  most: number,
): Promise<FrequentItem[]> {
  const { rows } = await sql<FrequentItem>`
    select i.kind, p.code as procedure, i.query
    from encounter_item i
    join encounter t on t.id = i.encounter_id
    left join procedure p on p.id = i.procedure_id
    where i.office_id = ${office} and t.started_at > ${since.toString()}::timestamptz
      and (i.query is not null or p.retired_at is null and p.id is not null)
    group by i.kind, p.code, i.query
    order by count(*) desc, p.code, i.query limit ${most}`.execute(tx);
  return rows;
}
