import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';

/** What a webhook can be told of; the names of events. The migration's trigger has the same list. */
export const WEBHOOK_KINDS = ['booked', 'moved', 'cancelled', 'fulfilled', 'noshow'] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** Why it is paused. `asked`: by somebody; `gone`: it answered 410; `failing`: for days it took nothing. */
export type PauseReason = 'asked' | 'gone' | 'failing';

/** An address of another system that is told what happens in an office. */
export interface Webhook {
  /** A UUID. */
  id: string;
  office: number;
  url: string;
  kinds: WebhookKind[];
  /** Whether it is told who the citizen is. */
  personal: boolean;
  /** Raised for another secret. */
  keyNumber: number;
  /** Version of the key that this secret derives from, and of the one that the secret before it derives from. */
  keyVersion: number;
  keyVersionBefore: number;
  /** Since when this secret signs. */
  keySince: Temporal.Instant;
  createdAt: Temporal.Instant;
  failingSince: Temporal.Instant | null;
  paused: { at: Temporal.Instant; why: PauseReason } | null;
}

/** One message to a webhook, as far as it has come. */
export interface Delivery {
  /** A UUID: the message's id, the same at every try. */
  id: string;
  /** Null: a test. */
  kind: WebhookKind | null;
  /** The appointment's reference; null in a test. */
  reference: string | null;
  createdAt: Temporal.Instant;
  attempts: number;
  nextTryAt: Temporal.Instant;
  triedAt: Temporal.Instant | null;
  /** Milliseconds that the last try took. */
  millis: number | null;
  /** HTTP status of the last try; null: no answer. */
  status: number | null;
  error: DeliveryError | null;
  deliveredAt: Temporal.Instant | null;
  failedAt: Temporal.Instant | null;
}

/** Why a try came to nothing, when no answer says it. */
export type DeliveryError =
  | 'refused_address'
  | 'no_such_host'
  | 'no_connection'
  | 'bad_certificate'
  | 'timeout'
  | 'status';

/** A delivery that a worker has taken, with all that sending it needs. */
export interface Leased {
  id: string;
  attempts: number;
  /** Until when it is this worker's; names this very lease. */
  until: Temporal.Instant;
  webhook: Webhook;
  /** Null: a test. */
  event: WebhookEvent | null;
  /** When it was owed. */
  createdAt: Temporal.Instant;
}

export interface WebhookEvent {
  /** The event's id. */
  id: number;
  kind: WebhookKind;
  at: Temporal.Instant;
  /** Id of the appointment. */
  appointment: string;
}

/** What came of a try. */
export interface Outcome {
  status: number | null;
  error: DeliveryError | null;
  millis: number;
}

/** Says an event as other systems are told of it; without `personal` nothing tells who the citizen is. */
export type SayEvent = (
  event: WebhookEvent,
  appointment: Appointment,
  office: Office,
  how: { personal: boolean },
) => Record<string, unknown>;
