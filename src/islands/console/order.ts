/** What becomes of an answer for a part of the page: `put` it there, `keep` what is shown, or ask `again`. */
export type Place = 'put' | 'keep' | 'again';

/** What is known of a part of the page that is shown when an answer for it comes. */
export interface Shown {
  /** The newest event when the server made it; null: it doesn't say. */
  after: number | null;
  /** Whether it was put there since the answer was asked for. */
  isOther: boolean;
  /** Whether it has what a press asked to see, such as a whole identifier, and the address of the part does not. */
  isOnce: boolean;
}

/**
 * Returns what becomes of an answer that was fetched for a part of the page: answers don't come in the order in which they were asked for, and the page may have been
 * replaced meanwhile. What the server made later is shown. Pure.
 * @param coming the newest event when the server made the answer; null: it doesn't say
 */
export function placeOf({ after, isOther, isOnce }: Shown, coming: number | null): Place {
  if (after === null || coming === null) return isOther ? 'again' : 'put';
  if (coming === after) return isOther || isOnce ? 'keep' : 'put';
  return coming > after ? 'put' : 'keep';
}
