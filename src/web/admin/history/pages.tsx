import { declarationAt } from '../../../features/booking/administration/service.ts';
import type {
  Declaration,
  History,
  Reverting,
  Version,
} from '../../../features/booking/administration/types.ts';
import { differenceOf } from '../../../formats/town-file/versions/difference.ts';
import { staffIn } from '../../../lib/viewer.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { confirmFirst } from '../../console/account/confirm.tsx';
import type { DeskVisit } from '../../console/visit.tsx';
import { formatActor } from '../../console/words.ts';
import { type Form, readForm } from '../../form.ts';
import { adminBase } from '../places.ts';
import { type RefusedAtOnce, RefusedChanges } from '../refused.tsx';
import { type AdminDeps, declared } from '../sheet.tsx';
import { Done } from '../sheet-view.tsx';
import { askShorter } from '../shorter.tsx';
import { Changes, type PlacedChange, placedChanges, placesInWords } from './changes.tsx';
import { placeInWords } from './places.ts';

const ON_A_PAGE = 30;
const PLACES = 4;

/** What the pages of the history show. */
interface Shown {
  deps: AdminDeps;
  visit: DeskVisit;
  declaration: Declaration;
  history: History;
}

const historyBase = (visit: DeskVisit): string => `${adminBase(visit)}/history`;
const newestOf = ({ versions }: History): number => versions.at(-1)?.number ?? 0;

/** Makes a handler of a page that needs the declaration and its versions. */
const withHistory = (deps: AdminDeps, handle: (shown: Shown) => Response | Promise<Response>) =>
  declared(deps, async (visit, declaration) => {
    const history = await deps.administration.history(visit.viewer);
    return history
      ? handle({ deps, visit, declaration, history })
      : (visit.c.notFound() as Response);
  });

/** The same for a page about one version. */
const withVersion = (
  deps: AdminDeps,
  handle: (shown: Shown, version: Version) => Response | Promise<Response>,
) =>
  withHistory(deps, (shown) => {
    const asked = shown.visit.c.req.param('version') ?? '';
    const version = shown.history.versions.find(({ number }) => String(number) === asked);
    return version ? handle(shown, version) : (shown.visit.c.notFound() as Response);
  });

/** `/console/{office}/admin/history`: the versions of the declaration, the newest first. */
export const historyPage = (deps: AdminDeps) =>
  withHistory(deps, async (shown) => {
    const { visit, history } = shown;
    const { t, c } = visit;
    const asked = Number(c.req.query('before')) || Number.POSITIVE_INFINITY;
    const all = history.versions.filter(({ number }) => number < asked).toReversed();
    const page = all.slice(0, ON_A_PAGE);
    const names = await namesIn(shown, page);
    const title = t('admin.section.history');
    return visit.show(
      { title },
      <>
        <BackLink href={adminBase(visit)}>{t('admin.title')}</BackLink>
        <h1>{title}</h1>
        <p class="lead">{t('admin.history.lead')}</p>
        <Done visit={visit} />
        {page.length === 0 ? <p>{t('admin.history.none')}</p> : null}
        <ol class="admin-list unmarked">
          {page.map((version) => (
            <li key={version.number}>
              <div>
                <a href={`${historyBase(visit)}/${version.number}`}>
                  {t('admin.history.version', { number: version.number })}
                </a>
                {': '}
                {placesInWords(changesOf(shown, version), PLACES) || kindIn(visit, version)}
                <p class="small soft">{headOf(visit, version, names)}</p>
              </div>
            </li>
          ))}
        </ol>
        {all.length > page.length ? (
          <p>
            <ButtonLink kind="quiet" href={`?before=${page.at(-1)?.number}`}>
              {t('audit.older')}
            </ButtonLink>
          </p>
        ) : null}
      </>,
    );
  });

const changesOf = ({ visit, declaration, history }: Shown, { difference }: Version) =>
  placedChanges(visit, declaration, difference, history.leaves);

/** Returns the names of the members of staff who made these versions. */
const namesIn = ({ deps }: Shown, versions: readonly Version[]) =>
  deps.staff.namesOf([...new Set(versions.flatMap(({ actor }) => staffIn(actor) ?? []))]);

const kindIn = ({ t }: DeskVisit, { kind, backTo }: Version): string =>
  backTo === null
    ? t(`admin.history.kind.${kind}`)
    : t('admin.history.kind.backTo', { number: backTo });

/** Returns when and how a version came about, and who made it. */
function headOf(visit: DeskVisit, version: Version, names: ReadonlyMap<number, string>): string {
  const { t, dates } = visit;
  const staff = staffIn(version.actor);
  const who = (staff !== null && names.get(staff)) || formatActor(t, version.actor);
  const when = `${dates.longDay(version.at)}, ${dates.time(version.at)}`;
  return [when, who, kindIn(visit, version)].join(' · ');
}

/** `/console/{office}/admin/history/{version}`: what a version changed; each change can be taken back. */
export function versionPage(deps: AdminDeps) {
  return {
    get: withVersion(deps, (shown, version) => showVersion(shown, version)),
    post: withVersion(deps, async (shown, version) => {
      const form = await readForm(shown.visit.c);
      const change = changesOf(shown, version)[Number(form.text('change'))];
      if (!change) return shown.visit.redirect(`${historyBase(shown.visit)}/${version.number}`);
      const what = { version: version.number, paths: change.paths };
      return takeBack(shown, { version, what, form, again: showVersion });
    }),
  };
}

/** `/console/{office}/admin/history/{version}/now`: how a version differs from now; all of it can be brought back. */
export function comparePage(deps: AdminDeps) {
  return {
    get: withVersion(deps, (shown, version) => showComparison(shown, version)),
    post: withVersion(deps, async (shown, version) => {
      const form = await readForm(shown.visit.c);
      const what = { version: version.number, paths: 'all_since' } as const;
      return takeBack(shown, { version, what, form, again: showComparison });
    }),
  };
}

interface Back {
  version: Version;
  what: Reverting;
  form: Form;
  /** Shows the page again with the reason for a refusal. */
  again: (shown: Shown, version: Version, refusal: RefusedAtOnce) => Response | Promise<Response>;
}

async function takeBack(shown: Shown, { version, what, form, again }: Back): Promise<Response> {
  const { deps, visit, declaration } = shown;
  const isFresh = deps.staff.isFresh(visit.session);
  const edited = await deps.administration.revert(visit.viewer, {
    ...what,
    was: Number(form.text('was')),
    ...(isFresh && { agreed: form.text('agreed') }),
  });
  if (edited.ok) {
    const done = edited.differences.length > 0 ? 'reverted' : 'same';
    return visit.redirect(`${historyBase(visit)}?done=${done}`);
  }
  if (edited.reason === 'not_found') return visit.c.notFound() as Response;
  if (edited.reason === 'shorter') {
    const here = new URL(visit.c.req.url).pathname;
    return (
      (await confirmFirst(deps, visit, form)) ??
      askShorter(deps, visit, { declaration, here, form, shorter: edited.shorter })
    );
  }
  const history = await deps.administration.history(visit.viewer);
  return again({ ...shown, history: history ?? shown.history }, version, edited);
}

async function showVersion(
  shown: Shown,
  version: Version,
  refusal?: RefusedAtOnce,
): Promise<Response> {
  const { visit, history } = shown;
  const { t } = visit;
  const names = await namesIn(shown, [version]);
  const changes = changesOf(shown, version);
  const here = `${historyBase(visit)}/${version.number}`;
  const title = t('admin.history.version', { number: version.number });
  const isNewest = version.number === newestOf(history);
  return visit.show(
    { title, ...(refusal && { status: 409, hasErrors: true }) },
    <>
      <BackLink href={historyBase(visit)}>{t('admin.section.history')}</BackLink>
      <RefusedChanges {...shown} refusal={refusal} changed="admin.history.changed" />
      <h1>{title}</h1>
      <p class="lead">{headOf(visit, version, names)}</p>
      {isNewest ? null : (
        <p>
          <ButtonLink kind="quiet" href={`${here}/now`}>
            {t('admin.history.compare')}
          </ButtonLink>
        </p>
      )}
      {changes.length === 0 ? <p>{kindIn(visit, version)}</p> : null}
      <StillRight shown={shown} version={version} />
      <Changes
        visit={visit}
        changes={changes}
        actionOf={(change, index) => (
          <form method="post" action={here}>
            <input type="hidden" name="was" value={newestOf(history)} />
            <button type="submit" class="button quiet" name="change" value={index}>
              {t('admin.history.revert')}
              <span class="hide">: {labelOf(change)}</span>
            </button>
          </form>
        )}
      />
    </>,
  );
}

const labelOf = ({ place, name, kind }: PlacedChange): string =>
  [place.group, kind === 'added' || kind === 'removed' ? name : place.label]
    .filter(Boolean)
    .join(': ');

/** The translations that somebody found still right. */
function StillRight({ shown, version }: { shown: Shown; version: Version }) {
  const { visit, declaration, history } = shown;
  if (version.stillRight.length === 0) return null;
  const naming = { visit, declaration, leaves: [history.leaves] };
  return (
    <>
      <p>{visit.t('admin.history.kind.still_right')}</p>
      <ul>
        {version.stillRight.map((path) => {
          const { group, label } = placeInWords(naming, path);
          return <li key={path}>{`${group}: ${label}`}</li>;
        })}
      </ul>
    </>
  );
}

function showComparison(shown: Shown, version: Version, refusal?: RefusedAtOnce): Response {
  const { visit, declaration, history } = shown;
  const { t } = visit;
  const { number } = version;
  const back = differenceOf(history.leaves, declarationAt(history, number));
  const after = declarationAt(history, number);
  const changes = placedChanges(visit, declaration, back, after);
  const here = `${historyBase(visit)}/${number}/now`;
  const title = t('admin.history.now.title', { number });
  return visit.show(
    { title, ...(refusal && { status: 409, hasErrors: true }) },
    <>
      <BackLink href={`${historyBase(visit)}/${number}`}>
        {t('admin.history.version', { number })}
      </BackLink>
      <RefusedChanges {...shown} refusal={refusal} changed="admin.history.changed" />
      <h1>{title}</h1>
      {changes.length === 0 ? (
        <Notice kind="good">{t('admin.history.now.same')}</Notice>
      ) : (
        <>
          <p class="lead">{t('admin.history.now.lead', { count: changes.length })}</p>
          <Changes visit={visit} changes={changes} />
          <form method="post" action={here} class="row">
            <input type="hidden" name="was" value={newestOf(history)} />
            <Button>{t('admin.history.now.submit', { number })}</Button>
            <ButtonLink kind="quiet" href={historyBase(visit)}>
              {t('people.end.back')}
            </ButtonLink>
          </form>
        </>
      )}
    </>,
  );
}
