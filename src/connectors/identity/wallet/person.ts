import { eidasIn, nifIn, type PersonId } from '../../../domain/identity.ts';
import type { PersonName } from '../../../features/foundation/identification/types.ts';
import type { Claims } from './binding.ts';
import { refuse } from './refusal.ts';

const LONGEST = 200;

/**
 * Returns who a person is by their data. In Spain that is the DNI or NIE; the number of another state becomes an identifier of eIDAS, whose
 * first part is that state.
 *
 * @throws NotIdentified; `identifier`: the data have no number that the town can use
 */
export function personOf({ values, country }: Claims): { person: PersonId; name: PersonName } {
  if (textOf(values, 'issuing_country') !== country) return refuse('country_of_other_authority');
  const given = textOf(values, 'given_name') ?? refuse('name_missing');
  const family = textOf(values, 'family_name') ?? refuse('name_missing');
  const number = textOf(values, 'personal_administrative_number');
  if (!number) return refuse('number_missing', 'identifier');
  const person = country === 'ES' ? nifIn(number) : eidasIn(`${country}/ES/${number}`);
  return {
    person: person ?? refuse('number_unusable', 'identifier'),
    name: { full: `${given} ${family}`, given, family },
  };
}

function textOf(values: ReadonlyMap<string, unknown>, name: string): string | null {
  const value = values.get(name);
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string' || value.length > LONGEST || /\p{Cc}/u.test(value))
    return refuse('claim_unusable');
  return value.trim() || null;
}
