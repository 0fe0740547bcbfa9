import { type Selectable, sql } from 'kysely';
import type { Tx } from '../../lib/db/database.ts';
import { moment } from '../../lib/db/moment.ts';
import type { Schema } from '../../lib/db/schema.ts';
import type { Channel, Need, Status } from '../appointments/types.ts';
import type { NoticeChannel, NoticeKind } from '../notices/types.ts';
import { obstacleOf } from '../notices/views.ts';
import { dueAt } from './rules.ts';
import type {
  Attempt,
  AttemptOutcome,
  AttemptPolicy,
  Attention,
  AttentionItem,
  DayEntry,
  IdentityCheck,
  NoticeSeen,
  NoticeState,
} from './types.ts';

/** The appointments that begin within a span, of one desk or of the whole body, with what is needed to put them in order. */
export async function readDay(
  tx: Tx,
  span: { from: Temporal.Instant; to: Temporal.Instant; agent: number | null },
  policy: AttemptPolicy,
): Promise<DayEntry[]> {
  let query = tx
    .selectFrom('appointment as a')
    .innerJoin('procedure as p', 'p.id', 'a.procedure_id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('attempt')
          .select(({ fn }) => [fn.countAll<number>().as('failed'), fn.max('at').as('last_at')])
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
      'a.agent_id as agent',
      'a.name',
      'p.code as procedure',
      'a.needs',
      'tries.failed',
      'tries.last_at',
      sql<boolean>`exists (select from notice n where n.appointment_id = a.id and (n.failed_at is not null or n.bounced_at is not null))`.as(
        'undelivered',
      ),
    ])
    .where('a.starts', '>=', moment(span.from))
    .where('a.starts', '<', moment(span.to));
  if (span.agent !== null) query = query.where('a.agent_id', '=', span.agent);
  const rows = await query.orderBy('a.starts').orderBy('a.id').execute();
  return rows.map(({ failed, last_at, ...row }) => ({
    ...row,
    status: row.status as Status,
    channel: row.channel as Channel,
    needs: row.needs as Need[],
    failedAttempts: failed ?? 0,
    lastAttemptAt: last_at,
    dueAt: dueAt(row.start, { failed: failed ?? 0, lastAt: last_at }, policy),
  }));
}

export async function readAttempts(tx: Tx, appointment: string): Promise<Attempt[]> {
  const rows = await tx
    .selectFrom('attempt')
    .select(['number', 'outcome', 'at', 'note'])
    .where('appointment_id', '=', appointment)
    .orderBy('number')
    .execute();
  return rows.map((row) => ({ ...row, outcome: row.outcome as AttemptOutcome }));
}

export async function readAttention(tx: Tx, appointment: string): Promise<Attention | null> {
  const row = await tx
    .selectFrom('attention')
    .selectAll()
    .where('appointment_id', '=', appointment)
    .executeTakeFirst();
  if (!row) return null;
  const items = await tx
    .selectFrom('attention_item as i')
    .leftJoin('procedure as p', 'p.id', 'i.procedure_id')
    .select(['i.kind', 'p.code as procedure', 'i.query', 'i.label', 'i.outcome'])
    .where('i.appointment_id', '=', appointment)
    .orderBy('i.position')
    .execute();
  return {
    startedAt: row.started_at,
    endedAt: row.ended_at,
    version: row.version,
    identity: row.identity as IdentityCheck | null,
    identityNote: row.identity_note,
    notes: row.notes,
    wrapUp: row.wrap_up,
    items: items.map((each) => ({ ...each, kind: each.kind as AttentionItem['kind'] })),
  };
}

/** What was written to the citizen, and whether it reached them. */
export async function readNoticesOf(
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
