import type { AttentionLanguage, Language } from '../../lib/i18n/languages.ts';
import type { Channel } from '../appointments/types.ts';

export const NOTICE_KINDS = ['confirmation', 'change', 'cancellation', 'noshow', 'survey'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];
export type NoticeChannel = 'email' | 'sms';

/**
 * What a notice tells, as it was when it was owed. Neither its words nor its links: those are made when it is sent.
 * Instants are RFC 3339 texts, since this is kept as JSON.
 */
export interface NoticeFacts {
  reference: string;
  /** Code of the procedure. */
  procedure: string;
  channel: Channel;
  /** Of the attention. */
  language: AttentionLanguage;
  start: string;
  end: string;
  /** Of the calendar entry (RFC 5545). */
  sequence: number;
  name: string;
  onBehalfOf: string | null;
  /** Where it was before, for a change. */
  before?: { start: string; channel: Channel };
  /** Who cancelled, for a cancellation. */
  by?: 'citizen' | 'body';
  /** Why, as whoever cancelled put it. */
  reason?: string;
}

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
  body: number;
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
  /** When it was owed: its date, however late it leaves. */
  at: Temporal.Instant;
  message: Message;
}

/** What became of one attempt. */
export type Delivery = { ok: true } | Failure;

export interface Failure {
  ok: false;
  /** This message will never be taken. */
  permanent: boolean;
  /** Somebody was there and said no, rather than nobody. */
  answered: boolean;
  /** For logs: names nobody. */
  code: string;
  /** For the outbox: may name the recipient. */
  reason: string;
}

/** How messages of one channel leave the house. A failure is an answer; `send` only throws on a bug. */
export interface Transport {
  send(outgoing: Outgoing): Promise<Delivery>;
  close(): void;
}

export type Transports = Partial<Record<NoticeChannel, Transport>>;
