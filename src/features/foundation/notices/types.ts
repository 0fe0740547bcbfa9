import type { AddressKind } from '../../../domain/address.ts';
import type { Appointment, Ask, Way } from '../../../domain/appointment.ts';
import type { NoticePerson } from '../../../domain/person.ts';
import type { Waiting as Entry } from '../../../domain/waiting.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { Delivery } from '../outbox/types.ts';

/**
 * `reminder`: some working days before; `soon`: the last reminder; `late`: the call will be late; `number`: theirs
 * is another person's, and they are asked for the right one; `link`: the link again,
 * for who lost it; `waiting`: somebody is on the waiting list; `offer`: a time is kept for somebody who waits; `displaced`:
 * nobody can attend them at their hour, and they are to choose another; `code`: a one-time code, and no link; `again`: a paper is
 * asked for once more; `result`: there is one to fetch; `contact`: to whoever was reached before, that an address was changed.
 */
export const NOTICE_KINDS = [
  'confirmation',
  'reminder',
  'soon',
  'late',
  'change',
  'cancellation',
  'noshow',
  'number',
  'survey',
  'link',
  'waiting',
  'offer',
  'displaced',
  'code',
  'again',
  'result',
  'contact',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];
export type NoticeChannel = 'email' | 'sms';
/** What somebody may ask not to be sent. */
export type NoticeGroup = 'reminders' | 'surveys';

/**
 * What a notice tells, as it was when it was owed. Neither its words nor its links: those are made when it is sent.
 * Instants are RFC 3339 texts, since this is kept as JSON.
 */
export interface NoticeFacts extends Ask, NoticePerson {
  /** Null, as `start` and `end`, for somebody who waits and has no appointment. */
  reference: string | null;
  start: string | null;
  end: string | null;
  /** Of the calendar entry (RFC 5545). */
  sequence: number;
  /** How often the link was replaced that the notice carries (see `Appointment.link`); absent: never. */
  link?: number;
  /** Which addresses were changed and by whom, for `contact`. */
  contact?: {
    changed: readonly AddressKind[];
    by: 'citizen' | 'office' | 'system';
    at: string;
  };
  /** Where it was before, for a change. */
  before?: { start: string } & Way;
  /** Who cancelled, for a cancellation; who moved it, for a change, where it wasn't the citizen. */
  by?: 'citizen' | 'office';
  /** Why, as whoever cancelled put it. */
  reason?: string;
  /** By about how many minutes, for `late`. */
  minutes?: number;
  /** The time that is kept and until when, for `offer`, and for `displaced` where there is one. */
  offer?: { start: string; expiresAt: string };
  /** For `offer`: nobody attends them at the hour that they have. */
  isDisplaced?: boolean;
  /** Id of the one-time code, for `code`: it is made when it is sent. */
  code?: string;
  /** For `code`: whoever types it consents to an act. Which isn't told. */
  isForAct?: boolean;
}

/** What only some kinds tell. */
export type ExtraFacts = Pick<
  NoticeFacts,
  'before' | 'by' | 'reason' | 'minutes' | 'offer' | 'isDisplaced' | 'code' | 'isForAct' | 'contact'
>;

/** Somebody on the waiting list, as far as notices to them go. */
export interface Waiting
  extends Pick<Entry, 'id' | 'office' | 'noticeLanguage' | 'citizen' | 'onBehalfOf' | keyof Ask> {
  /** Id of the appointment that they would have earlier; null: they have none. */
  appointment: string | null;
  /** How often that appointment's link was replaced; absent: never. */
  link?: number;
}

/** What notices are about: an appointment, an entry of the waiting list, or both. One at least. */
export interface About {
  office: number;
  appointment: string | null;
  waiting?: string | null;
}

/** Addresses of pages, each with a secret that is derived from the installation's key. Opening one changes nothing. */
export interface LinkMaker {
  /** The page of an appointment. */
  manageUrl(of: Pick<Appointment, 'id' | 'link' | 'noticeLanguage'>): string;
  /** The page of an entry of the waiting list, where an offer is accepted or the list is left. */
  waitingUrl(of: { id: string; link: number }, language: Language): string;
  /** Where its reader stops notices such as this one. */
  stopUrl(notice: string, language: Language): string;
  /** The digits of a one-time code. */
  digitsOf(code: string): string;
}

/**
 * Why a notice wasn't sent although its time had come: its reader wants none such (`muted`), was sent as many as may be
 * (`capped`), or it couldn't be sent in time (`late`). Or it is an SMS to a number that none are sent to (`abroad`), or one
 * more than the installation sends in a day (`spent`): those two have failed, since their reader isn't told at all.
 */
export const OBSTACLES = ['muted', 'capped', 'late', 'abroad', 'spent'] as const;
export type Obstacle = (typeof OBSTACLES)[number];

/** A notice that is to be owed: a row of the outbox before it is written, with the table's names. */
export interface NoticeDraft {
  id: string;
  kind: NoticeKind;
  channel: NoticeChannel;
  recipient: string;
  language: Language;
  facts: NoticeFacts;
  /** RFC 3339. */
  not_before: string;
  /** RFC 3339; after it the notice is dropped rather than sent late. */
  expires_at: string | null;
}

/** A notice of the outbox and what became of it. */
export interface Notice extends Omit<NoticeDraft, 'not_before' | 'expires_at'> {
  office: number;
  /** Id of the appointment; null for somebody who waits and has none. */
  appointment: string | null;
  /** Id of the entry of the waiting list that it is about. */
  waiting: string | null;
  createdAt: Temporal.Instant;
  /** When it is due. */
  notBefore: Temporal.Instant;
  attempts: number;
  sentAt: Temporal.Instant | null;
  droppedAt: Temporal.Instant | null;
  failedAt: Temporal.Instant | null;
  lastError: string | null;
}

/** A notice in words, ready for a mail server or an SMS provider. */
export interface Message {
  subject: string;
  text: string;
  /** Empty for an SMS. */
  html: string;
  attachments: { filename: string; contentType: string; text: string }[];
}

/** A message on its way to one person, with what the envelope and the headers say. */
export interface Outgoing {
  /** The notice's id. A repetition after a crash carries the same, so that mailboxes and providers can tell. */
  id: string;
  /** A mail address, or a telephone in E.164. */
  to: string;
  /** Who it comes from, in words. */
  sender: string;
  /** Where answers go. */
  replyTo: string | null;
  language: Language;
  /** Where a mail program may stop such mails with one click (RFC 8058); absent: they can't be stopped. */
  stopUrl?: string;
  /** When it was due: its date, however late it leaves. */
  at: Temporal.Instant;
  message: Message;
}

/** Sends the messages of one channel. A failure is an answer; `send` only throws on a bug. */
export interface Transport {
  send(outgoing: Outgoing): Promise<Delivery>;
  close(): void;
}

export type Transports = Partial<Record<NoticeChannel, Transport>>;
