import type { Office } from '../../domain/office/types.ts';
import { entryOf, makeSearch } from '../../features/foundation/catalogue/rules.ts';
import type { Search } from '../../features/foundation/catalogue/types.ts';
import { mayAssist } from '../../features/service/encounter/rules.ts';
import type { Picked, Pickings } from '../../features/service/encounter/types.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import { askedText } from '../form.ts';
import type { DeskVisit } from './visit.tsx';

/** The maximum number of characters read from a search text. */
const LONGEST_SOUGHT = 100;
const MOST_SHOWN = 8;

type Pickable = { list: 'p' | 'ap' | 'q'; code: string };

/** Offices are immutable, so the prepared search of one is valid as long as the object lives. */
const ready = new WeakMap<Office, Search<Pickable>>();

function searchOf(office: Office): Search<Pickable> {
  const known = ready.get(office);
  if (known) return known;
  const around = { name: office.name, themes: office.settings.themes };
  const search = makeSearch<Pickable>([
    ...office.procedures.map((each) => ({
      item: {
        list: each.kind === 'information' ? ('ap' as const) : ('p' as const),
        code: each.code,
      },
      entry: entryOf(each, around),
    })),
    ...office.settings.queries.map((each) => ({
      item: { list: 'q' as const, code: each.code },
      entry: { name: each.name },
    })),
  ]);
  ready.set(office, search);
  return search;
}

/**
 * `/console/{office}/what`: the procedures and queries that an agent may mean, in any language of the
 * catalogue.
 */
export function whatPage(visit: DeskVisit): Response {
  const { c, t, office, viewer } = visit;
  if (!mayAssist(viewer)) return c.notFound() as Response;
  const sought = askedText(c, 'q', LONGEST_SOUGHT);
  const { results, isPartial } = searchOf(office).find(sought, t.language);
  const picks = results.slice(0, MOST_SHOWN).map(({ list, code }): Picked => {
    const name =
      list === 'q'
        ? office.settings.queries.find((each) => each.code === code)?.name
        : office.procedure(code)?.name;
    const kind = t(`staff.kind.${list === 'p' ? 'procedure' : 'query'}`);
    return { value: `${list}:${code}`, name: textIn(name, t.language) || code, kind };
  });
  c.header('Cache-Control', 'no-store');
  return c.json({ picks, isPartial } satisfies Pickings);
}
