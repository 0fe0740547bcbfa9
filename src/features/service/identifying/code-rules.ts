/**
 * Letters of codes: consonants that look like no other letter and no digit, and make no words (RFC 8628, 6.1), but for V and W, which many
 * read aloud as B.
 */
const LETTERS = 'BCDFGHJKLMNPQRSTXZ';
const LENGTH = 8;
/** How many letters find the code. The others must be right too, so that a wrong one counts against one code. */
const FINDING = 4;

/** Minutes in which a code can be typed. */
export const CODE_MINUTES = 10;
/** Minutes in which whoever typed it can identify, from then on. */
export const TAKEN_MINUTES = 20;
/** How often a code may be typed wrong. */
export const MOST_MISSES = 5;
/** Codes that may be typed in the whole town, right or wrong: enough for a busy town, too few for guessing. */
export const TYPED = { burst: 200, perMinute: 60 };

/** Returns the code that random bytes make. `bytes`: 32. */
export const codeOf = (bytes: Buffer): string =>
  Array.from(
    { length: LENGTH },
    (_, at) => LETTERS[bytes.readUInt32BE(4 * at) % LETTERS.length],
  ).join('');

/** Returns a code as it is shown: in two halves. */
export const formatCode = (code: string): string =>
  `${code.slice(0, FINDING)}-${code.slice(FINDING)}`;

/** Returns the part of a code that finds it. */
export const finderOf = (code: string): string => code.slice(0, FINDING);

/** Returns the code in what somebody typed, as they heard or copied it; null: it can be none. */
export function readCode(typed: string): string | null {
  const letters = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\d]/gu, '')
    .replaceAll('V', 'B');
  const isCode = letters.length === LENGTH && [...letters].every((each) => LETTERS.includes(each));
  return isCode ? letters : null;
}
