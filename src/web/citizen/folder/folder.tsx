import { LIST_NAMES, type Overview } from '../../../features/service/folder/types.ts';
import { isLive } from '../../../features/service/representation/rules.ts';
import { Notice } from '../../../ui/parts.tsx';
import { countWaiting, ToOpen } from '../notifications/list.tsx';
import type { CitizenDeps, PersonVisit } from '../visit.tsx';
import { Cases, casesOf } from './cases.tsx';
import { type Around, onlyAppointments, SHOWN } from './entries.tsx';
import { ActingFor, officesOf } from './parts.tsx';
import { OwnRequests, requestsOf } from './requests.tsx';

/** `/{language}/folder`: what a person has with all offices of the town. */
export function folderPage(deps: CitizenDeps) {
  return async (visit: PersonVisit): Promise<Response> => {
    const { t, session } = visit;
    const overview = await deps.folder.overview(visit.viewer);
    const all = await deps.representations.own(visit.viewer);
    const forMe = all.filter((each) => isLive(each) && each.represented.person === session.person);
    const title = t('folder.title');
    const offices = await officesOf(deps, overview.coming);
    const around = onlyAppointments(deps, visit, offices);
    return visit.show(
      { title, isPersonal: true },
      <>
        <h1>{title}</h1>
        <p class="lead">{t('folder.lead')}</p>
        <ActingFor visit={visit} />
        <ToOpen visit={visit} count={await countWaiting(deps, visit)} />
        <ToDo visit={visit} overview={overview} />
        <ForMe visit={visit} count={forMe.length} />
        <Coming around={around} overview={overview} />
        <Cases deps={deps} visit={visit} cases={await casesOf(deps, visit)} />
        <OwnRequests deps={deps} visit={visit} requests={await requestsOf(deps, visit)} />
        <Lists visit={visit} overview={overview} />
        <section class="stack" aria-labelledby="folder-yours">
          <h2 id="folder-yours">{t('folder.yours')}</h2>
          <ul class="lists">
            <li>
              <a href={visit.to.folder('representations')}>{t('representation.title')}</a>
            </li>
            <li>
              <a href={visit.to.folder('notifications')}>{t('notification.title')}</a>
            </li>
            <li>
              <a href={visit.to.folder('preferences')}>{t('folder.preferences.title')}</a>
            </li>
            <li>
              <a href={visit.to.folder('data')}>{t('folder.data.title')}</a>
            </li>
          </ul>
        </section>
      </>,
    );
  };
}

/** How many people may act for the person, or ask to: nobody does without their seeing it. */
function ForMe({ visit, count }: { visit: PersonVisit; count: number }) {
  const { t, to } = visit;
  if (count === 0) return null;
  return (
    <p class="note">
      <a href={to.folder('representations')}>{t('representation.folder', { count })}</a>
    </p>
  );
}

/** What waits for the person. */
function ToDo({ visit, overview }: { visit: PersonVisit; overview: Overview }) {
  const { t, to } = visit;
  const { toFetch, toAnswer } = overview;
  if (toFetch + toAnswer === 0) return null;
  return (
    <Notice kind="warn">
      {toAnswer > 0 ? (
        <p>
          <a href={`${to.folder('consents')}?kind=asked`}>
            {t('folder.toAnswer', { count: toAnswer })}
          </a>
        </p>
      ) : null}
      {toFetch > 0 ? (
        <p>
          <a href={`${to.folder('documents')}?kind=results`}>
            {t('folder.toFetch', { count: toFetch })}
          </a>
        </p>
      ) : null}
    </Notice>
  );
}

function Coming({ around, overview }: { around: Around; overview: Overview }) {
  const { t, to } = around.visit;
  const { coming, comingCount } = overview;
  return (
    <section class="stack" aria-labelledby="folder-coming">
      <h2 id="folder-coming">{t('folder.coming')}</h2>
      {coming.length === 0 ? (
        <p>
          {t('folder.coming.none')} <a href={to.town}>{t('folder.book')}</a>
        </p>
      ) : (
        <ul class="sent">
          {coming.map((each) => (
            <li key={each.id}>{SHOWN.appointments(around, each)}</li>
          ))}
        </ul>
      )}
      {comingCount > coming.length ? (
        <p>
          <a href={`${to.folder('appointments')}?kind=coming&page=2`}>
            {t('folder.coming.more', { count: comingCount - coming.length })}
          </a>
        </p>
      ) : null}
      {overview.counts.appointments === 0 ? <p class="soft">{t('folder.howTo')}</p> : null}
    </section>
  );
}

function Lists({ visit, overview }: { visit: PersonVisit; overview: Overview }) {
  const { t, to } = visit;
  return (
    <section class="stack" aria-labelledby="folder-lists">
      <h2 id="folder-lists">{t('folder.lists')}</h2>
      <ul class="lists">
        {LIST_NAMES.map((list) => (
          <li key={list}>
            <a href={to.folder(list)}>
              {t(`folder.${list}.title`)} <span class="soft">({overview.counts[list]})</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
