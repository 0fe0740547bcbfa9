import type { AddressKind } from '../../../domain/address.ts';
import type { Appointment, Ask, Way } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { NoticePerson } from '../../../domain/person.ts';
import type { Waiting as Entry } from '../../../domain/waiting.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { Delivery } from '../outbox/types.ts';

/**
 * `reminder`: some working days before; `soon`: the last reminder; `late`: the call will be late; `number`: the stored number
 * is another person's, and the citizen is asked for the right one; `link`: the link again,
 * for a citizen who lost it; `waiting`: the person is on the wait list; `offer`: a time is kept for a person on the wait list;
 * `displaced`:
 * no agent is available at the citizen's hour, and they must choose another; `uncalled`: nobody called them at theirs; `code`: a one-time code, without a link; `again`: a
 * document is requested once more; `refused`: the check refused a file of theirs; `result`: a result can be fetched; `contact`: to
 * the former address, that an address was changed; `authorisation`: to both people, what became of an authorisation to act for somebody else;
 * `case`: something happened to what the person handed in; `unfinished`: a form that was filled in with an official is to be gone on with;
 * `request`: something happened to a complaint, suggestion, incident or question that they sent or follow; `chat`: there is news of their conversation in writing.
 */
export const NOTICE_TRAITS = {
  confirmation: { isTimeBound: true },
  reminder: { isTimeBound: true },
  soon: { isTimeBound: true },
  late: { isTimeBound: true },
  change: { isTimeBound: true },
  cancellation: { isTimeBound: false },
  noshow: { isTimeBound: true },
  number: { isTimeBound: true },
  survey: { isTimeBound: false },
  link: { isTimeBound: false },
  waiting: { isTimeBound: true },
  offer: { isTimeBound: true },
  displaced: { isTimeBound: true },
  uncalled: { isTimeBound: true },
  code: { isTimeBound: false },
  again: { isTimeBound: false },
  refused: { isTimeBound: false },
  result: { isTimeBound: false },
  contact: { isTimeBound: false },
  authorisation: { isTimeBound: false },
  case: { isTimeBound: false },
  unfinished: { isTimeBound: false },
  request: { isTimeBound: false },
  chat: { isTimeBound: false },
} as const satisfies Record<string, NoticeTraits>;

interface NoticeTraits {
  /**
   * Whether it tells of the hour of an appointment: that it comes, that nobody answered at it. Such a notice is dropped once the
   * appointment moves, begins, ends or is cancelled. All others are sent however the appointment ends, as long as their own time
   * (`expires_at`) has not passed.
   */
  isTimeBound: boolean;
}

export type NoticeKind = keyof typeof NOTICE_TRAITS;
export const NOTICE_KINDS = Object.keys(NOTICE_TRAITS) as readonly NoticeKind[];
export type NoticeChannel = 'email' | 'sms';
/** The groups of notices that a person may stop. */
export type NoticeGroup = 'reminders' | 'surveys';

/**
 * The facts of a notice at the time when it was created. The words and links are made when it is sent.
 * Instants are RFC 3339 texts, since this is stored as JSON.
 */
export interface NoticeFacts extends Ask, NoticePerson {
  /** Null, like `start` and `end`, for a person on the wait list without an appointment. */
  reference: string | null;
  start: string | null;
  end: string | null;
  /** SEQUENCE of the calendar entry (RFC 5545). */
  sequence: number;
  /** How often the appointment's link was replaced (see `Appointment.link`); absent: never. */
  link?: number;
  /** Changed addresses and the role that changed them, for `contact`. */
  contact?: {
    changed: readonly AddressKind[];
    by: 'citizen' | 'office' | 'system';
    at: string;
  };
  /** The former time, for a change. */
  before?: { start: string } & Way;
  /** The role that cancelled, for a cancellation; the role that moved it, for a change, unless it was the citizen. */
  by?: 'citizen' | 'office';
  /** The reason, in the words of the person who cancelled. */
  reason?: string;
  /** How many calls were made, for `noshow` of whoever is called by telephone. */
  calls?: number;
  /** Approximate delay in minutes, for `late`. */
  minutes?: number;
  /** The kept time and when it ends, for `offer`, and for `displaced` and `uncalled` when there is one. */
  offer?: { start: string; expiresAt: string };
  /** For `offer`: no agent is available at the hour that they have. */
  isDisplaced?: boolean;
  /** Id of the one-time code, for `code`; the code is made when it is sent. */
  code?: string;
  /** What became of it, for `authorisation`. The message names nobody. */
  authorisation?: AuthorisationNews;
  /** What happened, for `case`. The message doesn't say what it is about. */
  news?: CaseNews;
  /** Who must sign, for `cosign`. */
  cosigner?: string;
  /** What happened, for `request`. The message doesn't say what it is about. */
  told?: RequestNews;
  /** Who follows it, for `request`; absent: it goes to whoever sent it. */
  follower?: string;
  /** The last local day to answer, for `case`, on which the form is kept, for `unfinished`, or on which the message is destroyed, for `chat`; absent: there is none. */
  until?: string;
  /** What happened, for `chat`. The message doesn't say what it is about. */
  wrote?: ChatNoticeNews;
  /** For `code`: entering it sends a conversation in writing there. */
  isForChat?: boolean;
  /** For `code`: entering it gives consent to an act. The message doesn't name the act. */
  isForAct?: boolean;
}

/** Facts of only some kinds. */
export type ExtraFacts = Pick<
  NoticeFacts,
  | 'before'
  | 'by'
  | 'reason'
  | 'calls'
  | 'minutes'
  | 'offer'
  | 'isDisplaced'
  | 'code'
  | 'isForAct'
  | 'contact'
  | 'authorisation'
  | 'news'
  | 'until'
  | 'cosigner'
  | 'told'
  | 'follower'
  | 'wrote'
  | 'isForChat'
>;

/**
 * What became of an authorisation to act for somebody else; or, to the represented person alone, what somebody did by it with a notification
 * (`opened`, `rejected`), or that one is in a case that somebody handed in by it (`waiting`).
 */
export type AuthorisationNews =
  | 'asked'
  | 'given'
  | 'accepted'
  | 'refused'
  | 'ended'
  | 'opened'
  | 'rejected'
  | 'waiting';

/**
 * What happened to a case: something must be corrected (`amend`), there is more time for it (`extended`), it was decided (`decided`), or its state
 * changed (`moved`), the office wrote to them (`message`), or a file of it can't be opened (`paper`). `cosign`: somebody else than its applicant must sign it.
 * `chosen`: the way of notifications was changed; `by_act`: an official handed in another case for them.
 */
export type CaseNews =
  | 'amend'
  | 'extended'
  | 'decided'
  | 'moved'
  | 'message'
  | 'paper'
  | 'chosen'
  | 'by_act'
  | 'cosign';

/**
 * What happened to a request: it came (`received`), its state changed (`moved`), its person was asked something (`asked`), the office wrote (`message`), it
 * was `answered`, `refused` or `merged` with another one. `followed`: somebody follows it from now on; `link`: the link again, for whoever lost it;
 * `last_call`: the office waits for an answer for some days more.
 */
export const REQUEST_NEWS = [
  'received',
  'moved',
  'asked',
  'message',
  'answered',
  'shared',
  'refused',
  'merged',
  'followed',
  'link',
  'last_call',
] as const;
export type RequestNews = (typeof REQUEST_NEWS)[number];

/**
 * News of a conversation in writing: a message was answered (`answered`), or nobody has answered it and it will be destroyed (`ending`); or the conversation
 * itself, which somebody asked for (`transcript`).
 */
export type ChatNoticeNews = 'answered' | 'ending' | 'transcript';

/** A case, with the data that notices need. */
export interface NoticeCase {
  id: string;
  link: number;
  reference: string;
  language: Language;
}

/** A person on the wait list, with the data that notices need. */
export interface Waiting
  extends Pick<Entry, 'id' | 'office' | 'noticeLanguage' | 'citizen' | 'onBehalfOf' | keyof Ask> {
  /** Id of the appointment that they want earlier; null: they have none. */
  appointment: string | null;
  /** How often that appointment's link was replaced; absent: never. */
  link?: number;
}

/** The subject of notices: an appointment, a wait list entry, or both; or a case, a request, or a conversation in writing. */
export interface About {
  office: number;
  appointment: string | null;
  waiting?: string | null;
  case?: string | null;
  request?: string | null;
  chat?: string | null;
}

/**
 * Page addresses, each with a secret that is derived from the installation's key. Opening one changes nothing. The short ones are for SMS: they
 * have the same secret, and lead to the page in the language of the appointment or entry.
 */
export interface LinkMaker {
  /** The page of an appointment. */
  manageUrl(of: Pick<Appointment, 'id' | 'link' | 'noticeLanguage'>): string;
  shortManageUrl(of: Pick<Appointment, 'id' | 'link'>): string;
  /** The page of a wait list entry, where an offer is accepted or the list is left. */
  waitingUrl(of: { id: string; link: number }, language: Language): string;
  shortWaitingUrl(of: { id: string; link: number }): string;
  /** The page of a case. */
  caseUrl(of: { id: string; link: number }, language: Language): string;
  /** The page of somebody who must sign a case. */
  cosignUrl(id: string, language: Language): string;
  /** The page of a conversation in writing. */
  chatUrl(id: string, language: Language): string;
  /** The page of a request. */
  requestUrl(of: { id: string; link: number }, language: Language): string;
  /** The page of somebody who follows a request. */
  followUrl(id: string, language: Language): string;
  /** The page where the recipient stops notices of this kind. */
  stopUrl(notice: string, language: Language): string;
  /** The page where the person at the former address reports that they didn't make a change. */
  shortObjectUrl(notice: string): string;
  /** The digits of a one-time code. */
  digitsOf(code: string): string;
}

/**
 * Why a due notice wasn't sent: the recipient stopped such notices (`muted`), the limit was reached
 * (`capped`), or it was too late (`late`). Or an SMS to a number that is not allowed (`abroad`), or more
 * than the installation's daily maximum (`spent`). These two count as failed, since the recipient isn't informed at all.
 */
export const OBSTACLES = ['muted', 'capped', 'late', 'abroad', 'spent'] as const;
export type Obstacle = (typeof OBSTACLES)[number];

/** A new notice: an outbox row before it is written, with the table's column names. */
export interface NoticeDraft {
  id: string;
  kind: NoticeKind;
  channel: NoticeChannel;
  recipient: string;
  language: Language;
  facts: NoticeFacts;
  /** RFC 3339. */
  not_before: string;
  /** RFC 3339; after it the notice is dropped and not sent. */
  expires_at: string | null;
}

/** A notice of the outbox with its result. */
export interface Notice extends Omit<NoticeDraft, 'not_before' | 'expires_at'> {
  office: number;
  /** Id of the appointment; null for a person on the wait list who has none. */
  appointment: string | null;
  /** Id of the wait list entry that it is about. */
  waiting: string | null;
  /** Id of the case that it is about. */
  case: string | null;
  /** Id of the request that it is about. */
  request: string | null;
  /** Id of the conversation in writing that it is about. */
  chat: string | null;
  createdAt: Temporal.Instant;
  /** When it is due. */
  notBefore: Temporal.Instant;
  attempts: number;
  sentAt: Temporal.Instant | null;
  droppedAt: Temporal.Instant | null;
  failedAt: Temporal.Instant | null;
  lastError: string | null;
}

/** A written notice, ready for a mail server or an SMS provider. */
export interface Message {
  subject: string;
  text: string;
  /** Empty for an SMS. */
  html: string;
  attachments: { filename: string; contentType: string; text: string }[];
}

/** What is added to a notice when it is sent, since the outbox must not have it. */
export interface Enclosures {
  /** Returns the files of a notice; null: what it was about was destroyed meanwhile, and it must not be sent. */
  of(notice: Notice, office: Office): Promise<Message['attachments'] | null>;
}

/** A message to one person, with the data of envelope and headers. */
export interface Outgoing {
  /** The notice's id. A repetition after a crash has the same id, so that mailboxes and providers can recognise it. */
  id: string;
  /** A mail address, or a telephone in E.164. */
  to: string;
  /** Name of the sender. */
  sender: string;
  /** Reply address. */
  replyTo: string | null;
  language: Language;
  /** The address for one-click unsubscribing (RFC 8058); absent: the mails can't be stopped. */
  stopUrl?: string;
  /** When it was due. This is the message's date, even when it is sent later. */
  at: Temporal.Instant;
  message: Message;
}

/** Sends the messages of one channel. A failure is a result; `send` only throws on a bug. */
export interface Transport {
  send(outgoing: Outgoing): Promise<Delivery>;
  close(): void;
}

export type Transports = Partial<Record<NoticeChannel, Transport>>;
