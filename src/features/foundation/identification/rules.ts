import {
  GIVEN_LEVELS,
  type GivenLevel,
  isEnough,
  type Level,
  maskedIdentifier,
} from '../../../domain/identity.ts';
import type { ProviderSettings } from '../../../domain/office/identity.ts';
import type {
  CitizenSession,
  OfferedProvider,
  PersonName,
  ProviderAddresses,
  Purpose,
  Wishes,
} from './types.ts';

export { ATTEMPT_MINUTES } from '../../../domain/identity.ts';

/** Minutes without a request after which a session ends. */
export const SESSION_IDLE_MINUTES = 30;
/** Minutes after which a session ends in any case. */
export const SESSION_MINUTES = 240;
/** Days for which the evidence of an identification is kept that was for a session alone, or for an act to which nobody consented with it. */
export const EVIDENCE_DAYS = 90;
/** Characters of what a person wants to be called. */
export const CALLED_LENGTH = 120;

/** Returns the levels that a provider can give, from the lowest. */
export function levelsOf(settings: ProviderSettings): GivenLevel[] {
  if (settings.kind === 'demo') return [...GIVEN_LEVELS];
  if (settings.kind === 'wallet') return [settings.level];
  const given = Object.values(settings.levels);
  return GIVEN_LEVELS.filter((each) => given.includes(each));
}

/** Returns a provider as citizens choose it. */
export const offeredOf = (settings: ProviderSettings): OfferedProvider => ({
  code: settings.code,
  kind: settings.kind,
  name: settings.name,
  note: settings.note ?? null,
  levels: levelsOf(settings),
});

/**
 * Returns whether the provider must ask the person again, though it remembers them: somebody at a browser that was left open must not do it,
 * nor somebody with one press for an appointment that another device has open.
 */
export const asksAgain = (purpose: Purpose): boolean =>
  purpose.for === 'export' ||
  purpose.for === 'erasure' ||
  purpose.for === 'act' ||
  (purpose.for === 'appointment' && purpose.code !== undefined);

/** Returns whether a provider can give a level that is enough. */
export const canGive = ({ levels }: Pick<OfferedProvider, 'levels'>, demanded: Level): boolean =>
  levels.some((each) => isEnough(each, demanded));

/**
 * Returns a path of this town, with its query, in what a browser sent; null: it isn't one, for instance since it leads to another host. The
 * result is tested too, since dots are taken out of it.
 */
export function ownPath(text: string, baseUrl: string): string | null {
  if (!OWN.test(text) || !URL.canParse(text, baseUrl)) return null;
  const url = new URL(text, baseUrl);
  const path = `${url.pathname}${url.search}`;
  return url.origin === new URL(baseUrl).origin && OWN.test(path) ? path : null;
}

/** One slash at the beginning: two name a host. */
const OWN = /^\/(?![/\\])[^\s\\]{0,1000}$/;

/** Returns when a session ends that is used at an instant. */
export function sessionEnd(beganAt: Temporal.Instant, usedAt: Temporal.Instant): Temporal.Instant {
  const idle = usedAt.add({ minutes: SESSION_IDLE_MINUTES });
  const last = beganAt.add({ minutes: SESSION_MINUTES });
  return Temporal.Instant.compare(idle, last) < 0 ? idle : last;
}

/** Returns what to call a person: as they want, as a provider says, or by their identifier, masked. */
export const calledOf = ({
  id,
  name,
  wishes,
}: Pick<CitizenSession, 'id' | 'name' | 'wishes'>): string =>
  wishes.called || name.full || maskedIdentifier(id);

/** Returns the name of a person as a provider says it, with their identifier, masked: who they are, whatever they want to be called. */
export const legalNameOf = ({ id, name }: Pick<CitizenSession, 'id' | 'name'>): string =>
  name.full ? `${name.full} (${maskedIdentifier(id)})` : maskedIdentifier(id);

/** The name of a person, with the level of the identification that said it. */
export interface KnownName {
  name: PersonName;
  level: Level;
}

/** Returns the name after another identification: the new one, unless it is empty or its level is lower. */
export const nameAfter = (known: KnownName, said: KnownName): KnownName =>
  said.name.full !== '' && (known.name.full === '' || isEnough(said.level, known.level))
    ? said
    : known;

/** The wishes of a person who chose nothing. */
export const NO_WISHES: Wishes = { called: null, language: null, notices: null };

/** What is left of the wishes of a person who was erased and is kept: sealed, it is shorter than any other wishes, and read as `NO_WISHES`. */
export const ERASED_WISHES: Partial<Wishes> = {};

/** Returns our addresses for a provider. */
export const addressesOf = (baseUrl: string, provider: string): ProviderAddresses => {
  const own = `${baseUrl}/identify/${provider}`;
  return {
    baseUrl,
    returnUrl: `${own}/return`,
    answerUrl: `${own}/answer`,
    metadataUrl: `${own}/metadata`,
    leftUrl: `${own}/left`,
  };
};
