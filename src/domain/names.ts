import tlds from 'tlds' with { type: 'json' };

/** A mistake in the name of a person: it is not a name, or mail programs would make a link of it. */
export type NameMistake = 'not_name' | 'has_link';

/** Direction marks and zero-width characters that come from copying. Joiners stay, since some scripts need them. */
const INVISIBLE = /[\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** The top-level domains that exist (IANA). Mail programs make a link of every word with one of them after a full stop. */
const TOP_LEVEL: ReadonlySet<string> = new Set(tlds);

/** Words joined by full stops, without the space that follows a full stop in a text. */
const DOTTED = /[\p{L}\p{N}\p{M}_-]+(?:\.[\p{L}\p{N}\p{M}_-]+)+/gu;
/** The beginning of an internet address, or an address in numbers. */
const ADDRESS = /@|:\/\/|www\.|\.\p{L}{2,}\/|\d+\.\d+\.\d+\.\d+/iu;
/** Six digits or more, written as telephone numbers are: telephones make a link of them. */
const NUMBER = /\d(?:[\s./()-]{0,2}\d){5,}/;

/** Particles of surnames that are also top-level domains: `Dr.de Souza`. They follow an abbreviation of at most three letters. */
const PARTICLES: ReadonlySet<string> = new Set(['de', 'do', 'la', 'al', 'mc', 'st']);
const ABBREVIATION = /^\p{L}{1,3}$/u;

/** Initials and abbreviations, such as `M.` or `Mª`: the name that follows belongs to them. */
const INITIAL = /^\p{L}{1,3}[.ªº]$|^\p{L}$/u;

/** Returns the first name in a person's full name, by which they are greeted: `M. Àngels` of `M. Àngels Puig`. */
export function firstNameOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = words.findIndex((each) => !INITIAL.test(each));
  return words.slice(0, first + 1 || 1).join(' ');
}

/** Returns the name without invisible characters; the rest stays unchanged. */
export const tidyName = (typed: string): string => typed.replaceAll(INVISIBLE, '');

/**
 * Returns the mistake in a person's name, or null. A name is printed in mails that the town hall signs. It must not carry the address or
 * telephone number of a stranger. Abbreviations (Ma.José, J.M. Serrat, Puig, S.L.) are names.
 */
export function nameMistake(name: string): NameMistake | null {
  if (hasLink(name, true)) return 'has_link';
  return /\p{L}/u.test(name) && !/\p{Extended_Pictographic}/u.test(name) ? null : 'not_name';
}

/**
 * Returns a name as mails print it: with a space after each character that would make a link of it, so `multas-ayto.cloud` is printed
 * `multas-ayto. cloud`. This also covers names from other systems and from before the rule. Most names stay unchanged.
 */
export const unlinked = (name: string): string =>
  hasLink(name, false) ? name.replaceAll(/([@:/.．。｡])(?=[^\s@:/.．。｡])/gu, '$1 ') : name;

/** @param allowsParticles whether an abbreviation before a particle counts as a name */
function hasLink(name: string, allowsParticles: boolean): boolean {
  // Normalises as link detection does: without joiners and soft hyphens, and with full-width letters and full stops as plain ones.
  const read = name
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[。｡]/gu, '.');
  if (ADDRESS.test(read) || NUMBER.test(read)) return true;
  return [...read.matchAll(DOTTED)].some(([dotted]) => isAddress(dotted, allowsParticles));
}

function isAddress(dotted: string, allowsParticles: boolean): boolean {
  const [first = '', ...rest] = dotted.toLowerCase().split('.');
  const isName = rest.length === 1 && PARTICLES.has(rest[0] ?? '') && ABBREVIATION.test(first);
  if (allowsParticles && isName) return false;
  return rest.some((part) => TOP_LEVEL.has(part));
}
