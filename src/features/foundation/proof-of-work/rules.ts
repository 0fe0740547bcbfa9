/**
 * How many numbers there are to try; half of them on average. Never more than all, so that no phone works for ever: about two
 * seconds on an old one (docs/performance.md).
 */
export const NUMBERS = 400_000;

/** How long somebody waits whose browser runs no scripts. */
export const WAIT_SECONDS = 20;

/** How long a challenge can be passed. */
export const LIVES_MINUTES = 10;

/** What is hashed for one number. Short enough for one block of SHA-256: the island hashes no more. */
export const textOf = (salt: string, number: number): string => `${salt}.${number}`;

/** What has been begun in an office, and by whom. */
export interface Pressure {
  /** Bookings that this sender began in the last hour and that made no appointment. */
  begun: number;
  /** Times that the whole office keeps now for citizens who fill in the form. */
  held: number;
  /** Entries of who has no appointment that were put on the office's waiting list in the last hour. */
  joined: number;
}

/** So many bookings one sender begins before their browser must work for the next. */
const BEGUN = 3;

/**
 * Whether `busy` asks for some work: this sender begins much and books little; or so much is held that it takes several senders
 * at their limit, or two forms a desk. One sender alone makes no work for others.
 */
export const isBusy = (
  { begun, held }: Pick<Pressure, 'begun' | 'held'>,
  { holdsPerAddress, desks }: { holdsPerAddress: number; desks: number },
): boolean => begun >= BEGUN || held >= Math.max(3 * holdsPerAddress, 2 * desks);

/**
 * The same for the waiting list, whose entries don't say who made them: so much is asked when more join within the hour than
 * there are desks.
 */
export const isBusyList = ({ joined }: Pick<Pressure, 'joined'>, desks: number): boolean =>
  joined >= Math.max(BEGUN, desks);

/** A challenge as it travels: what it is salted with, when it was made (epoch seconds), and the proof that we made it. */
export interface Ticket {
  salt: string;
  madeAt: number;
  proof: string;
}

export const formatTicket = ({ salt, madeAt, proof }: Ticket): string =>
  `${salt}.${madeAt}.${proof}`;

/** A ticket as `formatTicket` wrote it; null: it is none. Whether it is ours, its proof says. */
export function readTicket(text: string): Ticket | null {
  const [, salt, madeAt, proof] = /^([\w-]{16})\.(\d{1,12})\.([\w-]{32})$/.exec(text) ?? [];
  if (!salt || !madeAt || !proof) return null;
  return { salt, madeAt: Number(madeAt), proof };
}
