import type { EncounterLanguage, Language } from '../lib/i18n/languages.ts';
import type { Channel } from './channel.ts';
import type { Details } from './person.ts';

/** FHIR's names. `arrived`: the citizen is in the waiting room. */
export const STATUSES = [
  'booked',
  'arrived',
  'in_progress',
  'fulfilled',
  'noshow',
  'cancelled',
] as const;
export type Status = (typeof STATUSES)[number];

/** What somebody asks to be served with. */
export interface Ask {
  /** Code of the procedure. */
  procedure: string;
  channel: Channel;
  /** Of the encounter. */
  language: EncounterLanguage;
}

/** Returns what is asked for, out of something that says more: an appointment, a journey, an entry of the wait list. */
export const askOf = <T extends Record<keyof Ask, string>>({
  procedure,
  channel,
  language,
}: T): Pick<T, keyof Ask> => ({ procedure, channel, language });

/** What is booked and when. */
export interface Choice extends Ask {
  start: Temporal.Instant;
}

/** How a request that may be sent twice is recognised (interfaces.md). */
export interface Repetition {
  hold?: string | undefined;
  externalId?: string | undefined;
  idempotencyKey?: string | undefined;
}

export interface Appointment extends Ask, Details {
  id: string;
  /** What a person reads out: K7M-2QX. */
  reference: string;
  office: number;
  /** Of what is written to the citizen. */
  noticeLanguage: Language;
  /** Id of the desk that will attend. */
  desk: number;
  start: Temporal.Instant;
  end: Temporal.Instant;
  status: Status;
  externalId: string | null;
  /** How often its link was replaced; the secret in it follows from this. */
  link: number;
  /** Raised by each change that a calendar must know of (RFC 5545, 3.8.7.4). */
  sequence: number;
  createdAt: Temporal.Instant;
  updatedAt: Temporal.Instant;
  /** Since when nobody can attend it at its hour, while it is booked: its citizen is to choose another. */
  displacedAt: Temporal.Instant | null;
}

export type EventKind =
  | 'booked'
  | 'moved'
  | 'contact_changed'
  | 'contact_disputed' // whoever was reached before says that it wasn't them
  | 'contact_refused' // whom they wanted it to be has as many appointments as one person may
  | 'cancelled'
  | 'attempt'
  | 'started'
  | 'saved'
  | 'fulfilled'
  | 'noshow'
  | 'reassigned' // to another desk, at its hour
  | 'displaced' // its desk is away, and no other is free at its hour
  | 'taken_over' // somebody else goes on with its encounter
  | 'delayed' // the citizen was told that it will begin late
  | 'arrived' // the citizen is in the room
  | 'left'
  | 'by_phone' // the video call goes on by telephone
  | 'invited' // somebody who comes along has a link
  | 'uninvited' // and has none any more
  | 'admitted' // whoever attends let them into the call
  | 'still_asked' // whether a picture of the document that is shown may be kept
  | 'still_agreed'
  | 'still_refused'
  | 'still_kept'
  | 'act_prepared' // the citizen is asked to consent to an act
  | 'act_consented'
  | 'act_declined'
  | 'act_withdrawn'
  | 'act_expired'
  | 'companion_arrived' // they are in the room, or wait to be let in
  | 'companion_left'
  | 'surveyed'
  | 'waits'
  | 'offered'
  | 'forgotten';

/** Something that happened to an appointment. */
export interface AppointmentEvent {
  id: number;
  kind: EventKind;
  at: Temporal.Instant;
  /** See `actorOf`. */
  actor: string;
  data: Record<string, unknown>;
}
