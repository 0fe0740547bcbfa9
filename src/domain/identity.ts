/** The assurance levels of electronic identification, from the lowest: Regulation (EU) 910/2014 (eIDAS), art. 8. */
export const LEVELS = ['none', 'low', 'substantial', 'high'] as const;
export type Level = (typeof LEVELS)[number];
/** A level that a provider can give. */
export type GivenLevel = Exclude<Level, 'none'>;

/** The levels that a provider can give, from the lowest. */
export const GIVEN_LEVELS = LEVELS.filter((each): each is GivenLevel => each !== 'none');

/** Returns whether a level is as high as the one that is demanded. */
export const isEnough = (level: Level, demanded: Level): boolean =>
  LEVELS.indexOf(level) >= LEVELS.indexOf(demanded);

/** Returns the highest of some levels; `none` of no level. */
export const highestOf = (levels: readonly Level[]): Level =>
  LEVELS.findLast((each) => levels.includes(each)) ?? 'none';

/**
 * The kinds of identifiers of people. `dni` is the NIF of Spaniards and, with K, L or M, of people without another (RD 1065/2007, arts. 19
 * and 20); `nie` that of foreigners; `eidas` the unique identifier of another member state's system (Implementing Regulation (EU)
 * 2015/1501); `other` a document that a provider accepted.
 */
export const SCHEMES = ['dni', 'nie', 'passport', 'eidas', 'other'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** What says which person somebody is. */
export interface PersonId {
  scheme: Scheme;
  /** The country that gave it, ISO 3166-1 alpha-2; that of `eidas` as eIDAS writes it, so Greece is `EL`. */
  country: string;
  /** In capitals, without spaces and hyphens; that of `eidas` as its state wrote it, without spaces. */
  identifier: string;
}

/** Minutes that a person has at a provider of identities. What an answer may be old follows from it. */
export const ATTEMPT_MINUTES = 20;

const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Returns an identifier in capitals without spaces, dots and hyphens. */
export const plainIdentifier = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\s.\-–]/g, '')
    .toUpperCase();

/**
 * Returns the DNI or NIE in a text, however it is written; null when it has neither, or its letter is wrong (RD 1065/2007, arts. 19 and 20;
 * the letter is the number modulo 23).
 */
export function nifIn(text: string): PersonId | null {
  const identifier = plainIdentifier(text);
  const dni = /^(\d{1,8})([A-Z])$/.exec(identifier);
  if (dni) {
    const padded = `${dni[1]?.padStart(8, '0')}${dni[2]}`;
    return LETTERS[Number(dni[1]) % 23] === dni[2] ? spanish('dni', padded) : null;
  }
  const special = /^([KLM])(\d{7})([A-Z])$/.exec(identifier);
  if (special)
    return LETTERS[Number(special[2]) % 23] === special[3] ? spanish('dni', identifier) : null;
  const nie = /^([XYZ])(\d{7})([A-Z])$/.exec(identifier);
  if (!nie) return null;
  const number = Number(`${'XYZ'.indexOf(nie[1] ?? '')}${nie[2]}`);
  return LETTERS[number % 23] === nie[3] ? spanish('nie', identifier) : null;
}

const spanish = (scheme: Scheme, identifier: string): PersonId => ({
  scheme,
  country: 'ES',
  identifier,
});

/** The first letters of the NIF of organisations (Orden EHA/451/2008). */
const COMPANY = /^([ABCDEFGHJNPQRSUVW])(\d{7})([\dA-J])$/;

/** Returns the NIF of an organisation in a text, with its control character checked; null: there is none. */
export function companyIn(text: string): string | null {
  const identifier = plainIdentifier(text);
  const [, first = '', digits = '', control = ''] = COMPANY.exec(identifier) ?? [];
  if (!first) return null;
  const sum = [...digits].reduce((total, digit, index) => {
    const value = Number(digit);
    if (index % 2 === 1) return total + value;
    const twice = value * 2;
    return total + Math.floor(twice / 10) + (twice % 10);
  }, 0);
  const check = (10 - (sum % 10)) % 10;
  const asLetter = 'JABCDEFGHI'[check];
  const isRight = 'PQRSNW'.includes(first)
    ? control === asLetter
    : 'ABEH'.includes(first)
      ? control === String(check)
      : control === String(check) || control === asLetter;
  return isRight ? identifier : null;
}

/** The two countries of an eIDAS identifier, the one that gave it and the one for which, and the rest. */
const EIDAS = /^([A-Z]{2})\/([A-Z]{2})\/(\S{1,251})$/;

/** Returns a country as eIDAS writes it: ISO 3166-1 alpha-2, but `EL` for Greece (EU Interinstitutional Style Guide, 7.1.1). */
export const eidasCountry = (country: string): string => (country === 'GR' ? 'EL' : country);

/**
 * Returns the identifier in an eIDAS `PersonIdentifier`; null: it isn't one. That of Spain is the DNI or NIE, so that each person has one
 * identifier whichever provider gave it.
 */
export function eidasIn(text: string): PersonId | null {
  const [, from = '', to = '', rest = ''] = EIDAS.exec(text.replaceAll(/\s/g, '')) ?? [];
  if (!from) return null;
  if (from === 'ES') return nifIn(rest);
  const country = eidasCountry(from);
  return { scheme: 'eidas', country, identifier: `${country}/${eidasCountry(to)}/${rest}` };
}

/** Returns the number of a passport or another document; null: it can't be one, for instance since it is an eIDAS identifier. */
export function documentIn(
  scheme: 'passport' | 'other',
  country: string,
  text: string,
): PersonId | null {
  const identifier = plainIdentifier(text);
  const isNumber = /^[A-Z\d/]{4,40}$/.test(identifier) && !EIDAS.test(identifier);
  return isNumber && /^[A-Z]{2}$/.test(country) ? { scheme, country, identifier } : null;
}

/**
 * Returns an identifier of which four characters can be read, as the data protection agency recommends for publishing (AEPD, guidance on
 * the seventh additional provision of Ley Orgánica 3/2018): `***4567**` of a DNI, `****4567*` of a NIE, the last four of any other. Of a short
 * one it is half, and at most two. The countries of an eIDAS identifier don't count.
 */
export function maskedIdentifier({ scheme, identifier }: Pick<PersonId, 'scheme' | 'identifier'>) {
  if (scheme === 'dni' && /^\d/.test(identifier)) return `***${identifier.slice(3, 7)}**`;
  if (scheme === 'nie' || scheme === 'dni') return `****${identifier.slice(4, 8)}*`;
  const own = scheme === 'eidas' ? identifier.replace(/^[A-Z]{2}\/[A-Z]{2}\//, '') : identifier;
  const shown = own.length > 6 ? 4 : Math.min(2, Math.floor(own.length / 2));
  const hidden = own.length - shown;
  return `${'*'.repeat(Math.min(5, hidden))}${own.slice(hidden)}`;
}

/** Words of names that say nothing of who somebody is. */
const PARTICLES = new Set(['de', 'del', 'dels', 'la', 'las', 'los', 'les', 'el', 'els', 'i', 'y']);

/** Returns the words of a person's name, plain: without accents, capitals, signs and particles. */
export const nameWords = (name: string): string[] =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '' && !PARTICLES.has(word));

/** Returns whether a name has words enough to compare it with another one: a given name and a family name. */
export const isComparableName = (name: string): boolean => nameWords(name).length >= 2;
