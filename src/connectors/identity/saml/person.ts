import { companyIn, eidasIn, nifIn, type PersonId } from '../../../domain/identity.ts';
import type { Identified } from '../../../features/foundation/identification/types.ts';
import { codeFrom, lineFrom, NotIdentified, nameFrom } from '../adapter.ts';
import { ATTRIBUTES, type AttributeKey } from './names.ts';

/** Who is identified, for whom they act, and by which way. */
export type Who = Pick<Identified, 'person' | 'name' | 'represents' | 'method'>;

/** Returns who is identified by the attributes of an assertion. @throws NotIdentified when there is no identifier that can be used */
export function whoIn(attributes: ReadonlyMap<string, string>): Who {
  const of = (key: AttributeKey): string | null => attributes.get(ATTRIBUTES[key]) ?? null;
  const acts = of('actor') !== null;
  const company = of('company');
  // A natural person who is represented is no organisation: the person would be taken for the one who acts.
  if (acts && company === null) unusable('represents_a_person', 'organisation');
  const identifier =
    of('actor') ??
    of('person') ??
    of('national') ??
    unusable('no_person', company === null ? 'identifier' : 'organisation');
  const person = personIn(identifier) ?? unusable('identifier_unknown');
  const given = acts ? of('actorGiven') : of('given');
  const family = acts ? of('actorFamily') : (of('family') ?? of('firstSurname'));
  return {
    person,
    name: nameFrom({ given, family }),
    represents: company === null ? null : companyOf(company, of('companyName')),
    method: codeFrom(of('way') ?? '') || 'saml',
  };
}

/** An eIDAS identifier, or a DNI or NIE alone, as Cl@ve writes it. */
const personIn = (text: string): PersonId | null => eidasIn(text) ?? nifIn(text);

/** An organisation of another member state has an identifier like a person's: two countries and the rest. */
const FOREIGN = /^(?!ES\/)[A-Z]{2}\/[A-Z]{2}\/\S{1,250}$/;

function companyOf(text: string, name: string | null): Identified['represents'] {
  const identifier =
    companyIn(text.replace(/^ES\/[A-Z]{2}\//, '')) ??
    (FOREIGN.test(text) ? text : unusable('company_unknown', 'organisation'));
  return { identifier, name: lineFrom(name) ?? identifier };
}

function unusable(code: string, reason: 'identifier' | 'organisation' = 'identifier'): never {
  throw new NotIdentified(reason, code);
}
