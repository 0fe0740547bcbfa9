/** What becomes of an answer for a part of the page: `put` it there, `keep` what is shown, or ask `again`. */
export type Place = 'put' | 'keep' | 'again';

/** What is known when an answer for a part of the page comes. */
export interface Coming {
  /** The newest event when the server made what is shown; null: it doesn't say. */
  shown: number | null;
  /** Likewise of the answer. */
  coming: number | null;
  /** Whether an answer that was asked for later has been put there. */
  isLate: boolean;
  /** Whether the whole page was replaced since the answer was asked for. */
  isReplaced: boolean;
  /** Whether what is shown has what a press asked to see, such as a whole identifier, and nothing is known to have changed since. */
  isOnce: boolean;
}

/**
 * Returns what becomes of an answer that was fetched for a part of the page. Answers don't come in the order in which they were asked for, and one that was asked for later has
 * what was told before it. Whether a page or an answer is newer is told by their events. Pure.
 */
export function placeOf({ shown, coming, isLate, isReplaced, isOnce }: Coming): Place {
  if (isLate) return 'keep';
  if (!isReplaced && !isOnce) return 'put';
  if (shown === null || coming === null) return isReplaced ? 'again' : 'put';
  return coming > shown ? 'put' : 'keep';
}
