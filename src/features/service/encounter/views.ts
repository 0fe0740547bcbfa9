import { type Selectable, sql } from 'kysely';
import type { Appointment, Status } from '../../../domain/appointment.ts';
import { CHANNELS, type Channel, isCalled } from '../../../domain/channel.ts';
import type { Need } from '../../../domain/person.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import type { InterpretedLanguage } from '../../../lib/i18n/interpreted.ts';
import { lacksNumber, readEvents } from '../../booking/appointments/views.ts';
import type { NoticeChannel, NoticeKind } from '../../foundation/notices/types.ts';
import { obstacleOf } from '../../foundation/notices/views.ts';
import { readTest } from '../device/views.ts';
import { dueAt } from './rules.ts';
import type {
  Attempt,
  AttemptOutcome,
  AttemptPolicy,
  DayEntry,
  DoneItem,
  Dossier,
  EarlierAppointment,
  Encounter,
  EncounterItem,
  EncounterRef,
  FrequentItem,
  IdentityCheck,
  NoticeSeen,
  NoticeState,
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
  const { desk } = span;
  const rows = await selectDay(tx, span).orderBy('a.starts').orderBy('a.id').execute();
  return rows.map(({ failed, last_at, last_outcome, attended_at, ...row }) => {
    const tries = {
      failed: failed ?? 0,
      lastAt: last_at,
      lastOutcome: last_outcome as AttemptOutcome | null,
      lacksNumber: row.lacksNumber,
    };
    return {
      ...row,
      isElsewhere: desk !== null && row.status === 'in_progress' && attended_at !== desk,
      status: row.status as Status,
      channel: row.channel as Channel,
      needs: row.needs as Need[],
      interpreter: row.interpreter as InterpretedLanguage | null,
      failedAttempts: tries.failed,
      lastAttemptAt: last_at,
      dueAt: dueAt(row.start, tries, policy),
    };
  });
}

function selectDay(tx: Tx, span: DaySpan) {
  const query = tx
    .selectFrom('appointment as a')
    .innerJoin('procedure as p', 'p.id', 'a.procedure_id')
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
      'a.reference',
      'a.starts as start',
      'a.ends as end',
      'a.status',
      'a.channel',
      'a.desk_id as desk',
      'a.name',
      'p.code as procedure',
      'a.needs',
      'a.interpreter',
      'tries.failed',
      'tries.last_at',
      'tries.last_outcome',
      sql<boolean>`coalesce(tries.failed, 0) > 0 and a.channel = any(${CALLED}) and lacks_number(a.id)`.as(
        'lacksNumber',
      ),
      't.desk_id as attended_at',
      't.started_at as startedAt',
      ARRIVED_AT.as('arrivedAt'),
      UNDELIVERED.as('undelivered'),
      sql<boolean>`has_stopped_result(a.id)`.as('hasStoppedResult'),
    ])
    // A displaced appointment has no hour on this day, unless its citizen is served all the same.
    .where((eb) => eb.or([eb('a.displaced_at', 'is', null), eb('a.status', '<>', 'booked')]))
    .where('a.starts', '>=', moment(span.from))
    .where('a.starts', '<', moment(span.to));
  const { desk } = span;
  return desk === null
    ? query
    : query.where((eb) => eb.or([eb('a.desk_id', '=', desk), eb('t.desk_id', '=', desk)]));
}

export async function readAttempts(tx: Tx, appointment: string): Promise<Attempt[]> {
  const rows = await tx
    .selectFrom('attempt')
    .select((eb) => [
      'number',
      'outcome',
      'at',
      'note',
      eb
        .selectFrom('call')
        .select((call) => call.fn.max('rang_seconds').as('rang'))
        .whereRef('call.appointment_id', '=', 'attempt.appointment_id')
        .whereRef('call.attempt', '=', 'attempt.number')
        .as('rangSeconds'),
    ])
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

/** Returns whether an encounter has data of a call in the room: messages, or measurements of quality. */
export async function hasCall(tx: Tx, encounter: string): Promise<boolean> {
  const row = await tx
    .selectNoFrom((eb) =>
      eb
        .or(
          (['message', 'call_quality'] as const).map((table) =>
            eb.exists(eb.selectFrom(table).select('id').where('encounter_id', '=', encounter)),
          ),
        )
        .as('has'),
    )
    .executeTakeFirstOrThrow();
  return Boolean(row.has);
}

/** What was written to the citizen, and whether it reached them. */
async function readNoticesOf(
  tx: Tx,
  appointment: string,
  now: Temporal.Instant,
): Promise<NoticeSeen[]> {
  const rows = await tx
    .selectFrom('notice')
    .select([
      'kind',
      'channel',
      'recipient',
      'not_before',
      'sent_at',
      'bounced_at',
      'failed_at',
      'dropped_at',
      'last_error',
      'attempts',
    ])
    .where('appointment_id', '=', appointment)
    .orderBy('not_before')
    .orderBy('created_at')
    .execute();
  return rows.map((row) => {
    const state = stateOf(row, now);
    return {
      kind: row.kind as NoticeKind,
      channel: row.channel as NoticeChannel,
      recipient: row.recipient,
      state,
      at: row.bounced_at ?? row.sent_at ?? row.failed_at ?? row.dropped_at ?? row.not_before,
    };
  });
}

type NoticeRow = Pick<
  Selectable<Schema['notice']>,
  'bounced_at' | 'sent_at' | 'failed_at' | 'dropped_at' | 'last_error' | 'attempts' | 'not_before'
>;

function stateOf(row: NoticeRow, now: Temporal.Instant): NoticeState {
  if (row.bounced_at) return 'bounced';
  if (row.sent_at) return 'sent';
  if (row.failed_at) return obstacleOf(row) ?? 'failed';
  if (row.dropped_at) return obstacleOf(row) ?? 'dropped';
  if (row.attempts > 0) return 'retrying';
  return Temporal.Instant.compare(now, row.not_before) < 0 ? 'scheduled' : 'waiting';
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

/** Everything about an appointment; who did what has no name yet. */
export async function readDossier(
  tx: Tx,
  appointment: Appointment,
  now: Temporal.Instant,
): Promise<Dossier> {
  const { id, channel } = appointment;
  const events = await readEvents(tx, id);
  return {
    appointment,
    attempts: await readAttempts(tx, id),
    lacksNumber: isCalled(channel) && (await lacksNumber(tx, id)),
    encounter: await readEncounter(tx, { appointment: id }),
    events: events.map((each) => ({ ...each, who: null })),
    notices: await readNoticesOf(tx, id, now),
    earlier: await readEarlier(tx, appointment),
    deviceTest: await readTest(tx, id),
  };
}

/** More of one person's appointments than anybody reads while they wait on the telephone. */
const MOST_EARLIER = 20;

/**
 * Other appointments of whoever has this one's e-mail or telephone, and those that follow it or that it follows, the latest
 * first. What retention has taken the name from is in none: it is nobody's any more.
 */
async function readEarlier(tx: Tx, of: Appointment): Promise<EarlierAppointment[]> {
  const { email, phone } = of.citizen;
  const { rows } = await sql<EarlierRow>`
    select a.id, a.reference, a.starts as start, a.status, a.channel, p.code as procedure, a.name,
      coalesce(a.email = ${email}, false) as "sameEmail", coalesce(a.phone = ${phone}, false) as "samePhone",
      case when before.follows = a.id then 'followed_by_this' when after.follows = ${of.id} then 'follows_this' end as link,
      t.actor, coalesce(t.desk_id, a.desk_id) as desk, t.wrap_up as "wrapUp"
    from appointment a
    join procedure p on p.id = a.procedure_id
    left join encounter t on t.appointment_id = a.id
    left join follow_up before on before.appointment_id = ${of.id} and before.follows = a.id
    left join follow_up after on after.appointment_id = a.id and after.follows = ${of.id}
    where a.office_id = ${of.office} and a.id <> ${of.id} and a.forgotten_at is null and a.id in (
      select id from appointment where office_id = ${of.office} and email = ${email}
      union select id from appointment where office_id = ${of.office} and phone = ${phone}
      union select follows from follow_up where appointment_id = ${of.id}
      union select appointment_id from follow_up where follows = ${of.id})
    order by a.starts desc, a.id limit ${MOST_EARLIER}`.execute(tx);
  const items = await readItemsOf(
    tx,
    rows.map((each) => each.id),
  );
  return rows.map((row) => ({ ...row, who: null, items: items.get(row.id) ?? [] }));
}

type EarlierRow = Omit<EarlierAppointment, 'who' | 'items'>;

/** What was done in these appointments, without what was written in words. */
async function readItemsOf(tx: Tx, appointments: readonly string[]) {
  if (appointments.length === 0) return new Map<string, EarlierAppointment['items']>();
  const rows = await tx
    .selectFrom('encounter_item as i')
    .innerJoin('encounter as t', 't.id', 'i.encounter_id')
    .leftJoin('procedure as p', 'p.id', 'i.procedure_id')
    .select(['t.appointment_id as of', 'i.kind', 'p.code as procedure', 'i.query', 'i.outcome'])
    .where('t.appointment_id', 'in', appointments)
    .orderBy('i.position')
    .execute();
  const items = rows.map(({ of, kind, ...item }) => ({
    of: of ?? '',
    item: { ...item, kind: kind as EncounterItem['kind'] },
  }));
  const byAppointment = Map.groupBy(items, (each) => each.of);
  return new Map([...byAppointment].map(([id, each]) => [id, each.map(({ item }) => item)]));
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
