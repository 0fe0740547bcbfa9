import type { Language, Texts } from '../../../lib/i18n/languages.ts';

/**
 * Where a conversation stands. `waiting`: in the line; `offered`: to a desk, which has some seconds to take it; `talking`: it is answered; `message`: nobody
 * is there, and it is answered later; `left`: the person left the line; `ended`.
 */
export const CHAT_STATES = ['waiting', 'offered', 'talking', 'message', 'left', 'ended'] as const;
export type ChatState = (typeof CHAT_STATES)[number];

/**
 * Why a conversation ended. `person`, `desk`: that side ended it; `silent`: the person wrote nothing, asked too; `gone`: their page was not open while they
 * waited; `message`: they left a message instead; `answered`: the message was answered; `moved`: it goes on elsewhere; `closed`: the topic closed and nobody
 * was there any more; `unanswered`: nobody answered the message, and it was destroyed.
 */
export const CHAT_ENDS = [
  'person',
  'desk',
  'silent',
  'gone',
  'message',
  'answered',
  'moved',
  'closed',
  'unanswered',
] as const;
export type ChatEnd = (typeof CHAT_ENDS)[number];

/** What happens to a conversation, for figures. Those that name a desk and no conversation are of the desk. */
export type ChatEventKind =
  | 'began'
  | 'offered'
  | 'missed'
  | 'declined'
  | 'taken'
  | 'returned'
  | 'handed'
  | 'asked'
  | 'left'
  | 'ended'
  | 'message'
  | 'moved'
  | 'opened'
  | 'back';

/** Who writes: the person, the office, or the service itself. */
export type ChatSide = 'person' | 'office' | 'system';

/** What the service says in a conversation; in words, `chat.system.<code>`. */
export const SYSTEM_LINES = [
  'begun',
  'taken',
  'returned',
  'handed',
  'asked',
  'ended.person',
  'ended.left',
  'ended.desk',
  'ended.silent',
  'ended.moved',
  'ended.gone',
  'ended.closed',
  'ended.answered',
  'closed.message',
] as const;
export type SystemLine = (typeof SYSTEM_LINES)[number];

/** A conversation as its row has it. */
export interface ChatRow {
  id: string;
  /** What both sides can call it. */
  number: number;
  office: number;
  /** A code of the office's topics; it may have none of it any more. */
  topic: string;
  language: Language;
  state: ChatState;
  /** When it came into the line. */
  place: Temporal.Instant;
  /** When it was given back, ahead of all others; null: it was not. */
  returnedAt: Temporal.Instant | null;
  /** Id of the desk to which it was handed over; null: to none. */
  target: number | null;
  /** Id of the desk to which it is offered, or that answers. */
  desk: number | null;
  offeredUntil: Temporal.Instant | null;
  /** An id of the staff: who answers. */
  staff: number | null;
  heldSince: Temporal.Instant | null;
  takenAt: Temporal.Instant | null;
  /** Id; null: nobody has answered. */
  encounter: string | null;
  /** The last words or keys of the person. */
  personAt: Temporal.Instant;
  deskAt: Temporal.Instant | null;
  /** Since when the office owes words: a sign of whoever answers begins it anew; null: it wrote last. */
  unansweredAt: Temporal.Instant | null;
  askedAt: Temporal.Instant | null;
  seenAt: Temporal.Instant;
  endedAt: Temporal.Instant | null;
  endedWhy: ChatEnd | null;
  /** When those who coordinate were last told that nobody has answered a message. */
  officeToldAt: Temporal.Instant | null;
  /** When the person of a message was told that it will be destroyed. */
  personToldAt: Temporal.Instant | null;
  isForgotten: boolean;
  sealedName: Buffer | null;
  sealedContact: Buffer | null;
}

/** A conversation as those see it who are in it. */
export interface Chat extends Omit<ChatRow, 'sealedName' | 'sealedContact'> {
  /** Empty: not said, or destroyed. */
  name: string;
}

/** A file of a conversation. */
export interface ChatFile {
  id: string;
  name: string;
  /** The media type that the check found; null: it was not checked yet. */
  type: string | null;
  /** Bytes. */
  size: number;
  state: 'checking' | 'clean' | 'infected' | 'unscannable' | 'error' | 'refused';
  /** A code; see the documents' checks. */
  why: string | null;
}

/** A line of a conversation, the oldest first. */
export interface ChatEntry {
  id: string;
  number: number;
  at: Temporal.Instant;
  side: ChatSide;
  /** See `actorOf`. */
  by: string;
  /** `note`: for colleagues alone. */
  kind: 'words' | 'file' | 'system' | 'note';
  /** Of the words; null: it has none. */
  language: Language | null;
  /** Empty where it has no words. */
  text: string;
  what: SystemLine | null;
  file: ChatFile | null;
}

/** How its person hears that their message was answered; `page`: only there, and whoever answers calls them where they left a telephone. */
export type ToldBy = 'email' | 'sms' | 'page';

/** Where the answer to a message goes. */
export interface ChatContact {
  email: string | null;
  phone: string | null;
}

/** What somebody says who begins. */
export interface NewChat {
  /** The key of the form: sent twice it begins once. */
  key: string;
  topic: string;
  language: Language;
  name: string;
  /** Their first words; may be empty. */
  text: string;
}

/** What is wrong with what somebody wrote, by field. */
export type ChatFault = 'topic' | 'text' | 'long' | 'name' | 'contact' | 'email' | 'phone';

/** From where somebody begins, and where they are answered when nobody can before the office closes. */
export interface BeginHow {
  /** The address as a keyed hash; null: it isn't counted. */
  sender?: Buffer | null;
  email?: string | null;
}

export type BeginResult =
  | { ok: true; id: string; secret: string }
  /** `closed`: nobody can answer now; `full`: as many wait as may; `share`: as many of the sender's wait as may; `crowded`: as many messages wait as may. */
  | { ok: false; reason: 'closed' | 'full' | 'share' | 'crowded' | ChatFault }
  /** Other words of the same form were not added: too many lines came in a row. */
  | { ok: false; reason: 'many' };

export type WriteResult =
  | { ok: true; number: number }
  | { ok: false; reason: 'not_found' | 'over' | 'empty' | 'long' | 'many' };

export type ChatResult = { ok: true } | { ok: false; reason: 'not_found' | 'over' };

/** How long the wait may be, in minutes; `to` null: more than an hour. */
export interface WaitRange {
  from: number;
  to: number | null;
}

/** Where somebody stands in the line. */
export interface LinePlace {
  /** 1: next, of those whom the same desks can answer. */
  position: number;
  /** Null: it can't be said. */
  wait: WaitRange | null;
  /** Nobody is there who could answer. */
  isNobody: boolean;
}

/** A topic of an office, and what can be done about it now. */
export interface TopicNow {
  code: string;
  name: Texts;
  /** The languages in which somebody there can answer now, or those who are at it with others. */
  languages: readonly Language[];
  /** When it opens next; null: it is open, or nobody knows. */
  opensAt: Temporal.Instant | null;
}
