import { createHash } from 'node:crypto';

/** A count of what went wrong within the window: under which name it is kept, and how much it bears. */
export interface Counter {
  name: string;
  most: number;
}

/** Minutes that a count lasts from its first failure; who has used one up waits for its end. */
export const WINDOW_MINUTES = 15;
/** Wrong passwords for one address of mail from one network, or in one browser that is known as its owner's. */
export const PASSWORD_TRIES = 10;
/**
 * And in all browsers that aren't known, wherever they are (NIST SP 800-63B, 3.2.2: at most 100). Were this as low as the other,
 * anybody could keep a member of staff out with ten wrong passwords; what guesses so slowly still lacks the code.
 */
const PASSWORD_TRIES_OF_ALL = 100;
/** Wrong codes for one account, whose password was right: in one known browser, or in all others together. */
export const CODE_TRIES = 10;

/**
 * On which counts a try at a password goes, in the order in which they are taken: one that is used up spares the next. A
 * browser in which its owner has signed in before has a count of its own, so strangers can't shut it out (OWASP: device
 * cookies).
 * @param known the browser's hash, in hexadecimal, where it is known as this person's
 */
export function passwordCounters(email: string, address: string, known: string | null): Counter[] {
  // Anything may have been typed for an address: it can't be taken for another count's name.
  const nameOf = (...parts: string[]) => `password ${JSON.stringify([email, ...parts])}`;
  if (known) return [{ name: nameOf('in', known), most: PASSWORD_TRIES }];
  return [
    { name: nameOf('from', address), most: PASSWORD_TRIES },
    { name: nameOf(), most: PASSWORD_TRIES_OF_ALL },
  ];
}

/** The same for the code after a right password. Not by network: whoever has the password has networks enough. */
export function codeCounters(user: string, known: string | null): Counter[] {
  return [{ name: known ? `code ${user} in ${known}` : `code ${user}`, most: CODE_TRIES }];
}

/**
 * What becomes of a try that a counter has taken: `number` counts it in. The one that uses it up is still tried, and is the
 * one to tell of if it fails; those after it aren't tried at all.
 */
export function verdictOn(number: number, most: number): 'free' | 'last' | 'locked' {
  if (number > most) return 'locked';
  return number === most ? 'last' : 'free';
}

/** An address of nobody's that stands for a known browser where the library counts by networks (RFC 4193: `fd`, a /64 each). */
export function countedAs(known: string): string {
  const digits = createHash('sha256').update(known).digest('hex').slice(0, 14);
  const [first, ...rest] = `fd${digits}`.match(/.{4}/g) ?? [];
  return `${[first, ...rest].join(':')}::`;
}
