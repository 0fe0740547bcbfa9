import { createHash } from 'node:crypto';

/** A counter of failures within the window: its key and its maximum. */
export interface Counter {
  name: string;
  most: number;
}

/** Minutes of a counter from its first failure. After the maximum, the person must wait until it ends. */
export const WINDOW_MINUTES = 15;
/** Maximum wrong passwords for one e-mail address from one network, or in one known browser of its owner. */
export const PASSWORD_TRIES = 10;
/**
 * Maximum in all unknown browsers together (NIST SP 800-63B, 3.2.2: at most 100). If it were as low as the other,
 * anybody could lock out a member of staff with ten wrong passwords. A slow attacker still lacks the code.
 */
const PASSWORD_TRIES_OF_ALL = 100;
/** Maximum wrong codes for one account after a right password: in one known browser, or in all others together. */
export const CODE_TRIES = 10;

/**
 * Returns the counters of a password try, in the order in which they are used: when one is used up, the next isn't counted. A
 * known browser has a counter of its own, so that strangers can't lock it out (OWASP: device
 * cookies).
 * @param known the browser's hash, in hexadecimal, when it is known for this person
 */
export function passwordCounters(email: string, address: string, known: string | null): Counter[] {
  // The typed address may be any text: it must not match another counter's key.
  const nameOf = (...parts: string[]) => `password ${JSON.stringify([email, ...parts])}`;
  if (known) return [{ name: nameOf('in', known), most: PASSWORD_TRIES }];
  return [
    { name: nameOf('from', address), most: PASSWORD_TRIES },
    { name: nameOf(), most: PASSWORD_TRIES_OF_ALL },
  ];
}

/** Returns the counters of a code after a right password. They are not by network: an attacker with the password has enough networks. */
export function codeCounters(user: string, known: string | null): Counter[] {
  return [{ name: known ? `code ${user} in ${known}` : `code ${user}`, most: CODE_TRIES }];
}

/**
 * Returns what follows from a counted try; `number` includes it. The try that uses up the counter is still made, and is
 * reported if it fails; later ones aren't made.
 */
export function verdictOn(number: number, most: number): 'free' | 'last' | 'locked' {
  if (number > most) return 'locked';
  return number === most ? 'last' : 'free';
}

/** An unused network address that represents a known browser in the library's limits by network (RFC 4193: `fd`, a /64 each). */
export function countedAs(known: string): string {
  const digits = createHash('sha256').update(known).digest('hex').slice(0, 14);
  const [first, ...rest] = `fd${digits}`.match(/.{4}/g) ?? [];
  return `${[first, ...rest].join(':')}::`;
}
