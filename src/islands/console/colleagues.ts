import { isOfAsked } from './asked.ts';
import { refreshRegion } from './region.ts';

/** The colleagues who were asked for help with the open encounter: the region is fetched again after a change. */

/** Returns whether an event of this kind changes the region. */
export const isOfColleagues = (kind: string): boolean =>
  isOfAsked(kind) && document.getElementById('colleagues') !== null;

/** Fetches the region again; who has handed the encounter over has none any more. */
export const refreshColleagues = (): Promise<void> => refreshRegion('colleagues', { ends: true });
