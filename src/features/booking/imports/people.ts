import { unaccented } from '../../../lib/unaccented.ts';

/** What is said of a person. Empty or null: nothing. */
export interface Someone {
  name: string;
  phone: string | null;
  email: string | null;
}

/** How alike two names are. `similar`: one has all words of the other, and more. */
export type Likeness = 'same' | 'similar' | 'other';

const wordsOf = (name: string): Set<string> =>
  new Set(unaccented(name).match(/[\p{L}\p{N}]+/gu) ?? []);

/** Returns a name by which the same name is found, whatever the order of its words, their case and accents. */
export const nameKey = (name: string): string => [...wordsOf(name)].toSorted().join(' ');

/** Compares two names: "Soler i Puig, Rosa" is "ROSA SOLER I PUIG", and similar to "Rosa Soler". */
export function likeness(one: string, other: string): Likeness {
  const [few, many] = [wordsOf(one), wordsOf(other)].toSorted((a, b) => a.size - b.size) as [
    Set<string>,
    Set<string>,
  ];
  if (few.size === 0 || !few.isSubsetOf(many)) return 'other';
  return few.size === many.size ? 'same' : 'similar';
}

/** Whether a line of a file can be about somebody: name, telephone or address agree, or it says nothing of a person. */
export function mayBe(said: Someone, known: Someone): boolean {
  if (!said.name && !said.phone && !said.email) return true;
  if (likeness(said.name, known.name) !== 'other') return true;
  return (
    isSame(endOf(said.phone), endOf(known.phone)) ||
    isSame(said.email?.toLowerCase(), known.email?.toLowerCase())
  );
}

/** Whether a person has other contact details than are known; what isn't said is not other. */
export const isOther = (said: Someone, known: Someone): boolean =>
  likeness(said.name, known.name) !== 'same' ||
  (!!said.phone && said.phone !== known.phone) ||
  (!!said.email && said.email.toLowerCase() !== known.email?.toLowerCase());

/** The end of a telephone, which is the same with the code of the country and without it. */
const endOf = (phone: string | null): string => phone?.replaceAll(/\D/g, '').slice(-9) ?? '';

const isSame = (one: string | undefined, other: string | undefined): boolean =>
  !!one && one === other;
