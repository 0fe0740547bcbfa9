/**
 * The count of numbers to try, half of them on average. It is limited, so that no phone computes too long: about two
 * seconds on an old one (docs/performance.md).
 */
export const NUMBERS = 400_000;

/** The wait in seconds for browsers without scripts. */
export const WAIT_SECONDS = 20;

/** The validity of a challenge in seconds. */
export const LIVES_MINUTES = 10;

/** The hash input of one number. It fits one block of SHA-256: the island hashes only one. */
export const textOf = (salt: string, number: number): string => `${salt}.${number}`;

/** Recent bookings in an office and of a sender. */
export interface Pressure {
  /** Bookings that this sender began in the last hour and that made no appointment. */
  begun: number;
  /** Times that the whole office holds now for citizens who fill in the form. */
  held: number;
  /** Wait list entries without an appointment of the last hour, in the office. */
  joined: number;
}

/** Number of bookings that one sender may begin before their browser must work for the next. */
const BEGUN = 3;

/**
 * Returns whether `busy` needs proof of work: this sender begins many and books few; or the office holds so many times that it takes
 * several senders at their limit, or two forms per desk. One sender alone causes no work for others.
 */
export const isBusy = (
  { begun, held }: Pick<Pressure, 'begun' | 'held'>,
  { holdsPerAddress, desks }: { holdsPerAddress: number; desks: number },
): boolean => begun >= BEGUN || held >= Math.max(3 * holdsPerAddress, 2 * desks);

/**
 * Does the same for the wait list, whose entries don't record their sender: it needs work when more people join within the hour than
 * there are desks.
 */
export const isBusyList = ({ joined }: Pick<Pressure, 'joined'>, desks: number): boolean =>
  joined >= Math.max(BEGUN, desks);

/** A ticket: the salt of the challenge, its time (epoch seconds), and the signature that it is ours. */
export interface Ticket {
  salt: string;
  madeAt: number;
  proof: string;
}

export const formatTicket = ({ salt, madeAt, proof }: Ticket): string =>
  `${salt}.${madeAt}.${proof}`;

/** Reads a ticket of `formatTicket`; null: not valid. The caller checks the signature. */
export function readTicket(text: string): Ticket | null {
  const [, salt, madeAt, proof] = /^([\w-]{16})\.(\d{1,12})\.([\w-]{32})$/.exec(text) ?? [];
  if (!salt || !madeAt || !proof) return null;
  return { salt, madeAt: Number(madeAt), proof };
}
