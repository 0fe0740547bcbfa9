import type { Appointment } from '../../../domain/appointment.ts';
import type { GivenLevel } from '../../../domain/identity.ts';
import type { Texts } from '../../../lib/i18n/languages.ts';
import type { AppointmentLink, FailureReason } from '../../foundation/identification/types.ts';
import type { Family, System } from '../device/types.ts';

/** Somebody who identified for an appointment, as the console shows them. */
export interface IdentifiedPerson {
  person: string;
  identification: string;
  /** As the provider says it. */
  name: string;
  /** The identifier, of which four characters can be read. */
  masked: string;
  level: GivenLevel;
  /** The name of the provider; its code where the town no longer has it. */
  provider: Texts | string;
  /** The provider's word for how, such as `idcatmobil`. */
  method: string;
  at: Temporal.Instant;
  /** See `AppointmentLink.how`. */
  how: AppointmentLink['how'];
  /** Whether they identified last on another device, by a code, so that nobody knows who they talk with. */
  isByCode: boolean;
  /** The organisation for which they act; null: for themselves. */
  represents: string | null;
  /** Whether the name that was booked is another one. */
  isOther: boolean;
  /** What shows that they are the citizen of the appointment; null: nothing does. */
  shownBy: 'name' | 'code' | null;
}

/** Why the citizen did not identify when they were asked. `declined`: they did not want to. */
export type NotIdentified = FailureReason | 'gone' | 'declined';

/** What became of the last request to identify. */
export type Asking =
  | { state: 'asked'; level: GivenLevel; at: Temporal.Instant }
  | { state: 'identified'; at: Temporal.Instant }
  | { state: 'failed'; reason: NotIdentified; at: Temporal.Instant };

/** How an appointment stands with identification. */
export interface IdentityStanding {
  asking: Asking | null;
  people: IdentifiedPerson[];
}

/**
 * How a code for another device stands. `open`: it can be typed; `taken`: it was, in one browser; `confirmed`: whoever typed it said that
 * they asked for it; `done`: they identified; `denied`: they said that they did not ask for it; `locked`: it was typed wrong too often.
 */
export type CodeState = 'open' | 'taken' | 'confirmed' | 'done' | 'denied' | 'locked';

/** Where a code was asked for: what the browser said of itself, and its address as a hash. */
export interface AskedFrom {
  family: Family;
  system: System;
  sender: Buffer;
}

/** A code as the database has it. */
export interface CodeFound extends AskedFrom {
  id: string;
  office: number;
  appointment: string;
  hash: Buffer;
  link: number;
  askedBy: Buffer;
  askedAt: Temporal.Instant;
  endsAt: Temporal.Instant;
  misses: number;
  takenBy: Buffer | null;
  state: CodeState;
}

/** A code, for the browser that asked for it. `code`: empty once it was typed. */
export interface ShownCode {
  code: string;
  state: CodeState;
  endsAt: Temporal.Instant;
}

/** A code, for the browser in which it was typed. */
export interface TypedCode extends AskedFrom {
  id: string;
  state: CodeState;
  askedAt: Temporal.Instant;
  appointment: Appointment;
}

/** Why a code is not taken. The page says the same of all of them; the log tells them apart. */
export type CodeRefusal =
  | 'not_a_code'
  | 'unknown'
  | 'miss'
  | 'locked'
  | 'used'
  | 'over'
  | 'too_many';
