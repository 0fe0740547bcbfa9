import type { ChatRow } from '../types.ts';

/** A conversation in the line, offered, or answered. */
export interface LineChat
  extends Pick<
    ChatRow,
    | 'id'
    | 'number'
    | 'place'
    | 'returnedAt'
    | 'target'
    | 'desk'
    | 'offeredUntil'
    | 'heldSince'
    | 'personAt'
    | 'deskAt'
    | 'unansweredAt'
    | 'askedAt'
    | 'seenAt'
  > {
  state: 'waiting' | 'offered' | 'talking';
  /** What a desk must have: one of these procedures, and the language. */
  procedures: readonly string[];
  language: string;
  /** Its topic is closed now, or it began on a day before: it is over once nobody is there. */
  isClosed: boolean;
  /** Ids of the desks that declined it a short while ago. */
  declined: readonly number[];
}

/** A desk, as far as conversations are concerned. */
export interface LineDesk {
  id: number;
  /** Codes of procedures. */
  skills: 'all' | readonly string[];
  languages: readonly string[];
  /** How many it may have at once, as it stands now. */
  capacity: number;
  /** Its console is gone, or somebody signed out there. */
  isGone: boolean;
  /** It let an offer pass, or was silent, and nobody has done anything there since; or it has a booked call soon. */
  isStopped: boolean;
  /** When it last took one or ended one; null: it has had none. */
  lastAt: Temporal.Instant | null;
}

/** The line of one office at a moment. */
export interface Line {
  chats: readonly LineChat[];
  desks: readonly LineDesk[];
}

/** The office's rules. Seconds and minutes; see the town file's `chat`. */
export interface LinePolicy {
  answerSeconds: number;
  silentMinutes: number;
}

/** One change of the line. */
export type LineStep =
  | { kind: 'offered'; chat: string; desk: number; until: Temporal.Instant }
  | { kind: 'missed'; chat: string; desk: number }
  | { kind: 'returned'; chat: string; desk: number; why: 'silent' | 'gone' }
  | { kind: 'asked'; chat: string }
  | { kind: 'ended'; chat: string; why: 'silent' }
  | { kind: 'left'; chat: string; why: 'gone' }
  | { kind: 'closed'; chat: string };
