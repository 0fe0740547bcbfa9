import { type Selectable, sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import type { Schema } from '../../../../lib/db/schema.ts';
import { afterLastIfAny, type DueSql } from '../../../../lib/jobs/due.ts';
import type { FailureReason } from '../../../foundation/registry/types.ts';
import type { Handover } from '../types.ts';

export type HandoverRow = Selectable<Schema['notification_handover']>;

/** Where a notification stands with e-NOTUM, with what is sealed of it. */
export interface Owed
  extends Omit<Handover, 'signer' | 'hasEvidence' | 'canTakeBack' | 'canHandAgain'> {
  notification: string;
  office: number;
  takenUntil: Temporal.Instant | null;
  /** When it was sent last and may be there; null: it was not, or e-NOTUM has not taken it. */
  sentAt: Temporal.Instant | null;
  sealedSigner: Buffer | null;
  sealedEvidence: Buffer | null;
  /** The state that its evidence proves; null: there is none. */
  evidenceOf: string | null;
  /** How many times it was handed over. */
  round: number;
  /** What became of it in the rounds before, sealed; null: there were none. */
  sealedPast: Buffer | null;
}

export const fromRow = (row: HandoverRow): Owed => ({
  notification: row.notification_id,
  office: row.office_id,
  owedAt: row.owed_at,
  attempts: row.attempts,
  nextTryAt: row.next_try_at,
  takenUntil: row.taken_until,
  sentAt: row.sent_at,
  failing: row.failing as FailureReason | null,
  words: row.words,
  number: row.number,
  handedAt: row.handed_at,
  sealedSigner: row.signer,
  sealedEvidence: row.evidence,
  evidenceOf: row.evidence_of,
  round: row.round,
  sealedPast: row.past,
});

/** Returns whether the town notifies electronically at e-NOTUM. */
export async function isElsewhere(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ kind: string | null }>`
    select settings #>> '{notifications,kind}' as kind from town`.execute(tx);
  return rows[0]?.kind === 'enotum';
}

/** Returns where a notification stands with e-NOTUM; null: it was never owed. */
export async function readHandover(tx: Tx, notification: string): Promise<Owed | null> {
  const row = await tx
    .selectFrom('notification_handover')
    .selectAll()
    .where('notification_id', '=', notification)
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/**
 * Returns until when it was asked of what became of all that wait there, or waited there before and wait elsewhere now; null: nothing does. Runs for
 * the installation.
 */
export async function readAskedAt(tx: Tx): Promise<Temporal.Instant | null> {
  const { rows } = await sql<{ at: Temporal.Instant | null }>`
    select min(t.asked_at) as at from notification_handover t join notification n on n.id = t.notification_id
    where n.notified_on is null`.execute(tx);
  return rows[0]?.at ?? null;
}

type Which = { id: string; office: number };

/**
 * Returns the notification of a number there, and whether it is that of a round before; undefined: it is none of ours. The pre-production of e-NOTUM
 * has numbers of its own, so the newest one counts. Runs for the installation.
 */
export async function readByNumber(
  tx: Tx,
  number: string,
): Promise<(Which & { isPast: boolean }) | undefined> {
  const { rows } = await sql<Which & { isPast: boolean }>`
    select notification_id as id, office_id as office, number is distinct from ${number} as "isPast" from notification_handover
    where number = ${number} or past_numbers @> ${[number]}::text[] order by "isPast", owed_at desc limit 1`.execute(
    tx,
  );
  return rows[0];
}

type ToProve = Which & { number: string; state: string };

/** Returns notifications whose evidence is not kept as they stand, in no order, so that one that can't be had holds up no other. Runs for the installation. */
export async function readToProve(tx: Tx, most: number): Promise<ToProve[]> {
  const { rows } = await sql<ToProve>`
    select n.id, n.office_id as office, coalesce(n.stopped, n.state) as state, t.number
    from notification_handover t join notification n on n.id = t.notification_id
    where n.via = 'enotum' and t.number is not null
      and (n.state <> 'available' or n.deposited_at is not null or n.stopped = 'cancelled')
      and t.evidence_of is distinct from coalesce(n.stopped, n.state)
    order by random() limit ${most}`.execute(tx);
  return rows;
}

/** How much is owed to e-NOTUM. */
export interface HandoverCount {
  owed: number;
  /** The hour of the oldest that is owed; null: nothing is. */
  oldest: Temporal.Instant | null;
  /** Those of them whose last try was refused or could not be read. */
  refused: number;
  /** Those that were stopped there before they counted. */
  stopped: number;
  /** Until when it was asked what became of those that wait there; null: none does. */
  askedAt: Temporal.Instant | null;
}

/** Counts what is owed to e-NOTUM. */
export async function countHandovers(tx: Tx): Promise<HandoverCount> {
  const { rows } = await sql<HandoverCount>`
    select count(*) filter (where t.number is null)::int as owed, min(t.owed_at) filter (where t.number is null) as oldest,
      count(*) filter (where t.number is null and t.failing <> 'away')::int as refused,
      count(*) filter (where n.stopped is not null)::int as stopped, min(t.asked_at) as "askedAt"
    from notification_handover t join notification n on n.id = t.notification_id
    where n.via = 'enotum' and n.notified_on is null`.execute(tx);
  return rows[0] ?? { owed: 0, oldest: null, refused: 0, stopped: 0, askedAt: null };
}

/** When the first notification is to be handed over. */
export const handoverDue: DueSql = sql`select min(next_try_at) from notification_handover
  where next_try_at is not null and exists (select from town where settings -> 'notifications' ->> 'kind' = 'enotum')`;

/** Each half hour while something is to be learnt of a notification that was handed over. */
export const newsDue = afterLastIfAny(
  '30 minutes',
  sql`select from notification_handover t join notification n on n.id = t.notification_id
    where (t.asked_at is not null and n.notified_on is null) or (t.number is not null and t.evidence_of is distinct from coalesce(n.stopped, n.state))`,
);
