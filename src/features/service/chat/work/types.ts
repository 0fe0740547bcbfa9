import type { Encounter } from '../../encounter/types.ts';
import type { Chat } from '../types.ts';

/** What goes on at a desk, beside whatever else its agent does. */
export interface AtDesk {
  /** Offered to the desk; it is offered one at a time. Null: nothing is. */
  offer: Chat | null;
  /** Answered there, in the order in which they came. */
  talking: TalkingChat[];
  /** They have ended, and what was done in them was not written down yet. */
  unwritten: Chat[];
}

export interface TalkingChat extends Chat {
  /** How many lines of the person nobody has answered yet. */
  unanswered: number;
}

/** What is written down about a conversation. */
export interface ChatRecord {
  chat: Chat;
  /** Null: nobody has answered it. */
  encounter: Encounter | null;
}

/** Where a chat stands on the board of an office: by topic. */
export interface TopicCounts {
  topic: string;
  /** In the line, or offered. */
  waiting: number;
  /** Since when the one who has waited longest waits; null: nobody waits. */
  since: Temporal.Instant | null;
  talking: number;
}
