/** What a code is for: the papers of an appointment, or consenting to one act. Each has codes of its own. */
export type Purpose = 'documents' | `act ${string}`;

/** Where a code was sent, as it stood then. It names nobody. */
export interface SentTo {
  channel: 'email' | 'sms';
  /** The last digits of a number, or a mail address with its name hidden. */
  masked: string;
  /** Who had set that address (see `actorOf`). */
  setBy: string;
}

/** A code that was made, without the code itself. */
export interface MadeCode extends SentTo {
  id: string;
  madeAt: Temporal.Instant;
  expiresAt: Temporal.Instant;
  tries: number;
  endedAt: Temporal.Instant | null;
}
