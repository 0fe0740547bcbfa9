import { eidasCountry, eidasIn, nifIn, type PersonId } from '../../../domain/identity.ts';
import type { PersonName } from '../../../features/foundation/identification/types.ts';
import { nameFrom } from '../adapter.ts';
import type { Claims } from './binding.ts';
import { refuse } from './refusal.ts';

/** Characters of a number. */
const LONGEST = 200;

/**
 * Returns who a person is by their data. In Spain that is the DNI or NIE; the number of another state becomes an identifier of eIDAS, whose
 * first part is that state.
 *
 * @throws NotIdentified; `identifier`: the data have no number that the town can use
 */
export function personOf({ values, country }: Claims): { person: PersonId; name: PersonName } {
  if (eidasCountry(textOf(values, 'issuing_country') ?? '') !== eidasCountry(country))
    return refuse('country_of_other_authority');
  const name = nameFrom({ given: values.get('given_name'), family: values.get('family_name') });
  if (name.given === null || name.family === null) return refuse('name_missing');
  const number = textOf(values, 'personal_administrative_number');
  if (!number) return refuse('number_missing', 'identifier');
  const person = country === 'ES' ? nifIn(number) : eidasIn(`${country}/ES/${number}`);
  return {
    person: person ?? refuse('number_unusable', 'identifier'),
    name,
  };
}

function textOf(values: ReadonlyMap<string, unknown>, name: string): string | null {
  const value = values.get(name);
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string' || value.length > LONGEST || /\p{Cc}/u.test(value))
    return refuse('claim_unusable');
  return value.trim() || null;
}
