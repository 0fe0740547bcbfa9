import type { Office, Procedure } from '../../../domain/office/types.ts';
import { entryOf, makeSearch } from '../../../features/foundation/catalogue/rules.ts';
import type { Found, Search } from '../../../features/foundation/catalogue/types.ts';
import type { Language } from '../../../lib/i18n/languages.ts';

/** The longest search text. */
export const LONGEST_SEARCH = 100;

/** A procedure and its office. */
export interface Place {
  office: Office;
  procedure: Procedure;
}

/** Offices are immutable, so the prepared search of one is valid as long as the object lives. */
const alone = new WeakMap<Office, Search<Place>>();
/** The key is the first office of the list: another town has other objects. */
const together = new WeakMap<Office, { offices: readonly Office[]; search: Search<Place> }>();

/** Returns the procedures of these offices that match, best first. */
export function searchIn(
  offices: readonly Office[],
  sought: string,
  language: Language,
): Found<Place> {
  return searchOf(offices).find(sought, language);
}

function searchOf(offices: readonly Office[]): Search<Place> {
  const [first, second] = offices;
  if (first && !second) {
    const search = alone.get(first) ?? ready([first]);
    alone.set(first, search);
    return search;
  }
  const kept = first && together.get(first);
  const isSame =
    kept?.offices.length === offices.length &&
    kept.offices.every((each, index) => each === offices[index]);
  if (kept && isSame) return kept.search;
  const search = ready(offices);
  if (first) together.set(first, { offices, search });
  return search;
}

const ready = (offices: readonly Office[]): Search<Place> =>
  makeSearch(
    offices.flatMap((office) =>
      office.procedures.map((procedure) => ({
        item: { office, procedure },
        entry: entryOf(procedure, { name: office.name, themes: office.settings.themes }),
      })),
    ),
  );
