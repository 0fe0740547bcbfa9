/** What stands where something was cut out. */
export const CUT = '[…]';

const WORD = /\S+/g;
const MARKS = new Set([CUT, '[...]', '…', '...']);

/**
 * Returns a text with what is left of it after an official cut words out: `CUT` stands where there were others. Null: there is a word in it that the text does
 * not have there, so that nobody says in a person's name what they did not write.
 */
export function cutTo(original: string, left: string): string | null {
  if (left === original) return original;
  const words = [...original.matchAll(WORD)].map(({ 0: word, index }) => ({
    word,
    from: index,
    to: index + word.length,
  }));
  const kept = [...left.matchAll(WORD)].map(([word]) => word);
  let next = 0;
  let cut = '';
  for (const [nth, word] of kept.entries()) {
    if (MARKS.has(word)) {
      const [here, after] = [words[next]?.word, words[next + 1]?.word];
      const isWritten = word !== CUT && word === here;
      // Where the text itself has such a mark it is a word, if what follows it follows it here too.
      if (!isWritten || (kept[nth + 1] !== after && kept[nth + 1] !== CUT)) continue;
    }
    const at = words.findIndex((each, place) => place >= next && each.word === word);
    const found = words[at];
    if (!found) return null;
    const gap = at === next ? between(original, words[at - 1]?.to ?? 0, found.from) : ` ${CUT} `;
    cut += gap + word;
    next = at + 1;
  }
  if (next === 0) return '';
  return (next < words.length ? `${cut} ${CUT}` : cut).trim();
}

const between = (text: string, from: number, to: number): string => text.slice(from, to);
