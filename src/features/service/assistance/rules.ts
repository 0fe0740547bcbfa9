import { unaccented } from '../../../lib/unaccented.ts';
import { type CountryCode, readPhone } from '../../booking/appointments/rules.ts';
import { isStillOpen } from '../encounter/rules.ts';
import type { Caller, Found, Sought } from './types.ts';

/** Appointments that a search shows. */
export const MOST_FOUND = 50;
/** Characters that are read of what was typed. */
export const LONGEST_SEARCH = 120;

const LEAST_LETTERS = 2;
const LEAST_DIGITS = 4;

const REFERENCE = /^([2-9A-HJKMNP-Z]{3})[\s-]?([2-9A-HJKMNP-Z]{3})$/;

/** What somebody may have meant; null when it is too short to look for. */
export function readSearch(typed: string, country: CountryCode): Sought | null {
  const text = typed.normalize('NFC').replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_SEARCH);
  const [, first, second] = REFERENCE.exec(text.toUpperCase()) ?? [];
  const reference = first && second ? `${first}-${second}` : null;
  const email = text.includes('@') && text.length > LEAST_LETTERS ? text.toLowerCase() : null;
  const phone = email ? null : phoneIn(text, country);
  const letters = text.replaceAll(/[^\p{L}]/gu, '');
  const isName = !email && letters.length >= LEAST_LETTERS;
  const name = isName ? text.split(' ').filter((part) => unaccented(part) !== '') : null;
  return name || phone || email || reference ? { name, phone, email, reference } : null;
}

/** A number as people type it, whole or the part that they remember. */
function phoneIn(text: string, country: CountryCode): Sought['phone'] {
  if (/\p{L}/u.test(text)) return null;
  const read = readPhone(text, country);
  if (read.ok) return { digits: read.phone.slice(1), whole: true };
  const digits = text.replaceAll(/\D/g, '').replace(/^00/, '');
  return digits.length >= LEAST_DIGITS ? { digits, whole: false } : null;
}

/** For each letter of the alphabet, those that are written with it and an accent. */
const ACCENTED = accented();

function accented(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [from, to] of [
    [0xc0, 0x24f],
    [0x1e00, 0x1eff],
  ] as const)
    for (let code = from; code <= to; code++) {
      const letter = String.fromCodePoint(code);
      const base = unaccented(letter);
      if (/^[a-z]$/.test(base)) found.set(base, (found.get(base) ?? '') + letter);
    }
  return found;
}

/**
 * A regular expression of PostgreSQL, not minding case, for a part of a name: the accents of either side don't count.
 * The database keeps names with their accents in one piece (NFC).
 */
export function patternOf(part: string): string {
  return [...unaccented(part)]
    .map((letter) => {
      const others = ACCENTED.get(letter);
      if (others) return `[${letter}${others}]`;
      return /[\p{L}\p{N}]/u.test(letter)
        ? letter
        : APOSTROPHES.has(letter)
          ? ANY_APOSTROPHE
          : `\\${letter}`;
    })
    .join('');
}

const APOSTROPHES: ReadonlySet<string> = new Set(["'", '’', '‘', '´', '`']);
const ANY_APOSTROPHE = "['’‘´`]";

/** Returns the people among the appointments of one number: each name once, by its latest appointment. */
export function callerOf(found: readonly Found[]): Caller {
  const latest = found.toSorted((a, b) => Temporal.Instant.compare(b.start, a.start));
  const names = new Map<string, Found>();
  for (const each of latest) {
    const name = unaccented(each.name);
    if (!names.has(name)) names.set(name, each);
  }
  return { people: [...names.values()], open: found.filter((each) => isStillOpen(each.status)) };
}
