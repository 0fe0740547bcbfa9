/** Who writes: the office, or whoever handed the case in. */
export type MessageSide = 'office' | 'person';

/** What one side wrote to the other about a case. */
export interface CaseMessage {
  id: string;
  /** In the order in which they were written. */
  number: number;
  at: Temporal.Instant;
  side: MessageSide;
  /** See `actorOf`. */
  by: string;
  text: string;
}

/** The messages of a case. */
export interface Conversation {
  /** The newest ones, in the order in which they were written. */
  messages: readonly CaseMessage[];
  /** How many there are before these. */
  older: number;
  /** Whether there is an address at which the person is told of what the office writes. */
  isTold: boolean;
  /** What keeps the viewer from writing; null: nothing does. */
  obstacle: MessageObstacle | null;
}

/**
 * What keeps somebody from writing. `untaken`: an official who hasn't taken the case; `over`: the case is closed, and the office did not write
 * last; `many`: the person has written as much as they can in a day.
 */
export type MessageObstacle = 'untaken' | 'over' | 'many';

/** `untold`: there is no address of theirs at which they could be told. */
export type WriteMessageResult =
  | { ok: true; isTold: boolean }
  | { ok: false; reason: 'not_found' | 'empty' | 'long' | MessageObstacle };
