import { refreshRegion } from './region.ts';

/** The acts that a citizen is asked to consent to, where the page shows them: the region is fetched again after a change. */

/** Returns whether an event of this kind changes the region. */
export const isOfActs = (kind: string): boolean =>
  kind.startsWith('act_') && document.getElementById('acts') !== null;

/** Fetches the region again. */
export const refreshActs = (): Promise<void> => refreshRegion('acts');
