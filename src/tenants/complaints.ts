import type { Logger } from 'pino';

/** Says which towns can't be opened, and stays readable when all of them can't at once. */
export interface Complaints {
  /** `words`: the reason, for the operator. */
  say(town: string | null, why: object, words: string): void;
}

const EACH = 10;
const PERIOD_MS = 60_000;

/** Each town gets a line of its own, up to ten in a minute; then one line says that there are more. */
export function createComplaints(log: Logger, now: () => number): Complaints {
  let since = Number.NEGATIVE_INFINITY;
  let said = 0;
  return {
    say(town, why, words) {
      if (now() - since >= PERIOD_MS) {
        since = now();
        said = 0;
      }
      said++;
      if (said <= EACH) log.error({ town, ...why }, `This town can't be opened: ${words}`);
      if (said === EACH + 1)
        log.error(
          `More than ${EACH} towns can't be opened: the others are counted in /metrics as shut, and tried again`,
        );
    },
  };
}
