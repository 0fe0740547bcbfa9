import { type Selectable, sql } from 'kysely';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { type DueSql, NEVER } from '../../../lib/jobs/due.ts';
import {
  type Notice,
  type NoticeChannel,
  type NoticeFacts,
  type NoticeGroup,
  type NoticeKind,
  OBSTACLES,
  type Obstacle,
  type Transports,
} from './types.ts';

export function noticeFrom(row: Selectable<Schema['notice']>): Notice {
  return {
    id: row.id,
    kind: row.kind as NoticeKind,
    channel: row.channel as NoticeChannel,
    recipient: row.recipient,
    language: row.language as Language,
    facts: row.facts as unknown as NoticeFacts,
    office: row.office_id,
    appointment: row.appointment_id,
    waiting: row.wait_list_id,
    case: row.case_id,
    request: row.request_id,
    chat: row.chat_id,
    createdAt: row.created_at,
    notBefore: row.not_before,
    attempts: row.attempts,
    sentAt: row.sent_at,
    droppedAt: row.dropped_at,
    failedAt: row.failed_at,
    lastError: row.last_error,
  };
}

/** Time, procedure and channel of an appointment, without the citizen. */
export interface NextTime extends Pick<NoticeFacts, 'procedure' | 'channel' | 'language'> {
  start: Temporal.Instant;
  end: Temporal.Instant;
}

/** Returns the office's next booked time; undefined: none. */
export async function readNextTime(tx: Tx, now: Temporal.Instant): Promise<NextTime | undefined> {
  const row = await tx
    .selectFrom('appointment')
    .innerJoin('procedure', 'procedure.id', 'appointment.procedure_id')
    .select([
      'procedure.code as procedure',
      'channel',
      'language',
      'starts as start',
      'ends as end',
    ])
    .where('status', '=', 'booked')
    .where('starts', '>', sql<Temporal.Instant>`${now.toString()}::timestamptz`)
    .orderBy('starts')
    .limit(1)
    .executeTakeFirst();
  return row as NextTime | undefined;
}

/**
 * Returns all notices so far, newest last: those that are due, unless they expired before they could be sent. A notice that was
 * replaced by a later one is included when it was due.
 */
export function readOutbox(db: Db, now: Temporal.Instant): Promise<Notice[]> {
  return within(db, INSTALLATION, async (tx) => {
    const rows = await tx
      .selectFrom('notice')
      .selectAll()
      .orderBy('not_before')
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.filter((row) => hasCome(row, now)).map(noticeFrom);
  });
}

function hasCome(row: Selectable<Schema['notice']>, now: Temporal.Instant): boolean {
  if (obstacleOf(row)) return false;
  const until = row.dropped_at ?? now;
  const isDue = Temporal.Instant.compare(row.not_before, until) <= 0;
  const isLate = row.expires_at !== null && Temporal.Instant.compare(row.expires_at, until) <= 0;
  return row.sent_at !== null || row.failed_at !== null || (isDue && !isLate);
}

/** Reason why a notice was dropped or failed without an attempt; null: another reason. */
export function obstacleOf(row: {
  dropped_at: Temporal.Instant | null;
  failed_at: Temporal.Instant | null;
  last_error: string | null;
}): Obstacle | null {
  if (row.dropped_at === null && row.failed_at === null) return null;
  return OBSTACLES.find((each) => each === row.last_error) ?? null;
}

/** One notice of the outbox; null when there is none with this id. */
export function readNotice(db: Db, id: string): Promise<Notice | null> {
  return within(db, INSTALLATION, async (tx) => {
    const row = await tx.selectFrom('notice').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? noticeFrom(row) : null;
  });
}

/** Returns whether a person stopped such notices of an office. `recipient`: the keyed hash of their address. */
export async function isMuted(
  tx: Tx,
  on: { office: number; recipients: readonly Buffer[]; group: NoticeGroup },
): Promise<boolean> {
  const row = await tx
    .selectFrom('muted')
    .select('kind')
    .where('office_id', '=', on.office)
    .where('recipient_hash', 'in', on.recipients)
    .where('kind', '=', on.group)
    .executeTakeFirst();
  return row !== undefined;
}

/** Kinds that stay where they were addressed: a code goes another way than the link, and a changed address is told to the former one. */
export const FIXED = ['code', 'contact'] as const satisfies readonly NoticeKind[];

/**
 * When the first notice is to be sent by the channels that have a transport. Where no SMS are sent, those become mails where the citizen has an address.
 */
export function noticesToSendDue(transports: Transports): DueSql {
  const channels = (Object.keys(transports) as NoticeChannel[]).filter((each) => transports[each]);
  if (channels.length === 0) return NEVER;
  const isOf = sql`n.channel in (${sql.join(channels.map((each) => sql.lit(each)))})`;
  const mayBecomeMail = sql`n.channel = 'sms' and n.kind not in (${sql.join(FIXED.map((each) => sql.lit(each)))}) and exists (
    select from appointment a where a.id = n.appointment_id and a.phone = n.recipient and a.email is not null)`;
  return sql`select min(next_try_at) from notice n where sent_at is null and dropped_at is null and failed_at is null
    and (${isOf}${transports.sms ? sql`` : sql` or ${mayBecomeMail}`})`;
}
