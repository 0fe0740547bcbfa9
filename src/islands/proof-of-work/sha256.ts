/**
 * SHA-256 of short texts (FIPS 180-4): ASCII, at most 55 characters, which is one block. The browser's own (`crypto.subtle`) exists on
 * secure origins only, and answers each hash through a promise, which costs more than the hash.
 */

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let each = 2; primes.length < count; each++)
    if (primes.every((prime) => each % prime !== 0)) primes.push(each);
  return primes;
}

/** Returns the first 32 bits after the point. */
const fraction = (root: number) => ((root % 1) * 2 ** 32) | 0;

const START = firstPrimes(8).map((prime) => fraction(Math.sqrt(prime)));
const ROUNDS = Int32Array.from(firstPrimes(64), (prime) => fraction(Math.cbrt(prime)));
const words = new Int32Array(64);

/** Writes the eight words of the hash into `state`. */
export function sha256(text: string, state: Int32Array): void {
  state.set(START);
  fillWords(text);
  mix(state);
}

const turn = (word: number, by: number) => (word >>> by) | (word << (32 - by));

/** Fills the block: the text, a bit, zeros, the length in bits; then the words derived from it. */
function fillWords(text: string): void {
  words.fill(0, 0, 16);
  for (let at = 0; at <= text.length; at++) {
    const byte = at < text.length ? text.charCodeAt(at) : 0x80;
    words[at >> 2]! |= byte << (24 - (at % 4) * 8);
  }
  words[15] = text.length * 8;
  for (let at = 16; at < 64; at++) {
    const near = words[at - 2]!;
    const far = words[at - 15]!;
    const one = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3);
    const two = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
    words[at] = words[at - 16]! + one + words[at - 7]! + two;
  }
}

function mix(state: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let at = 0; at < 64; at++) {
    const right = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = (h + right + ((e & f) ^ (~e & g)) + ROUNDS[at]! + words[at]!) | 0;
    const left = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const two = (left + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, at) => {
    state[at]! += word;
  });
}
