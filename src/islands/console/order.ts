/**
 * What becomes of an answer for a part of the page: `put` it there, `keep` what is shown, or ask `again`.
 */
export type Place = 'put' | 'keep' | 'again';

/**
 * Returns what becomes of an answer that was fetched for a part of the page: answers don't come in the order in which they were asked for, and the page may have been
 * replaced meanwhile. What the server made later is shown; of two that it made at the same event, the one that was put there last. Pure.
 * @param shown the newest event when the server made what is shown; null: it doesn't say
 * @param coming likewise of the answer
 * @param isOther whether what is shown was put there since the answer was asked for
 */
export function placeOf(shown: number | null, coming: number | null, isOther: boolean): Place {
  if (shown === null || coming === null) return isOther ? 'again' : 'put';
  if (coming === shown) return isOther ? 'keep' : 'put';
  return coming > shown ? 'put' : 'keep';
}
