import type { EncounterLanguage, Language } from '../lib/i18n/languages.ts';
import type { NoticeWay } from './address.ts';
import type { Channel } from './channel.ts';
import { type Extent, extentOf } from './office/bundle.ts';
import type { Details } from './person.ts';

/** Status names of FHIR. `arrived`: the citizen is in the waiting room. */
export const STATUSES = [
  'booked',
  'arrived',
  'in_progress',
  'fulfilled',
  'noshow',
  'cancelled',
] as const;
export type Status = (typeof STATUSES)[number];

/** The service that is asked for: procedures, people, channel and language. */
export interface Ask extends Extent {
  /** Code of the procedure, of the first one where there are several. */
  procedure: string;
  channel: Channel;
  /** The language of the encounter. */
  language: EncounterLanguage;
  /** Code of the site of the appointment; null or absent: it has none, or, in a search, any site. */
  site?: string | null | undefined;
}

/** Returns only the fields of `Ask` from a larger value: an appointment, a journey, an entry of the wait list. */
export const askOf = <
  T extends Extent & {
    procedure: string;
    channel: string;
    language: string;
    site?: string | null | undefined;
  },
>({
  procedure,
  channel,
  language,
  site,
  ...rest
}: T): Pick<T, 'procedure' | 'channel' | 'language'> & Extent & { site?: string } => ({
  procedure,
  channel,
  language,
  ...(site && { site }),
  ...extentOf(rest),
});

/** The channel, and the site if there is one. */
export type Way = Pick<Ask, 'channel' | 'site'>;

/** Returns whether two ways are equal. */
export const isSameWay = (one: Way, other: Way): boolean =>
  one.channel === other.channel && (one.site ?? null) === (other.site ?? null);

/** The service that is booked, and its time. */
export interface Choice extends Ask {
  start: Temporal.Instant;
  /** Whether it is for an appointment that is booked: what the office allows in a new one is not asked. */
  isBooked?: boolean;
}

/** The data by which a repeated request is recognised (docs/api.md). */
export interface Repetition {
  hold?: string | undefined;
  externalId?: string | undefined;
  idempotencyKey?: string | undefined;
}

/** How the external id of an appointment begins that was brought from another tool's file; the tool's name follows. */
export const IMPORTED = 'import:';

export interface Appointment extends Ask, Details {
  id: string;
  /** The reference that a person can read out: K7M-2QX. */
  reference: string;
  office: number;
  /** The language of notices to the citizen. */
  noticeLanguage: Language;
  /** The way by which the citizen wants notices; null or absent: they chose none, and an e-mail address comes first. */
  noticesBy?: NoticeWay | null;
  /** Id of the desk that will serve the citizen. */
  desk: number;
  start: Temporal.Instant;
  end: Temporal.Instant;
  status: Status;
  externalId: string | null;
  /** The number of times that the appointment's link was replaced; the secret in the link is derived from it. */
  link: number;
  /** Increases with each change that a calendar must show (RFC 5545, 3.8.7.4). */
  sequence: number;
  createdAt: Temporal.Instant;
  updatedAt: Temporal.Instant;
  /** The moment since which no desk can serve the appointment at its hour, while it is booked: the citizen must choose another time. */
  displacedAt: Temporal.Instant | null;
}

export type EventKind =
  | 'booked'
  | 'moved'
  | 'contact_changed'
  | 'contact_disputed' // the owner of the earlier contact details says that they did not make the change
  | 'contact_refused' // the person at the new contact details already has as many appointments as one person may have
  | 'cancelled'
  | 'attempt'
  | 'started'
  | 'undone' // a step of the staff was taken back: data.step
  | 'saved'
  | 'corrected' // what was noted in its encounter was changed after the end
  | 'fulfilled'
  | 'noshow'
  | 'reassigned' // given to another desk at the same hour
  | 'displaced' // its desk is away, and no other desk is free at its hour
  | 'taken_over' // another agent continues its encounter
  | 'late_declined' // a free colleague was offered it, since its desk runs late, and left it there
  | 'delayed' // the citizen was notified that it will begin late
  | 'arrived' // the citizen is in the room
  | 'left'
  | 'by_phone' // the video call continues by telephone
  | 'invited' // a companion received a link
  | 'uninvited' // the companion's link was withdrawn
  | 'admitted' // the agent let the companion into the call
  | 'still_asked' // the citizen was asked whether a picture of the shown document may be kept
  | 'still_agreed'
  | 'still_refused'
  | 'still_kept'
  | 'identity_asked' // the citizen is asked to identify electronically
  | 'identified' // somebody with its link did
  | 'identity_failed' // they could not, or did not want to: data.reason
  | 'case_shown' // the citizen shows the draft of a form that they had begun
  | 'case_hidden' // they show it no longer
  | 'case_sent' // they were told that its draft waits for them
  | 'act_prepared' // the citizen is asked to consent to an act
  | 'act_consented'
  | 'act_declined'
  | 'act_withdrawn'
  | 'act_expired'
  | 'companion_arrived' // the companion is in the room, or waits to be let in
  | 'companion_left'
  | 'colleague_asked' // somebody of the staff is asked to join the video call
  | 'colleague_joined' // they said yes
  | 'colleague_declined' // they said no, or nothing, or the request was taken back
  | 'colleague_left' // their place in the call ended
  | 'hand_over_asked' // a colleague is asked to have the encounter from now on
  | 'handed_over' // they said yes: it is theirs
  | 'hand_over_declined'
  | 'surveyed'
  | 'waits'
  | 'offered'
  | 'forgotten';

/** An event in the history of an appointment. */
export interface AppointmentEvent {
  id: number;
  kind: EventKind;
  at: Temporal.Instant;
  /** See `actorOf`. */
  actor: string;
  data: Record<string, unknown>;
}
