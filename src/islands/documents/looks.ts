/** How often, and how many times, the page is asked how the check went. */
export const LOOK_EVERY_MS = 3_000;
const MOST_LOOKS = 20;

export interface Looks {
  /** Answers whether it could be seen. */
  now(): Promise<boolean>;
  /** There is something new to be checked: it is waited for as long as the first was. */
  afresh(): Promise<boolean>;
  /** After a while, while something is being checked. */
  later(): void;
}

/** Looks one after the other, so that an older answer never comes last; again and again while something is being checked. */
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
