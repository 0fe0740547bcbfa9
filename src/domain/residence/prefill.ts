import type { Address } from '../form/answers/address.ts';
import type { Known } from '../form/prefilled.ts';
import { namesAgree } from './certify.ts';
import { type Found, nameOf, type Resident } from './resident.ts';

/**
 * Returns what the register has of an identified person, in the form of answers. Nothing of somebody whose name differs, of several people, or
 * of whom nobody may know where they live. `name`: as the identification has it.
 */
export function knownOfResident(found: Found, name: string): Known {
  if (found.kind !== 'found') return {};
  const { resident } = found.registered;
  if (resident.isProtected || !namesAgree(nameOf(resident), name)) return {};
  return {
    'padro.address': addressOf(resident) ?? undefined,
    'padro.birth': resident.born?.toString(),
    'padro.since': resident.since?.toString(),
  };
}

/** A number of a street: 12, 12 bis, 4-6, s/n. */
const NUMBER = /^(?:s\/n|\d{1,4}(?: ?(?:[a-z]|bis))?(?:-\d{1,4})?)$/i;
const PLACE = /^(\d{5})\s+(\S.*)$/;

/** Returns the parts of an address that is written in lines: "Carrer Major, 12, 2n 1a", "08999 Vilaclara". Null: it is written otherwise. */
export function addressOf({ address, place }: Pick<Resident, 'address' | 'place'>): Address | null {
  const [street = '', number = '', ...rest] = address.split(',').map((part) => part.trim());
  const [, postalCode = '', town = ''] = PLACE.exec(place.trim()) ?? [];
  if (street === '' || !NUMBER.test(number) || town === '') return null;
  const [floor = '', door = '', ...more] = rest.join(' ').split(/\s+/).filter(Boolean);
  if (more.length > 0) return null;
  return {
    street,
    number,
    ...(floor && { floor }),
    ...(door && { door }),
    ...{ postalCode, town },
  };
}
