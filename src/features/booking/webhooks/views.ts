import { type Selectable, sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import type { DueSql } from '../../../lib/jobs/due.ts';
import {
  APPOINTMENT_KINDS,
  type AppointmentEvent,
  type AppointmentKind,
  type CaseEvent,
  type CaseKind,
  type Delivery,
  type DeliveryError,
  type PauseReason,
  type ToldCase,
  type Webhook,
  type WebhookKind,
} from './types.ts';

export function webhookFrom(row: Selectable<Schema['webhook']>): Webhook {
  return {
    id: row.id,
    office: row.office_id,
    url: row.url,
    kinds: row.kinds as WebhookKind[],
    personal: row.personal,
    keyNumber: row.key_number,
    keyVersion: row.key_version,
    keyVersionBefore: row.key_version_before,
    keySince: row.key_since,
    createdAt: row.created_at,
    failingSince: row.failing_since,
    paused: row.paused_at && { at: row.paused_at, why: row.paused_why as PauseReason },
  };
}

/** Those of an office that haven't been ended, the oldest first. */
export async function readWebhooks(tx: Tx, office: number): Promise<Webhook[]> {
  const rows = await tx
    .selectFrom('webhook')
    .selectAll()
    .where('office_id', '=', office)
    .where('ended_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(webhookFrom);
}

/** One that hasn't been ended. */
export async function readWebhook(tx: Tx, id: string): Promise<Webhook | null> {
  const row = await tx
    .selectFrom('webhook')
    .selectAll()
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row ? webhookFrom(row) : null;
}

/** Returns a webhook's last deliveries, the newest first. */
export async function readDeliveries(tx: Tx, webhook: string, most: number): Promise<Delivery[]> {
  const rows = await tx
    .selectFrom('webhook_delivery as d')
    .leftJoin('event as e', 'e.id', 'd.event_id')
    .leftJoin('appointment as a', 'a.id', 'e.appointment_id')
    .leftJoin('case_event as ce', 'ce.id', 'd.case_event_id')
    .leftJoin('case_file as c', 'c.id', 'ce.case_id')
    .selectAll('d')
    .select(['e.kind', 'ce.kind as caseKind', 'a.reference', 'c.reference as caseReference'])
    .where('d.webhook_id', '=', webhook)
    .orderBy('d.created_at', 'desc')
    .orderBy('d.id', 'desc')
    .limit(most)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.caseKind === null ? (row.kind as WebhookKind | null) : toldAs(row.caseKind),
    reference: row.reference ?? row.caseReference,
    createdAt: row.created_at,
    attempts: row.attempts,
    nextTryAt: row.next_try_at,
    triedAt: row.tried_at,
    millis: row.millis,
    status: row.status,
    error: row.last_error as DeliveryError | null,
    deliveredAt: row.delivered_at,
    failedAt: row.failed_at,
  }));
}

/** What events of cases are told as, by their kind. */
const TOLD_AS: Readonly<Record<string, CaseKind>> = {
  handed_in: 'case.registered',
  moved: 'case.moved',
  undone: 'case.moved',
  amended: 'case.amended',
  decided: 'case.decided',
};

/** Returns what an event of a case is told as. @throws for one that isn't told */
export function toldAs(kind: string): CaseKind {
  const told = TOLD_AS[kind];
  if (!told) throw new Error(`Nobody is told of a case’s ${kind}`);
  return told;
}

/** A page of events: those after an id, up to the first that isn't before an instant. */
export interface FeedPage {
  after: number;
  before: Temporal.Instant;
  most: number;
}

/** Returns the events of an office's appointments that webhooks are told of, in order. */
export async function readFeed(
  tx: Tx,
  office: number,
  { after, before, most }: FeedPage,
): Promise<AppointmentEvent[]> {
  const rows = await tx
    .selectFrom('event')
    .select(['id', 'kind', 'at', 'appointment_id as appointment'])
    .where('office_id', '=', office)
    .where('id', '>', after)
    .where('kind', 'in', APPOINTMENT_KINDS)
    .orderBy('id')
    .limit(most)
    .execute();
  return settled(rows, before).map((row) => ({ ...row, kind: row.kind as AppointmentKind }));
}

/** Returns the events of an office's cases that webhooks are told of, in order. */
export async function readCaseFeed(
  tx: Tx,
  office: number,
  { after, before, most }: FeedPage,
): Promise<CaseEvent[]> {
  const rows = await tx
    .selectFrom('case_event')
    .select(['id', 'kind', 'at', 'case_id as case'])
    .where('office_id', '=', office)
    .where('id', '>', after)
    .where('kind', 'in', Object.keys(TOLD_AS))
    .orderBy('id')
    .limit(most)
    .execute();
  return settled(rows, before).map((row) => ({ ...row, kind: toldAs(row.kind) }));
}

function settled<R extends { at: Temporal.Instant }>(
  rows: readonly R[],
  before: Temporal.Instant,
): readonly R[] {
  const young = rows.findIndex(({ at }) => Temporal.Instant.compare(at, before) >= 0);
  return young < 0 ? rows : rows.slice(0, young);
}

/** Returns cases as other systems are told of them. */
export const readToldCases = (tx: Tx, ids: readonly string[]): Promise<ToldCase[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : tx
        .selectFrom('case_file as c')
        .innerJoin('procedure as p', 'p.id', 'c.procedure_id')
        .leftJoin('case_external as x', 'x.case_id', 'c.id')
        .where('c.id', 'in', ids)
        .select([
          'c.id',
          'c.reference',
          'c.state',
          'c.handed_in_at as handedInAt',
          'c.closed_at as closedAt',
          'p.code as procedure',
          'x.external_id as externalId',
        ])
        .select((eb) =>
          eb
            .selectFrom('case_event as e')
            .select(sql<string>`e.data ->> 'number'`.as('number'))
            .whereRef('e.case_id', '=', 'c.id')
            .where('e.kind', '=', 'handed_in')
            .limit(1)
            .as('number'),
        )
        .execute();

/** When the first message to a webhook is to be sent. */
export const webhooksDue: DueSql = sql`
  select min(greatest(d.next_try_at, d.leased_until)) from webhook w join webhook_delivery d on d.webhook_id = w.id
  where d.delivered_at is null and d.failed_at is null and w.ended_at is null
    and (w.paused_at is null or coalesce(d.event_id, d.case_event_id) is null)`;
