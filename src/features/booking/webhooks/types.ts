import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';

/** What happens to appointments that a webhook can be told of. */
export const APPOINTMENT_KINDS = [
  'booked',
  'moved',
  'cancelled',
  'fulfilled',
  'noshow',
  'undone',
] as const;
/** What happens to cases that a webhook can be told of. `owe_webhooks_of_case` gives each event its kind. */
export const CASE_KINDS = [
  'case.registered',
  'case.moved',
  'case.amended',
  'case.decided',
] as const;
/** The events that a webhook can receive. */
export const WEBHOOK_KINDS = [...APPOINTMENT_KINDS, ...CASE_KINDS] as const;
export type AppointmentKind = (typeof APPOINTMENT_KINDS)[number];
export type CaseKind = (typeof CASE_KINDS)[number];
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
  /** The reference of the appointment or the case; null in a test. */
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

/** An event of an appointment or of a case. */
export type WebhookEvent = AppointmentEvent | CaseEvent;

export interface AppointmentEvent {
  /** The event's id. */
  id: number;
  kind: AppointmentKind;
  at: Temporal.Instant;
  /** Id of the appointment. */
  appointment: string;
}

export interface CaseEvent {
  /** The event's id among those of cases. */
  id: number;
  kind: CaseKind;
  at: Temporal.Instant;
  /** Id of the case. */
  case: string;
}

/** A case as other systems are told of it: where it stands, and nothing of whose it is. */
export interface ToldCase {
  id: string;
  reference: string;
  /** The code of its procedure. */
  procedure: string;
  state: string;
  /** Of its entry in the registry, as people read it. */
  number: string | null;
  handedInAt: Temporal.Instant | null;
  closedAt: Temporal.Instant | null;
  externalId: string | null;
}

/** The result of a try. */
export interface Outcome {
  status: number | null;
  error: DeliveryError | null;
  millis: number;
}

/** Returns events in the form for other systems; without `personal` there is no citizen's data in them. */
export interface SayEvent {
  appointment(
    event: AppointmentEvent,
    appointment: Appointment,
    office: Office,
    how: { personal: boolean },
  ): Record<string, unknown>;
  case(event: CaseEvent, told: ToldCase, office: Office): Record<string, unknown>;
}
