import type { CitizenSession } from '../../foundation/identification/types.ts';
import { LISTS, type ListName, type Owner, type Standing } from './types.ts';

/** Entries on a page of a list. */
export const PAGE = 20;
/** Minutes after which somebody must identify again before they take everything away or erase their folder. */
export const FRESH_MINUTES = 10;
/** Days after which a person is deleted who has nothing left in their folder and didn't identify since. */
export const PERSON_DAYS = 400;

/** Returns the page that is shown of a list: the asked one, or the nearest that exists. */
export function pageAt(total: number, asked: number): { page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(total / PAGE));
  const page = Number.isSafeInteger(asked) ? Math.min(pages, Math.max(1, asked)) : 1;
  return { page, pages };
}

/** Returns a list's kind with this name; null: it has none, so that all of it is shown. */
export const kindOf = (list: ListName, asked: string | undefined): string | null =>
  LISTS[list].find((each) => each === asked) ?? null;

/** What somebody does with all of their folder. */
export type WithAll = 'export' | 'erasure';

/** Returns whether a session may do something with all of the folder: the provider was made to ask again for it, and that was just now. */
export const mayDo = (
  what: WithAll,
  { purpose, at }: Pick<CitizenSession, 'purpose' | 'at'>,
  now: Temporal.Instant,
): boolean => purpose === what && isFresh(at, now);

/** Returns whether an identification is so new that everything may be taken away or erased. */
export const isFresh = (identifiedAt: Temporal.Instant, now: Temporal.Instant): boolean =>
  Temporal.Instant.compare(identifiedAt.add({ minutes: FRESH_MINUTES }), now) >= 0;

/** Returns the instant before which whoever was identified last then is forgotten when nothing is left of theirs. */
export const forgottenBefore = (now: Temporal.Instant): Temporal.Instant =>
  now.subtract({ hours: PERSON_DAYS * 24 });

/**
 * Returns whether an appointment that is in other folders can be taken out of them, into that of whoever has proved to be its citizen: a code
 * beats a link alone, and nothing beats a booking or an identification in the call.
 */
export const givesWay = (owners: readonly Owner[], isProved: boolean): boolean =>
  isProved && owners.every(({ how }) => how === 'link' || how === 'code');

/** Returns whose folder an appointment is in, for one person. */
export function standingFor(person: string, owners: readonly Pick<Owner, 'person'>[]): Standing {
  if (owners.some((each) => each.person === person)) return 'mine';
  return owners.length > 0 ? 'others' : 'nobodys';
}
