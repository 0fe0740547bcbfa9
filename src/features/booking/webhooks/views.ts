import type { Selectable } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import {
  type Delivery,
  type DeliveryError,
  type PauseReason,
  WEBHOOK_KINDS,
  type Webhook,
  type WebhookEvent,
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
    .selectAll('d')
    .select(['e.kind', 'a.reference'])
    .where('d.webhook_id', '=', webhook)
    .orderBy('d.created_at', 'desc')
    .orderBy('d.id', 'desc')
    .limit(most)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind as WebhookKind | null,
    reference: row.reference,
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

/** Returns the webhook events of an office after the event `after`, in order, up to the first not before `before`. */
export async function readFeed(
  tx: Tx,
  office: number,
  { after, before, most }: { after: number; before: Temporal.Instant; most: number },
): Promise<WebhookEvent[]> {
  const rows = await tx
    .selectFrom('event')
    .select(['id', 'kind', 'at', 'appointment_id as appointment'])
    .where('office_id', '=', office)
    .where('id', '>', after)
    .where('kind', 'in', WEBHOOK_KINDS)
    .orderBy('id')
    .limit(most)
    .execute();
  const young = rows.findIndex((row) => Temporal.Instant.compare(row.at, before) >= 0);
  const settled = young < 0 ? rows : rows.slice(0, young);
  return settled.map((row) => ({ ...row, kind: row.kind as WebhookKind }));
}
