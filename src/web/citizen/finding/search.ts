import type { Body, Procedure } from '../../../features/bodies/types.ts';
import { entryOf, makeSearch } from '../../../features/catalogue/rules.ts';
import type { Found, Search } from '../../../features/catalogue/types.ts';
import type { Language } from '../../../lib/i18n/languages.ts';

/** The longest text that is searched for. */
export const LONGEST_SEARCH = 100;

/** A procedure, and who does it. */
export interface Place {
  body: Body;
  procedure: Procedure;
}

/** Bodies don't change: what was made ready of one is good as long as it lives. */
const alone = new WeakMap<Body, Search<Place>>();
/** By the first of them: another town's bodies are others. */
const together = new WeakMap<Body, { bodies: readonly Body[]; search: Search<Place> }>();

/** The procedures of these bodies that have what is looked for, best first. */
export function searchIn(
  bodies: readonly Body[],
  sought: string,
  language: Language,
): Found<Place> {
  return searchOf(bodies).find(sought, language);
}

function searchOf(bodies: readonly Body[]): Search<Place> {
  const [first, second] = bodies;
  if (first && !second) {
    const search = alone.get(first) ?? ready([first]);
    alone.set(first, search);
    return search;
  }
  const kept = first && together.get(first);
  const isSame =
    kept?.bodies.length === bodies.length &&
    kept.bodies.every((each, index) => each === bodies[index]);
  if (kept && isSame) return kept.search;
  const search = ready(bodies);
  if (first) together.set(first, { bodies, search });
  return search;
}

const ready = (bodies: readonly Body[]): Search<Place> =>
  makeSearch(
    bodies.flatMap((body) =>
      body.procedures.map((procedure) => ({
        item: { body, procedure },
        entry: entryOf(procedure, { name: body.name, themes: body.settings.themes }),
      })),
    ),
  );
