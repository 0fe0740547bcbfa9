import { nameWords } from '../identity.ts';
import { type Extent, type Found, nameOf, type Resident } from './resident.ts';

/** What a residence certificate attests: the people, where they live, and of which day the register is. */
export interface Residence {
  extent: Extent;
  /** The person first, then the others of the household, the oldest first. */
  people: readonly Resident[];
  address: string;
  place: string;
  asOf: Temporal.PlainDate;
}

/**
 * Why a certificate can't be issued at once, so that an official looks at the request.
 * - `no_list`, `too_old`: the register is not here, or was brought here too long ago;
 * - `unknown`, `several`: the register has nobody with the identifier, or more than one person;
 * - `no_name`: the identification has no name to compare;
 * - `name_differs`: the register has another name with it;
 * - `no_address`: the register has the person without an address;
 * - `protected`: nobody may know the address of somebody who would be on it;
 * - `protection_unknown`: the register does not tell whether nobody may know the address of somebody else in the dwelling, or of the person
 *   themselves where an official asks for them;
 * - `minor`: everybody in the dwelling was asked for by somebody who is not of age, or whose date of birth isn't there;
 * - `collective`: so many people live there that it is an establishment, such as a home, and no household;
 * - `not_seen`: an official asks for somebody whose document nobody saw, such as a caller;
 * - `acts_for`: whoever was identified acts for an organisation;
 * - `failed`: the document could not be made for an hour.
 */
export const OBSTACLES = [
  'no_list',
  'too_old',
  'unknown',
  'several',
  'no_name',
  'name_differs',
  'no_address',
  'protected',
  'protection_unknown',
  'minor',
  'collective',
  'not_seen',
  'acts_for',
  'failed',
] as const;
export type Obstacle = (typeof OBSTACLES)[number];

/** Whether a certificate can be issued at once. */
export type Certified = { ok: true; residence: Residence } | { ok: false; obstacle: Obstacle };

/** The days for which a list of residents is good enough to certify what it has. */
export const GOOD_FOR_DAYS = 7;
/** The most people of a household: the register lists more at an address only in a collective dwelling (RD 1690/1986, art. 59). */
export const HOUSEHOLD_MOST = 15;

/**
 * Decides whether what the register has of an identified person can be certified at once. `name`: as the identification has it. `isForThem`: an
 * official asks for the person, by the name and the number of a document. Whoever identifies gets no more than their own address; an official
 * could be asked by somebody who knows both, and must not find somebody who hides.
 */
export function certify(
  found: Found,
  asked: { name: string; extent: Extent; today: Temporal.PlainDate; isForThem: boolean },
): Certified {
  if (found.kind !== 'found') return refused(found.kind);
  const { resident, household, asOf, tellsProtected } = found.registered;
  if (asOf.until(asked.today).days > GOOD_FOR_DAYS) return refused('too_old');
  if (asked.name.trim() === '') return refused('no_name');
  if (!namesAgree(nameOf(resident), asked.name)) return refused('name_differs');
  if (resident.address === '') return refused('no_address');
  if (resident.isProtected) return refused('protected');
  if (asked.isForThem && !tellsProtected) return refused('protection_unknown');
  const { address, place } = resident;
  const { extent } = asked;
  if (extent === 'person')
    return { ok: true, residence: { extent, people: [resident], address, place, asOf } };
  if (household.some(({ isProtected }) => isProtected)) return refused('protected');
  if (!tellsProtected && household.length > 1) return refused('protection_unknown');
  if (!isOfAge(resident, asked.today)) return refused('minor');
  if (household.length > HOUSEHOLD_MOST) return refused('collective');
  const others = household.filter((each) => each !== resident).toSorted(olderFirst);
  return {
    ok: true,
    residence: { extent, people: [resident, ...others], address, place, asOf },
  };
}

/** Of age at eighteen: Spanish Constitution, art. 12. */
const isOfAge = ({ born }: Resident, today: Temporal.PlainDate): boolean =>
  born !== null && Temporal.PlainDate.compare(born.add({ years: 18 }), today) <= 0;

const refused = (obstacle: Obstacle): Certified => ({ ok: false, obstacle });

/** Whoever has no date of birth stands last. */
function olderFirst(a: Resident, b: Resident): number {
  if (a.born && b.born) return Temporal.PlainDate.compare(a.born, b.born);
  return Number(a.born === null) - Number(b.born === null);
}

/**
 * Returns whether two names can be the same person's: every word of the shorter one is in the longer one, and there are two at least. One
 * register has a second family name or given name that the other one leaves out.
 */
export function namesAgree(a: string, b: string): boolean {
  const [shorter = [], longer = []] = [nameWords(a), nameWords(b)].toSorted(
    (one, other) => one.length - other.length,
  );
  return shorter.length >= 2 && shorter.every((word) => longer.includes(word));
}
