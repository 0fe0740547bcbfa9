/** Minutes in which the same words count as those of a form that was pressed twice, or sent again. */
const AGAIN_MINUTES = 2;

/** What somebody wrote. */
interface Said {
  /** See `actorOf`. */
  by: string;
  text: string;
  at: Temporal.Instant;
}

/**
 * Returns whether words are the newest ones once more: the same text by the same person within some minutes, with nothing between them. `newest`:
 * what was written before; undefined: nothing was.
 */
export const isSaidAgain = (newest: Said | undefined, { by, text, at }: Said): boolean =>
  newest !== undefined &&
  newest.by === by &&
  newest.text === text &&
  Temporal.Instant.compare(at, newest.at.add({ minutes: AGAIN_MINUTES })) < 0;
