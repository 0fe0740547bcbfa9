import { type ExpressionBuilder, type Selectable, sql, type Updateable } from 'kysely';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import type { Unit } from '../audit/service.ts';
import { outboxTable } from '../outbox/service.ts';
import type {
  About,
  CaseNews,
  Notice,
  NoticeChannel,
  NoticeDraft,
  NoticeGroup,
  NoticeKind,
  Obstacle,
  RequestNews,
} from './types.ts';
import { FIXED, isMuted, noticeFrom } from './views.ts';

const isPending = (eb: ExpressionBuilder<Schema, 'notice'>) =>
  eb.and([eb('sent_at', 'is', null), eb('dropped_at', 'is', null), eb('failed_at', 'is', null)]);

/** Writes notices into the outbox, in the transaction of the change. */
export async function oweNotices(
  { tx, now, tell }: Pick<Unit, 'tx' | 'now' | 'tell'>,
  on: About,
  notices: readonly NoticeDraft[],
): Promise<void> {
  if (notices.length === 0) return;
  await tx
    .insertInto('notice')
    .values(
      notices.map((each) => ({
        ...each,
        office_id: on.office,
        appointment_id: on.appointment,
        wait_list_id: on.waiting ?? null,
        case_id: on.case ?? null,
        request_id: on.request ?? null,
        chat_id: on.chat ?? null,
        facts: JSON.stringify(each.facts),
        created_at: now.toString(),
        next_try_at: each.not_before,
      })),
    )
    .execute();
  tell();
}

/**
 * Drops pending notices about a time that is no longer valid: the confirmation of an appointment that was cancelled since,
 * and its reminders.
 */
export async function dropPending(
  { tx, now }: Pick<Unit, 'tx' | 'now'>,
  appointment: string,
  kinds: readonly NoticeKind[],
): Promise<void> {
  await tx
    .updateTable('notice')
    .set({ dropped_at: now.toString() })
    .where('appointment_id', '=', appointment)
    .where('kind', 'in', kinds)
    .where(isPending)
    .execute();
}

/** Drops pending notices of a case with the same news, so that several files get one notice. */
export async function dropPendingOfCase(
  { tx, now }: Pick<Unit, 'tx' | 'now'>,
  of: string,
  news: CaseNews,
): Promise<void> {
  await tx
    .updateTable('notice')
    .set({ dropped_at: now.toString() })
    .where('case_id', '=', of)
    .where(sql<boolean>`facts ->> 'news' = ${news}`)
    .where(isPending)
    .execute();
}

/** Drops pending notices of a request with the same news, so that several changes get one notice. */
export async function dropPendingOfRequest(
  { tx, now }: Pick<Unit, 'tx' | 'now'>,
  of: string,
  news: RequestNews,
): Promise<void> {
  await tx
    .updateTable('notice')
    .set({ dropped_at: now.toString() })
    .where('request_id', '=', of)
    .where(sql<boolean>`facts ->> 'told' = ${news}`)
    .where(isPending)
    .execute();
}

/** Makes the notices pending again that were dropped at `since`, with a change that was taken back. */
export async function restoreDropped(
  { tx, tell }: Pick<Unit, 'tx' | 'tell'>,
  appointment: string,
  kinds: readonly NoticeKind[],
  since: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('notice')
    .set({ dropped_at: null })
    .where('appointment_id', '=', appointment)
    .where('kind', 'in', kinds)
    .where('dropped_at', '=', moment(since))
    .execute();
  tell();
}

/**
 * Updates pending notices of an appointment to its citizen's present address and name. For another address it creates a new
 * notice: the person at the former address may have seen the notice's id, and with it could stop notices.
 */
export async function readdress(
  { tx }: Unit,
  appointment: string,
  kinds: readonly NoticeKind[],
  to: { channel: NoticeChannel; recipient: string; name: string; link: number },
): Promise<void> {
  const { name, link, ...address } = to;
  await tx
    .updateTable('notice')
    .set({
      id: sql`case when recipient = ${address.recipient} then id else gen_random_uuid() end`,
      ...address,
      facts: sql`facts || ${JSON.stringify({ name, link })}::jsonb`,
    })
    .where('appointment_id', '=', appointment)
    .where('kind', 'in', kinds)
    .where(isPending)
    .execute();
}

/**
 * Turns SMS to the citizen of an appointment into mails, where they have an e-mail address too: an SMS that failed (`id`), or all that are
 * due, where no SMS are sent. Returns how many.
 */
export async function turnIntoMail(
  db: Db,
  now: Temporal.Instant,
  id: string | null = null,
): Promise<number> {
  const done = await within(db, INSTALLATION, (tx) =>
    tx
      .updateTable('notice')
      .from('appointment as a')
      .set({
        // As for every other address: see `readdress`.
        id: sql`gen_random_uuid()`,
        channel: 'email',
        recipient: sql<string>`a.email`,
        attempts: 0,
        admitted_at: null,
        failed_at: null,
        last_error: null,
        next_try_at: now.toString(),
      })
      .whereRef('a.id', '=', 'notice.appointment_id')
      .whereRef('a.phone', '=', 'notice.recipient')
      .where('a.email', 'is not', null)
      .where('notice.channel', '=', 'sms')
      .where('notice.kind', 'not in', FIXED)
      .where('notice.sent_at', 'is', null)
      .where('notice.dropped_at', 'is', null)
      .$if(id !== null, (q) => q.where('notice.id', '=', id))
      .$if(id === null, (q) =>
        q.where('notice.failed_at', 'is', null).where('notice.next_try_at', '<=', moment(now)),
      )
      .executeTakeFirst(),
  );
  return Number(done.numUpdatedRows);
}

/** The outbox of notices. */
export const outbox = outboxTable('notice');

/** Takes up to `most` due notices of these channels, for this worker only. */
export async function takeDue(
  db: Db,
  channels: readonly NoticeChannel[],
  most: number,
  now: Temporal.Instant,
): Promise<Notice[]> {
  const which = sql<boolean>`channel = any (${channels}::text[])`;
  const rows = await outbox.take<Selectable<Schema['notice']>>(db, most, now, which);
  return rows.map(noticeFrom);
}

/** Drops notices that are too late to be useful. */
export async function dropExpired(
  db: Db,
  channels: readonly NoticeChannel[],
  now: Temporal.Instant,
): Promise<number> {
  const dropped = await within(db, INSTALLATION, (tx) =>
    tx
      .updateTable('notice')
      .set({ dropped_at: now.toString(), last_error: 'late' satisfies Obstacle })
      .where(isPending)
      .where('next_try_at', '<=', moment(now))
      .where('expires_at', '<=', moment(now))
      .where('channel', 'in', channels)
      .executeTakeFirst(),
  );
  return Number(dropped.numUpdatedRows);
}

/**
 * Decides whether a notice may be sent to its recipient, and records the reason when not: the recipient stopped such notices (`mute`);
 * `most` messages of the office went to them already, or to others of the same appointment (it may name one address after
 * the other); or it is an SMS that may not be sent (`sms`). Notices of one recipient or appointment are decided one at a time, so
 * that parallel workers don't exceed the limit. An admitted notice counts as sent while it is on its way.
 */
export function admit(
  db: Db,
  notice: Notice,
  limits: AdmissionLimits,
  now: Temporal.Instant,
): Promise<Obstacle | null> {
  const { id, office, recipient, appointment, attempts } = notice;
  return within(db, INSTALLATION, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('finestreta.recipient'), hashtext(${`${office} ${recipient}`}))`.execute(
      tx,
    );
    if (appointment)
      await sql`select pg_advisory_xact_lock(hashtext('finestreta.told'), hashtext(${appointment}))`.execute(
        tx,
      );
    const obstacle = await obstacleTo(tx, notice, limits, now);
    const at = now.toString();
    await tx
      .updateTable('notice')
      .set(outcomeOf(obstacle, at))
      .where('id', '=', id)
      .where('attempts', '=', attempts)
      .where(isPending)
      .execute();
    return obstacle;
  });
}

export interface AdmissionLimits {
  most: number;
  mute: { recipients: readonly Buffer[]; group: NoticeGroup } | null;
  /** Conditions of an SMS; null: none. `perDay`: the installation's maximum within 24 hours. */
  sms: { isReached: boolean; perDay: number } | null;
}

function outcomeOf(obstacle: Obstacle | null, at: string): Updateable<Schema['notice']> {
  if (!obstacle) return { admitted_at: at };
  const isFailure = obstacle === 'abroad' || obstacle === 'spent';
  return { [isFailure ? 'failed_at' : 'dropped_at']: at, last_error: obstacle };
}

async function obstacleTo(
  tx: Tx,
  { id, office, recipient, appointment }: Notice,
  { most, mute, sms }: AdmissionLimits,
  now: Temporal.Instant,
): Promise<Obstacle | null> {
  if (mute && (await isMuted(tx, { office, ...mute }))) return 'muted';
  if (sms && !sms.isReached) return 'abroad';
  const row = await tx
    .selectFrom('notice')
    .select('admitted_at')
    .where('id', '=', id)
    .executeTakeFirst();
  if (row?.admitted_at) return null; // it is counted already, and this is another attempt
  const dayAgo = moment(now.subtract({ hours: 24 }));
  const { others } = await tx
    .selectFrom('notice')
    .select((eb) => eb.fn.countAll<number>().as('others'))
    .where('office_id', '=', office)
    .where((eb) =>
      eb.or([
        eb('recipient', '=', recipient),
        ...(appointment ? [eb('appointment_id', '=', appointment)] : []),
      ]),
    )
    .where('admitted_at', 'is not', null)
    .where('id', '!=', id)
    .where((eb) => eb.or([eb('sent_at', '>', dayAgo), isPending(eb)]))
    .executeTakeFirstOrThrow();
  if (others >= most) return 'capped';
  return sms && (await countSms(tx, dayAgo)) >= sms.perDay ? 'spent' : null;
}

/** Counts the SMS of all offices since then, including those on their way. Other workers wait until the transaction ends. */
async function countSms(tx: Tx, since: ReturnType<typeof moment>): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtext('finestreta.sms'))`.execute(tx);
  const { sent } = await tx
    .selectFrom('notice')
    .select((eb) => eb.fn.countAll<string>().as('sent'))
    .where('channel', '=', 'sms')
    .where('admitted_at', 'is not', null)
    .where((eb) => eb.or([eb('sent_at', '>', since), isPending(eb)]))
    .executeTakeFirstOrThrow();
  return Number(sent);
}

/** Records that a person stops such notices, or wants them again. */
export async function setMuted(
  tx: Tx,
  on: { office: number; recipients: readonly Buffer[]; group: NoticeGroup; isMuted: boolean },
  now: Temporal.Instant,
): Promise<void> {
  const { office, recipients, group } = on;
  const [newest] = recipients;
  if (on.isMuted && newest) {
    const row = { office_id: office, recipient_hash: newest, kind: group, at: now.toString() };
    await tx
      .insertInto('muted')
      .values(row)
      .onConflict((to) => to.doNothing())
      .execute();
  } else {
    await tx
      .deleteFrom('muted')
      .where('office_id', '=', office)
      .where('recipient_hash', 'in', recipients)
      .where('kind', '=', group)
      .execute();
  }
}

/** Records that it was sent and came back permanently. Returns whether there is such a notice. */
export const markBounced = (
  db: Db,
  id: string,
  now: Temporal.Instant,
  reason: string,
): Promise<boolean> =>
  // For a citizen whose data was destroyed, the server's error is not stored.
  outbox.markBounced(db, id, now, reason, sql`recipient <> ''`);
