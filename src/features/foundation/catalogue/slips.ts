/** Returns the maximum typos in a word of this length. Short words must match exactly: "gat" is not "gas". */
const slipsAllowed = (length: number): number => (length < 4 ? 0 : length < 8 ? 1 : MOST_SLIPS);

/** Maximum typos in any word. */
export const MOST_SLIPS = 2;

/** Returns the letters of a word as bits (some letters share one), to reject very different words quickly. */
export function lettersOf(word: string): number {
  let letters = 0;
  for (let index = 0; index < word.length; index += 1)
    letters |= 1 << (word.charCodeAt(index) % 32);
  return letters;
}

/** Returns the minimum number of letters in one word that the other lacks. Each of them is a typo. */
export function lacking(letters: number, others: number): number {
  let left = letters & ~others;
  let count = 0;
  for (; left !== 0; left &= left - 1) count += 1;
  return count;
}

/** Number of letters from which an incomplete word may have a typo. */
const LONG_ENOUGH_TO_STOP = 5;

export interface Slips {
  count: number;
  /** Whether the typed text is only the beginning of the word. */
  isBeginning: boolean;
}

/**
 * Returns the number of typos (a letter too many, missing or wrong, or two swapped: Damerau-Levenshtein, each letter edited once)
 * between the typed text and a word or its beginning; null when there are more than a word of this length may have.
 */
export function slipsBetween(typed: string, word: string): Slips | null {
  const most = slipsAllowed(Math.min(typed.length, word.length));
  const mayStop = typed.length >= LONG_ENOUGH_TO_STOP;
  const tooLong = !mayStop && word.length > typed.length + most;
  if (most === 0 || word.length < typed.length - most || tooLong) return null;
  const last = lastRow([...typed], [...word].slice(0, typed.length + most + 1));
  const isWithinReach = word.length <= typed.length + most;
  const whole = isWithinReach ? (last.at(-1) ?? Infinity) : Infinity;
  const beginning = mayStop ? Math.min(...last) : Infinity;
  const count = Math.min(whole, beginning);
  return count <= most ? { count, isBeginning: beginning < whole } : null;
}

/** Returns the distances between the whole of `a` and each beginning of `b`. */
function lastRow(a: readonly string[], b: readonly string[]): number[] {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of a.entries()) {
    const row = [i + 1];
    for (const [j, other] of b.entries()) {
      const same = letter === other ? 0 : 1;
      const isSwap = i > 0 && j > 0 && letter === b[j - 1] && a[i - 1] === other;
      row.push(
        Math.min(
          (previous[j] ?? 0) + same,
          (previous[j + 1] ?? 0) + 1,
          (row[j] ?? 0) + 1,
          isSwap ? (before[j - 1] ?? 0) + 1 : Infinity,
        ),
      );
    }
    before = previous;
    previous = row;
  }
  return previous;
}
