/** For how long a message that a server refuses for now is tried again (RFC 5321, 4.5.4.1, asks for four or five days;
 * what is told here is of no use so late). */
export const GIVES_UP_AFTER_HOURS = 72;
const FIRST_WAIT = 30;
/** Seconds. After an outage everything has been tried again within this, and five minutes are promised. */
const LONGEST_WAIT = 240;
/** A mailbox that is full for hours isn't asked every four minutes for three days. */
const PATIENCE_HOURS = 6;
const LONGEST_PATIENT_WAIT = 1800;

/**
 * Seconds until the next try after `attempts` failures: 30, 60, 120, then 240, each shortened by up to a quarter so that
 * what failed together doesn't come back together. `random` is in [0, 1). A server that answered is spared after six hours
 * of refusals; one that can't be reached is not, since asking costs it nothing.
 */
export function secondsToWait(
  attempts: number,
  since: { hours: number; answered: boolean },
  random: number,
): number {
  const longest =
    since.answered && since.hours >= PATIENCE_HOURS ? LONGEST_PATIENT_WAIT : LONGEST_WAIT;
  const wait = Math.min(FIRST_WAIT * 2 ** Math.min(attempts - 1, 10), longest);
  return wait * (1 - random / 4);
}
