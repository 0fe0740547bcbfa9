import type { NoticeChannel } from '../notices/types.ts';

/** What a code is for: the papers of an appointment, or consenting to one act. Each has codes of its own. */
export type Purpose = 'documents' | `act ${string}`;

/** Where a code goes. */
export interface CodeAddress {
  channel: NoticeChannel;
  recipient: string;
}

/** A code that was made, without the code itself. */
export interface MadeCode {
  id: string;
  madeAt: Temporal.Instant;
  expiresAt: Temporal.Instant;
  tries: number;
  endedAt: Temporal.Instant | null;
}
