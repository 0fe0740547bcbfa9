import type {
  Declaration,
  Draft,
  DraftChange,
} from '../../../features/booking/administration/types.ts';
import type { Leaves } from '../../../formats/town-file/versions/leaves.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { confirmFirst } from '../../console/account/confirm.tsx';
import type { DeskVisit } from '../../console/visit.tsx';
import { readForm } from '../../form.ts';
import { Changes, type PlacedChange, placedChanges } from '../history/changes.tsx';
import { adminBase } from '../places.ts';
import { type RefusedAtOnce, RefusedChanges } from '../refused.tsx';
import { type AdminDeps, declared } from '../sheet.tsx';
import { Done } from '../sheet-view.tsx';
import { askShorter } from '../shorter.tsx';

/** What the page of the draft shows. */
interface Shown {
  deps: AdminDeps;
  visit: DeskVisit;
  declaration: Declaration;
  /** The published declaration. */
  leaves: Leaves;
}

/** `/console/{office}/admin/draft`: what is not published yet, compared with what is; publishes or drops it. */
export function draftPage(deps: AdminDeps) {
  const shownFor = async (visit: DeskVisit, declaration: Declaration): Promise<Shown> => {
    const history = await deps.administration.history(visit.viewer);
    return { deps, visit, declaration, leaves: history?.leaves ?? new Map() };
  };
  return {
    get: declared(deps, async (visit, all) => show(await shownFor(visit, all))),
    post: declared(deps, async (visit, all) => act(await shownFor(visit, all))),
  };
}

const draftBase = (visit: DeskVisit): string => `${adminBase(visit)}/draft`;

const changesOf = ({ visit, declaration, leaves }: Shown, draft: Draft): PlacedChange[] =>
  placedChanges(visit, declaration, draft.changes, leaves, 'from');

/** Publishes the draft, or drops a change or all of it. */
async function act(shown: Shown): Promise<Response> {
  const { deps, visit, declaration } = shown;
  const { draft } = declaration;
  const here = draftBase(visit);
  if (!draft) return visit.redirect(here);
  const form = await readForm(visit.c);
  const was = form.text('was');
  const drop = form.text('drop');
  const isFresh = deps.staff.isFresh(visit.session);
  const edited = drop
    ? await deps.administration.dropDraft(visit.viewer, {
        was,
        paths: drop === 'all' ? 'all' : (changesOf(shown, draft)[Number(drop)]?.paths ?? []),
      })
    : await deps.administration.publishDraft(visit.viewer, {
        was,
        ...(isFresh && { agreed: form.text('agreed') }),
      });
  if (edited.ok) return visit.redirect(`${here}?done=${drop ? 'dropped' : 'published'}`);
  if (edited.reason === 'not_found') return visit.redirect(here);
  if (edited.reason === 'shorter')
    return (
      (await confirmFirst(deps, visit, form)) ??
      askShorter(deps, visit, { declaration, here, form, shorter: edited.shorter })
    );
  return show(shown, edited);
}

async function show(shown: Shown, refusal?: RefusedAtOnce): Promise<Response> {
  const { visit, declaration } = shown;
  const { t } = visit;
  const { draft } = declaration;
  const title = t('admin.draft.title');
  return visit.show(
    { title, ...(refusal && { status: 409, hasErrors: true }) },
    <>
      <BackLink href={adminBase(visit)}>{t('admin.title')}</BackLink>
      <RefusedChanges {...shown} refusal={refusal} changed="admin.draft.changed" />
      <h1>{title}</h1>
      <Done visit={visit} />
      {draft ? await withChanges(shown, draft) : <p class="lead">{t('admin.draft.none')}</p>}
    </>,
  );
}

async function withChanges(shown: Shown, draft: Draft) {
  const { deps, visit } = shown;
  const { t } = visit;
  const names = await deps.staff.namesOf([...new Set(draft.changes.map(({ by }) => by))]);
  const changes = changesOf(shown, draft);
  const here = draftBase(visit);
  return (
    <>
      <p class="lead">{t('admin.draft.lead')}</p>
      {draft.drafted ? null : <Notice kind="warn">{t('admin.draft.broken')}</Notice>}
      <Previews shown={shown} draft={draft} />
      <Changes
        visit={visit}
        changes={changes}
        since="admin.draft.since"
        actionOf={(change, index) => (
          <form method="post" action={here}>
            <input type="hidden" name="was" value={draft.mark} />
            <p class="small soft">{writtenBy(visit, draft.changes, change, names)}</p>
            <button type="submit" class="button quiet" name="drop" value={index}>
              {t('admin.draft.drop')}
              <span class="hide">
                : {[change.place.group, change.place.label].filter(Boolean).join(': ')}
              </span>
            </button>
          </form>
        )}
      />
      <form method="post" action={here} class="row">
        <input type="hidden" name="was" value={draft.mark} />
        <Button name="act" value="save">
          {t('admin.draft.publish')}
        </Button>
        <Button kind="quiet" name="drop" value="all">
          {t('admin.draft.dropAll')}
        </Button>
      </form>
    </>
  );
}

/** Returns who wrote a change of the draft, and when. */
function writtenBy(
  { dates }: DeskVisit,
  all: readonly DraftChange[],
  { paths }: PlacedChange,
  names: ReadonlyMap<number, string>,
): string {
  const written = all.filter(({ path }) => paths.includes(path));
  const last = written.toSorted((a, b) => Temporal.Instant.compare(b.at, a.at))[0];
  if (!last) return '';
  return [names.get(last.by), dates.day(last.at), dates.time(last.at)].filter(Boolean).join(' · ');
}

/** Links to how the procedures will look that the draft changes. */
function Previews({ shown, draft }: { shown: Shown; draft: Draft }) {
  const { visit } = shown;
  const codes = new Set(
    draft.changes.flatMap(({ path }) => {
      const [part, code = '#'] = path.split('.');
      return part === 'procedures' && code !== '#' ? [code] : [];
    }),
  );
  const procedures = draft.drafted?.state.procedures;
  const seen = [...codes].filter((code) => procedures?.get(code)?.retired === false);
  if (seen.length === 0) return null;
  return (
    <ul>
      {seen.map((code) => (
        <li key={code}>
          <a class="act" href={`${draftBase(visit)}/preview/${code}`}>
            {visit.t('admin.draft.preview.of', {
              name: textIn(procedures?.get(code)?.settings.name, visit.t.language) || code,
            })}
          </a>
        </li>
      ))}
    </ul>
  );
}
