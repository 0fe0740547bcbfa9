import { mayUseDesk } from '../../features/attention/rules.ts';
import type { Picked, Pickings } from '../../features/attention/types.ts';
import type { Body } from '../../features/bodies/types.ts';
import { entryOf, makeSearch } from '../../features/catalogue/rules.ts';
import type { Search } from '../../features/catalogue/types.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import type { DeskVisit } from './visit.tsx';

/** Characters that are read of what was typed. */
const LONGEST_SOUGHT = 100;
const MOST_SHOWN = 8;

type Pickable = { list: 'p' | 'ap' | 'q'; code: string };

/** A body doesn't change: what was made ready of it is good as long as it lives. */
const ready = new WeakMap<Body, Search<Pickable>>();

function searchOf(body: Body): Search<Pickable> {
  const known = ready.get(body);
  if (known) return known;
  const around = { name: body.name, themes: body.settings.themes };
  const search = makeSearch<Pickable>([
    ...body.procedures.map((each) => ({
      item: {
        list: each.kind === 'information' ? ('ap' as const) : ('p' as const),
        code: each.code,
      },
      entry: entryOf(each, around),
    })),
    ...body.settings.queries.map((each) => ({
      item: { list: 'q' as const, code: each.code },
      entry: { name: each.name },
    })),
  ]);
  ready.set(body, search);
  return search;
}

/** `/console/{body}/what`: the procedures and queries that somebody who attends may mean, in any language of the catalogue. */
export function whatPage(visit: DeskVisit): Response {
  const { c, t, body, viewer } = visit;
  if (!mayUseDesk(viewer)) return c.notFound() as Response;
  const sought = (c.req.query('q') ?? '').slice(0, LONGEST_SOUGHT);
  const { results, isPartial } = searchOf(body).find(sought, t.language);
  const picks = results.slice(0, MOST_SHOWN).map(({ list, code }): Picked => {
    const name =
      list === 'q'
        ? body.settings.queries.find((each) => each.code === code)?.name
        : body.procedure(code)?.name;
    const kind = t(`staff.kind.${list === 'p' ? 'procedure' : 'query'}`);
    return { value: `${list}:${code}`, name: textIn(name, t.language) || code, kind };
  });
  c.header('Cache-Control', 'no-store');
  return c.json({ picks, isPartial } satisfies Pickings);
}
