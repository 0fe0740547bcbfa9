import tlds from 'tlds' with { type: 'json' };

/** Names of people as they are typed: what is none, and how one is printed so that nothing in it becomes a link. */

export type NameMistake = 'not_name' | 'has_link';

/** Direction marks and zero-width signs that copying brings; joiners, which some scripts need, stay. */
const INVISIBLE = /[\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** The ends of internet addresses that exist (IANA): mail programs make a link of every word that has one after a full stop. */
const TOP_LEVEL: ReadonlySet<string> = new Set(tlds);

/** Words with full stops between them, and none of the spaces that follow a full stop in a text. */
const DOTTED = /[\p{L}\p{N}\p{M}_-]+(?:\.[\p{L}\p{N}\p{M}_-]+)+/gu;
/** What begins an address, and addresses in numbers. */
const ADDRESS = /@|:\/\/|www\.|\.\p{L}{2,}\/|\d+\.\d+\.\d+\.\d+/iu;
/** Six digits or more, written as telephone numbers are: telephones make a link of them. */
const NUMBER = /\d(?:[\s./()-]{0,2}\d){5,}/;

/** Particles of surnames that are countries' ends too: `Dr.de Souza`. They follow an abbreviation of at most three letters. */
const PARTICLES: ReadonlySet<string> = new Set(['de', 'do', 'la', 'al', 'mc', 'st']);
const ABBREVIATION = /^\p{L}{1,3}$/u;

/** Without what nobody sees; whatever else people are called stays as it is. */
export const tidyName = (typed: string): string => typed.replaceAll(INVISIBLE, '');

/**
 * What is wrong with a name of a person; null when nothing is. A name is printed in mails that the town hall signs, and must not carry
 * a stranger's address or telephone number to them. Abbreviations (Ma.José, J.M. Serrat, Puig, S.L.) are names.
 */
export function nameMistake(name: string): NameMistake | null {
  if (hasLink(name, true)) return 'has_link';
  return /\p{L}/u.test(name) && !/\p{Extended_Pictographic}/u.test(name) ? null : 'not_name';
}

/**
 * A name as it is printed in mails: with a space after each sign that makes a link of it, so `multas-ayto.cloud` is printed `multas-ayto.
 * cloud`. Names from before the rule, and from other systems, come so too. Most names stay as they are.
 */
export const unlinked = (name: string): string =>
  hasLink(name, false) ? name.replaceAll(/([@:/.．。｡])(?=[^\s@:/.．。｡])/gu, '$1 ') : name;

/** @param allowsParticles whether an abbreviation before a particle is taken for one */
function hasLink(name: string, allowsParticles: boolean): boolean {
  // As programs that look for links read it: without joiners and soft hyphens, with full-width letters and stops as plain ones.
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
