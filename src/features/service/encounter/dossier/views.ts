import { type Selectable, sql } from 'kysely';
import type { Appointment, AppointmentEvent, EventKind } from '../../../../domain/appointment.ts';
import { hasRoom, isCalled } from '../../../../domain/channel.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { FREQUENT } from '../../../../lib/db/frequent/client.ts';
import type { Schema } from '../../../../lib/db/schema.ts';
import { type DueSql, earliest, ifAny, NOW } from '../../../../lib/jobs/due.ts';
import { type StaffViewer, staffIn } from '../../../../lib/viewer.ts';
import { lacksNumber, nextStart, readEvents } from '../../../booking/appointments/views.ts';
import type { NoticeChannel, NoticeKind } from '../../../foundation/notices/types.ts';
import { obstacleOf } from '../../../foundation/notices/views.ts';
import { readTest } from '../../device/views.ts';
import type { Steps } from '../ending.ts';
import { endsAt, undoOf } from '../rules.ts';
import type {
  Attempt,
  AttemptPolicy,
  Dossier,
  EarlierAppointment,
  Encounter,
  EncounterItem,
  NoticeSeen,
  NoticeState,
} from '../types.ts';
import { hasMet, readAttempts, readEncounter } from '../views.ts';

/** What of an appointment decides whether its last step can be taken back. */
export async function readSteps(
  tx: Tx,
  { id, status, start }: Appointment,
  policy: AttemptPolicy,
): Promise<
  Steps & { attempts: Attempt[]; encounter: Encounter | null; events: AppointmentEvent[] }
> {
  const attempts = await readAttempts(tx, id);
  const encounter = await readEncounter(tx, { appointment: id });
  const events = await readEvents(tx, id);
  const byStaff = (kind: EventKind) => {
    const last = events.findLast((each) => each.kind === kind);
    return last && staffIn(last.actor) !== null ? last : null;
  };
  const failed = attempts.filter((each) => each.outcome !== 'answered');
  return {
    status,
    attempts,
    encounter,
    events,
    hasMet: encounter !== null && (await hasMet(tx, encounter.id)),
    endsAt: endsAt(start, { failed: failed.length, lastAt: failed.at(-1)?.at ?? null }, policy),
    givenUp: byStaff('noshow'),
    cancelled: status === 'cancelled' && (await isRevocable(tx, id)) ? byStaff('cancelled') : null,
  };
}

/** Returns whether a cancellation has had no effect yet but on the time: nobody was told, and no place in the wait list ended. */
async function isRevocable(tx: Tx, appointment: string): Promise<boolean> {
  const { rows } = await sql<{ revocable: boolean }>`
    select not exists (select from notice n where n.appointment_id = a.id and n.kind = 'cancellation'
          and n.dropped_at is null and (n.attempts > 0 or n.not_before <= n.created_at))
      and not exists (select from wait_list w where w.appointment_id = a.id)
      and a.displaced_at is null as revocable
    from appointment a where a.id = ${appointment}`.execute(tx);
  return rows[0]?.revocable ?? false;
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
    .modifyFront(FREQUENT)
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

/** Everything about an appointment; who did what has no name yet. */
export async function readDossier(
  tx: Tx,
  appointment: Appointment,
  policy: AttemptPolicy,
  { viewer, now }: { viewer: StaffViewer; now: Temporal.Instant },
): Promise<Dossier> {
  const { id, channel } = appointment;
  const steps = await readSteps(tx, appointment, policy);
  const { events } = steps;
  return {
    appointment,
    attempts: steps.attempts,
    lacksNumber: isCalled(channel) && steps.attempts.length > 0 && (await lacksNumber(tx, id)),
    endsAt: appointment.status === 'booked' ? steps.endsAt : null,
    undo: undoOf(steps, viewer, now),
    encounter: steps.encounter,
    events: events.map((each) => ({ ...each, who: null })),
    notices: await readNoticesOf(tx, id, now),
    earlier: await readEarlier(tx, appointment),
    deviceTest: hasRoom(channel) ? await readTest(tx, id) : null,
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
    select /* frequent */ a.id, a.reference, a.starts as start, a.status, a.channel, p.code as procedure, a.further, a.name,
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
  return rows.map((row) => ({ ...row, who: null, items: items.get(row.id) ?? [], traces: [] }));
}

type EarlierRow = Omit<EarlierAppointment, 'who' | 'items' | 'traces'>;

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

const BEGAN = sql`a.status = 'booked' and a.starts < ${NOW} and a.starts >= ${NOW} - interval '48 hours'`;

/** At once while somebody who was called in vain may still be called; else when the next appointment begins. */
export const unreachedDue: DueSql = earliest(
  nextStart,
  ifAny(sql`select from office o join appointment a on a.office_id = o.id
    where ${BEGAN} and exists (select from attempt t where t.appointment_id = a.id)`),
);
