import type { NoticeChannel } from '../notices/types.ts';

/** What a code opens: the papers of an appointment. Each has codes of its own. */
export type Purpose = 'documents';

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
