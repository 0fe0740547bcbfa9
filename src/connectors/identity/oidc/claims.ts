import {
  documentIn,
  eidasIn,
  type GivenLevel,
  LEVELS,
  nifIn,
  type PersonId,
} from '../../../domain/identity.ts';
import type { SettingsOf } from '../../../domain/office/identity.ts';
import type { Attempt } from '../../../features/foundation/identification/types.ts';
import { NotIdentified, wordsEnough } from '../adapter.ts';

type Settings = SettingsOf<'oidc'>;
/** What a provider says of a person. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * Returns the words of `acr_values` for a level, in the order of preference (OpenID Connect Core 1.0, 3.1.2.1): the lowest that is enough
 * first, so that nobody is asked for more than what is needed. Words with a space can't be asked for.
 */
export const acrValues = (levels: Settings['levels'], demanded: GivenLevel): string[] => {
  const rank = (word: string) => LEVELS.indexOf(levels[word] ?? 'none');
  return wordsEnough(levels, demanded)
    .filter((word) => !/\s/.test(word))
    .sort((a, b) => rank(a) - rank(b));
};

/**
 * Returns whether the person must identify themselves anew: where the attempt demands it, and since the levels substantial and high demand a dynamic authentication
 * before data are given (Implementing Regulation (EU) 2015/1502, annex, 2.3.1).
 */
export const needsFresh = ({ level, isFresh }: Pick<Attempt, 'level' | 'isFresh'>): boolean =>
  isFresh || level !== 'low';

/** Returns whether claims have what an identification needs, so that user info needn't be read. */
export const areEnough = (claims: Claims, { identifier }: Settings): boolean =>
  claims[identifier.claim] !== undefined && (!!claims.name || !!claims.family_name);

/** Returns who it is, by the claim of the settings. @throws NotIdentified when it has no identifier that can be one */
export function personIn(
  claims: Claims,
  { identifier: { claim, scheme, country } }: Settings,
): PersonId {
  const said = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (typeof said !== 'string' || !said)
    throw new NotIdentified('identifier', 'identifier_missing');
  const person = {
    nif: () => nifIn(said),
    eidas: () => eidasIn(said),
    passport: () => (country ? documentIn('passport', country, said) : null),
  }[scheme]();
  if (!person) throw new NotIdentified('identifier', 'identifier_wrong');
  return person;
}

/** Returns how the person identified themselves (`amr`, RFC 8176), in small letters; without it, that it was by this protocol. */
export function methodIn({ amr }: Claims): string {
  const words = (Array.isArray(amr) ? amr : [])
    .filter((each): each is string => typeof each === 'string' && /^[\w.:-]{1,30}$/.test(each))
    .map((each) => each.toLowerCase());
  return words.slice(0, 4).join('+') || 'oidc';
}

/** The standard claims by which a person is known (OpenID Connect Core 1.0, 5.1). */
const PERSONAL = ['name', 'given_name', 'family_name', 'email', 'phone_number', 'birthdate'];

/** Returns whether an ID token has data of the person besides the provider's own id of them. It was checked before. */
export function isPersonal(token: string, { identifier }: Settings): boolean {
  const [, payload = ''] = token.split('.');
  const claims: Claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return [identifier.claim, ...PERSONAL].some((claim) => claims[claim] !== undefined);
}
