import { refreshRegion } from './region.ts';

/** The cases at an appointment: the list is fetched again when the citizen shows one or stops showing it. */

const ID = 'forms-here';

/** Returns whether an event of this kind changes the list, where the page has it. */
export const isOfForms = (kind: string): boolean =>
  (kind === 'case_shown' || kind === 'case_hidden') && document.getElementById(ID) !== null;

/** Fetches the list again. */
export const refreshForms = (): Promise<void> => refreshRegion(ID);
