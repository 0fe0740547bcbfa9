/** The interval at which the page is asked for the result of the check. */
export const LOOK_EVERY_MS = 3_000;
const MOST_LOOKS = 20;

export interface Looks {
  /** Asks now; resolves to whether the request succeeded. */
  now(): Promise<boolean>;
  /** Asks now and starts the count again, because there is a new file to be checked. */
  afresh(): Promise<boolean>;
  /** Asks after a while, while something is being checked. */
  later(): void;
}

/**
 * Returns a poller whose requests follow each other, so that an older answer never comes last. It repeats while something is being checked.
 */
export function createLooks(look: () => Promise<boolean>, isChecking: () => boolean): Looks {
  let looks = 0;
  let timer = 0;
  let last: Promise<unknown> = Promise.resolve();

  const now = () => {
    const mine = last.then(async () => {
      const isSeen = await look().catch(() => false);
      later();
      return isSeen;
    });
    last = mine;
    return mine;
  };
  const later = () => {
    window.clearTimeout(timer);
    if (isChecking() && looks++ < MOST_LOOKS) timer = window.setTimeout(now, LOOK_EVERY_MS);
  };

  return {
    now,
    later,
    afresh: () => {
      looks = 0;
      return now();
    },
  };
}
