import { PASSWORD_LENGTH } from '../rules.ts';
import type { PasswordRefusal } from '../types.ts';
import { isOnLists, plainly } from './lists.ts';

/** The words that an attacker tries for a person of this town. */
export interface PasswordContext {
  email: string;
  name: string;
  /** Names of the town and its offices. */
  places: readonly string[];
}

/** Common words of long passwords, in the four languages. The rest of a password without them must be long enough. */
const COMMON = [
  ...['contrasenya', 'contrasena', 'contraseña', 'pasahitza', 'pasahitz', 'password', 'passwort'],
  ...['passphrase', 'iloveyou', 'teestimo', 'tequiero', 'teamo', 'maitezaitut', 'letmein'],
  ...['welcome', 'bienvenido', 'bienvenida', 'benvingut', 'benvinguda', 'ongietorri'],
  ...['admin', 'administrator', 'administrador', 'ajuntament', 'ayuntamiento', 'udala', 'townhall'],
  ...['finestreta', 'vilaclara', 'ciutadania', 'barcelona', 'catalunya', 'euskadi', 'madrid'],
  ...['espana', 'qwertyuiop', 'qwerty', 'asdfghjkl', 'asdfgh', 'zxcvbnm', 'abcdefgh', 'monkey'],
  ...['dragon', 'master', 'sunshine', 'princess', 'football', 'superman', 'batman', 'trustno1'],
  ...['secret', 'secreta', 'hola', 'hello', 'gener', 'enero', 'primavera', 'estiu', 'verano'],
  ...['summer', 'winter', 'hivern', 'invierno', 'canviam', 'cambiame', 'changeme'],
];

const SEQUENCES = [
  '01234567890123456789',
  '98765432109876543210',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
];
const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
/** Minimum characters without all guessable parts. */
const OWN_CHARACTERS = 6;
/** Minimum letters of a matched part of a listed word. */
const SHORTEST_PART = 3;

/**
 * Returns why a password can't be chosen, or null. Length is checked first, and there are no rules about kinds of characters. Refused
 * are:
 * passwords from attackers' lists, also with a simple ending; common words and keyboard sequences; the names of
 * the town, its offices and the person give away (NIST SP 800-63B, 3.1.1.2; OWASP ASVS 5.0, 6.2.4 and 6.1.2).
 */
export function passwordRefusal(
  password: string,
  context: PasswordContext,
): PasswordRefusal | null {
  const length = [...password].length;
  if (length < PASSWORD_LENGTH.least) return 'too_short';
  if (length > PASSWORD_LENGTH.most) return 'too_long';
  const plain = plainly(password);
  if (withoutRepetition(plain).length < OWN_CHARACTERS) return 'common';
  if (leftWithout(plain, COMMON) < OWN_CHARACTERS) return 'common';
  if (isBreached(plain)) return 'breached';
  const places = context.places.flatMap(wordsIn);
  if (leftWithout(plain, [...COMMON, ...places]) < OWN_CHARACTERS) return 'local';
  const own = [context.email, context.name].flatMap(wordsIn);
  return leftWithout(plain, [...COMMON, ...places, ...own]) < OWN_CHARACTERS ? 'personal' : null;
}

const wordsIn = (text: string): string[] =>
  plainly(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((each) => each.length >= SHORTEST_PART);

/**
 * Returns whether a password is on an attackers' list: unchanged, reversed, with digits for letters, with digits and signs
 * before or after it, the same twice, or two listed ones together.
 */
function isBreached(plain: string): boolean {
  const letters = unleeted(plain);
  const bareWords = [withoutEnds(plain), withoutEnds(letters), unleeted(withoutEnds(plain))];
  const forms = [plain, letters, ...bareWords, ...withoutShortEndings(plain)];
  return forms.some((each) => {
    const bare = withoutRepetition(each);
    return isOnLists(each) || isOnLists(bare) || isOnLists(reversed(bare)) || isTwoListed(bare);
  });
}

const unleeted = (text: string): string =>
  text.replaceAll(/[013457@$!]/g, (sign) => LEET[sign] ?? sign);

const withoutEnds = (text: string): string => text.replaceAll(/^\P{L}+|\P{L}+$/gu, '');

/** Returns the text without one to four digits or signs at its end: a listed password may itself end in digits. */
function withoutShortEndings(text: string): string[] {
  const ending = /\P{L}{1,4}$/u.exec(text)?.[0] ?? '';
  return Array.from({ length: ending.length }, (_, index) => text.slice(0, -index - 1));
}

const reversed = (text: string): string => [...text].reverse().join('');

/** Returns whether the text is two listed words, perhaps with digits or signs between them. */
function isTwoListed(text: string): boolean {
  for (let at = SHORTEST_PART; at <= text.length - SHORTEST_PART; at++) {
    const start = withoutEnds(text.slice(0, at));
    const end = withoutEnds(text.slice(at));
    const isLong = start.length >= SHORTEST_PART && end.length >= SHORTEST_PART;
    if (isLong && isOnLists(start) && isOnLists(end)) return true;
  }
  return false;
}

/** Returns one round of a text that repeats from the start: "abc" for "abcabcabc". */
function withoutRepetition(text: string): string {
  for (let size = 1; size <= text.length / 2; size++) {
    const part = text.slice(0, size);
    if (part.repeat(Math.ceil(text.length / size)).startsWith(text)) return part;
  }
  return text;
}

/** Returns the number of characters without common words, keyboard sequences, digits at the ends, and signs. */
function leftWithout(text: string, words: readonly string[]): number {
  const sorted = [...words].map(plainly).sort((a, b) => b.length - a.length);
  const leftOf = (start: string) => {
    let left = start;
    for (const word of sorted) left = left.replaceAll(word, ' ');
    left = withoutSequences(left);
    return withoutEnds(left).replaceAll(/[^\p{L}\p{N}]/gu, '').length;
  };
  return Math.min(leftOf(text), leftOf(unleeted(text)));
}

function withoutSequences(text: string): string {
  let left = text;
  for (const sequence of SEQUENCES) {
    for (let size = Math.min(sequence.length, left.length); size >= 4; size--) {
      for (let at = 0; at + size <= sequence.length; at++) {
        left = left.replaceAll(sequence.slice(at, at + size), ' ');
      }
    }
  }
  return left;
}
