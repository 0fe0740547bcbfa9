import { renderToString } from 'preact-render-to-string';
import type { Kept } from '../../../features/service/encounter/types.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { itemIn } from '../words.ts';
import { type Booked, Checks } from './checks.tsx';
import { ConflictPanel } from './conflict.tsx';
import { baseText, emptyItem, kept, met, type TypedDraft } from './draft.ts';
import { Items } from './items.tsx';
import { problemsOf } from './mistakes.ts';

/** Returns whether the `encounter` island sent the request: it needs the result of the save, and no page. */
export const isIsland = ({ c }: DeskVisit): boolean =>
  c.req.header('Accept') === 'application/json';

/** Saves the typed values, and sends the present state to the island. */
export async function answerIsland(
  deps: StaffDeps,
  visit: DeskVisit,
  typed: TypedDraft,
  { action, booked }: { action: string; booked: Booked },
): Promise<Response> {
  const { viewer, office, c, t } = visit;
  const id = c.req.param('id') ?? '';
  const { version, base } = typed;
  const how = { base, isAutomatic: true };
  const result = await deps.encounter.save(
    viewer,
    office,
    { appointment: id },
    version,
    kept(typed),
    how,
  );
  const answer = (kept: Kept, status: 200 | 409 | 422 = 200) => {
    c.header('Cache-Control', 'no-store');
    return c.json(kept, status);
  };
  if (!result.ok) {
    switch (result.reason) {
      case 'not_found':
        return c.notFound();
      case 'stale': {
        const draft = met(result.merged, result.current);
        const panel = <ConflictPanel visit={visit} conflict={result} />;
        const shown = shownOf(visit, draft, booked);
        return answer({ state: 'conflict', ...shown, panel: renderToString(panel) }, 409);
      }
      case 'invalid':
        return answer(
          {
            state: 'invalid',
            text: problemsOf(visit, result.mistakes, kept(typed).items)
              .map((each) => each.text)
              .join(' '),
          },
          422,
        );
      default:
        return answer({ state: 'over' }, 409);
    }
  }
  const items = action === 'add' ? [...result.draft.items, emptyItem()] : result.draft.items;
  const draft = { ...result.draft, items, version: result.version, base: result.draft };
  const isShown = result.merged || action !== 'auto';
  const added = action.startsWith('pick-') ? items.at(-1) : undefined;
  return answer({
    state: 'saved',
    version: result.version,
    base: baseText(result.draft),
    at: visit.dates.time(visit.now),
    shown: isShown ? shownOf(visit, draft, booked) : null,
    said: added ? t('attending.pick.added', { what: itemIn(t, office, added) }) : '',
  });
}

/** Returns the changed parts of the form. */
function shownOf(visit: DeskVisit, draft: TypedDraft, booked: Booked) {
  const { version, base, identity, identityNote, notes, wrapUp } = draft;
  return {
    version,
    base: baseText(base),
    fields: { identity: identity ?? '', identityNote, notes, wrapUp: wrapUp ?? '' },
    items: renderToString(<Items visit={visit} draft={draft} mistakes={{}} />),
    checks: renderToString(<Checks visit={visit} booked={booked} draft={draft} />),
  };
}
