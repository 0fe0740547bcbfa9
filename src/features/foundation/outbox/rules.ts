/** How long a message that a server refuses temporarily is tried again (RFC 5321, 4.5.4.1, asks for four or five days;
 * these messages are of no use so late). */
export const GIVES_UP_AFTER_HOURS = 72;
const FIRST_WAIT = 30;
/**
 * Maximum wait in seconds. Five minutes after a mail server's return all is out: also what was handed to it in silence just before, for which
 * an answer is awaited for two minutes.
 */
const LONGEST_WAIT = 160;
/** Wait in seconds after six hours of refusals, such as by a full mailbox. */
const PATIENCE_HOURS = 6;
export const LONGEST_PATIENT_WAIT = 1800;

/**
 * Returns the seconds until the next try after `attempts` failures: 30, 60, 120, then 160, each shortened by up to a quarter so that
 * messages that failed together aren't repeated together. `random` is in [0, 1). A server that answered gets fewer tries after six hours
 * of refusals. A server that can't be reached doesn't, since the tries cost it nothing.
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
