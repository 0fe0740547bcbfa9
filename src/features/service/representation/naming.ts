import { maskedIdentifier, nifIn } from '../../../domain/identity.ts';
import type { Identification, Person } from '../../foundation/identification/service.ts';
import { isSameName } from '../identifying/rules.ts';
import { stateAt } from './rules.ts';
import type { Around, Named, Other, Representation } from './types.ts';
import type { AroundFound, SealedRepresentation } from './views.ts';

/** What gives people their names. */
export interface NamingDeps {
  clock: { now(): Temporal.Instant };
  identification: Pick<Identification, 'person' | 'openSaid'>;
}

/** Returns the person who asked for an authorisation; null: they erased their folder. */
const askerOf = (row: SealedRepresentation): string | null =>
  row.askedBy === 'representative' ? row.representative : row.represented;

/** Opens what whoever asked typed of the other; null: they erased their folder. */
export async function openOther(
  { identification }: NamingDeps,
  row: SealedRepresentation,
): Promise<Other | null> {
  const person = askerOf(row);
  if (!person || !row.other) return null;
  return identification.openSaid<Other>({ person, of: row.id }, row.other);
}

/**
 * Gives authorisations their people's names: that of whoever asked as their provider says it, that of the other as it was typed. The name that
 * a provider says of the other is theirs to tell.
 */
export const named = (
  deps: NamingDeps,
  rows: readonly SealedRepresentation[],
): Promise<Representation[]> => Promise.all(rows.map((row) => nameOne(deps, row)));

/** The same of the authorisations around an appointment. */
export const nameAround = async (
  deps: NamingDeps,
  { asked, by }: AroundFound,
): Promise<Around> => ({
  asked: await named(deps, asked),
  by: by && (await nameOne(deps, by)),
});

async function nameOne(deps: NamingDeps, row: SealedRepresentation): Promise<Representation> {
  const asker = askerOf(row);
  const person = asker && (await deps.identification.person(asker));
  const other = await openOther(deps, row);
  const { representative, represented, other: _, ...rest } = row;
  const isAskedByActor = row.askedBy === 'representative';
  return {
    ...rest,
    state: stateAt(row, deps.clock.now()),
    representative: isAskedByActor
      ? namedAs(representative, person)
      : typedAs(representative, other),
    represented: isAskedByActor ? typedAs(represented, other) : namedAs(represented, person),
  };
}

const namedAs = (person: string | null, known: Person | null | ''): Named => ({
  person,
  name: known ? known.name.full : '',
  masked: known ? maskedIdentifier(known.id) : '',
});

const typedAs = (person: string | null, other: Other | null): Named => ({
  person,
  name: other?.name ?? '',
  masked: other ? maskedNif(other.identifier) : '',
});

const maskedNif = (identifier: string): string =>
  maskedIdentifier(nifIn(identifier) ?? { scheme: 'other', identifier });

/**
 * Returns whether an authorisation that was given is meant for the person whose identifier it names: a number can be mistyped, and then it is
 * that of a stranger with another name.
 */
export const isMeantFor = (
  { askedBy, representative }: Pick<Representation, 'askedBy' | 'representative'>,
  { person, name }: Pick<Person, 'person' | 'name'>,
): boolean =>
  askedBy === 'representative' ||
  representative.person !== person ||
  representative.name === '' ||
  isSameName(representative.name, name);

/** Returns for whom somebody acts by an authorisation: the name and the identifier, as they were typed or as the person identified. Null: they are gone. */
export async function whomOf(
  deps: NamingDeps,
  row: SealedRepresentation,
): Promise<{ name: string; identifier: string } | null> {
  if (!row.represented) return null;
  if (row.askedBy === 'representative') return openOther(deps, row);
  const known = await deps.identification.person(row.represented);
  return known && { name: known.name.full, identifier: known.id.identifier };
}
