import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';

/** The events that a webhook can receive. */
export const WEBHOOK_KINDS = [
  'booked',
  'moved',
  'cancelled',
  'fulfilled',
  'noshow',
  'undone',
] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** Why it is paused. `asked`: by somebody; `gone`: it answered 410; `failing`: for days it took nothing. */
export type PauseReason = 'asked' | 'gone' | 'failing';

/** An address of another system that receives an office's events. */
export interface Webhook {
  /** A UUID. */
  id: string;
  office: number;
  url: string;
  kinds: WebhookKind[];
  /** Whether messages contain the citizen's data. */
  personal: boolean;
  /** Increased for a new secret. */
  keyNumber: number;
  /** Version of the key that this secret derives from, and of the one that the secret before it derives from. */
  keyVersion: number;
  keyVersionBefore: number;
  /** Start of this secret. */
  keySince: Temporal.Instant;
  createdAt: Temporal.Instant;
  failingSince: Temporal.Instant | null;
  paused: { at: Temporal.Instant; why: PauseReason } | null;
}

/** A message to a webhook and its progress. */
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

/** Why a try failed without a response. */
export type DeliveryError =
  | 'refused_address'
  | 'no_such_host'
  | 'no_connection'
  | 'bad_certificate'
  | 'timeout'
  | 'status';

/** A delivery that a worker has taken, with all data for sending it. */
export interface Leased {
  id: string;
  attempts: number;
  /** End of the lease; identifies the lease. */
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

/** The result of a try. */
export interface Outcome {
  status: number | null;
  error: DeliveryError | null;
  millis: number;
}

/** Returns an event in the form for other systems; without `personal` it contains no citizen's data. */
export type SayEvent = (
  event: WebhookEvent,
  appointment: Appointment,
  office: Office,
  how: { personal: boolean },
) => Record<string, unknown>;
