import type { PageKey } from '../../domain/office/clips.ts';

/** The pages by the form of their address, tried in this order. Null: a page of no journey. */
const PAGES: readonly (readonly [RegExp, PageKey | null])[] = [
  [/^\/[a-z]+$/, 'home'],
  [/^\/[a-z]+\/help$/, 'help'],
  [/\/booking\/[^/]+\/check$/, 'check'],
  [/\/booking\/[^/]+\/time$/, 'times'],
  [/\/booking\//, 'details'],
  [/\/appointment\/[^/]+(\/confirmed)?$/, 'appointment'],
  [/\/appointment\/[^/]+\/documents$/, 'documents'],
  [/\/appointment\/[^/]+\/device$/, 'device'],
  [/\/appointment\/[^/]+\/(survey|thanks)$/, 'ending'],
  [/^\/[a-z]+\/(appointment|companion|waiting|notices|interpreter|case)\//, null],
  [/^\/[a-z]+\/(accessibility|privacy|cookies|software|offline|lost-link|verify)/, null],
  [/^\/[a-z]+\/[^/]+\/[^/]+\/times$/, 'times'],
  [/^\/[a-z]+\/[^/]+\/data$/, null],
  [/^\/[a-z]+\/[^/]+\/[^/]+$/, 'procedure'],
  [/^\/[a-z]+\/[^/]+$/, 'office'],
];

/** Returns which page of a journey an address is of; null: of none. */
export const pageKeyOf = (path: string): PageKey | null =>
  PAGES.find(([form]) => form.test(path))?.[1] ?? null;
