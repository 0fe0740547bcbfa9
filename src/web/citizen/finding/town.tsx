import type { Office } from '../../../domain/office/types.ts';
import { settingsOf } from '../../../features/service/requests/service.ts';
import { preferredLanguage, type Texts } from '../../../lib/i18n/languages.ts';
import { Say } from '../../../ui/parts.tsx';
import type { Handler } from '../../routes.ts';
import { OtherLanguages } from '../interpreter/links.tsx';
import type { CitizenDeps, Visit } from '../visit.tsx';
import { Results, SearchForm, soughtIn } from './find.tsx';
import { leadOf } from './lead.ts';
import { searchIn } from './search.ts';
import { townData } from './structured.ts';
import { themeGroups } from './themes.ts';

/** The maximum number of entries of an office without themes. */
const MOST = 6;

/** `/`: redirects to the town's page in the browser's language. */
export function rootPage({ offices }: CitizenDeps): Handler {
  return async (c) => {
    const town = await offices.town();
    c.header('Vary', 'Accept-Language');
    c.header('Cache-Control', 'no-cache');
    return c.redirect(`/${preferredLanguage(c.req.header('Accept-Language'), town.languages)}`);
  };
}

/** `/{language}`: what the citizen needs, by a search or by theme, over all offices; only then the offices. */
export function townPage({ offices, baseUrl }: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { t, town, language } = visit;
    const all = await offices.list();
    const sought = soughtIn(visit);
    return visit.show(
      {
        title: sought ? t('citizen.office.found', { sought }) : t('citizen.town.title'),
        description: () => leadIn(visit, all),
        isPassing: sought !== '',
        data: () => townData({ baseUrl, language, town }),
        same: all.map(({ id, revision }) => `${id}.${revision}`).join(),
      },
      <Content visit={visit} offices={all} sought={sought} />,
    );
  };
}

const leadIn = (visit: Visit, offices: readonly Office[]): string =>
  leadOf(
    visit,
    offices.flatMap((each) => each.procedures),
  );

interface ContentProps {
  visit: Visit;
  offices: readonly Office[];
  /** What somebody searches; empty: nothing. */
  sought: string;
}

function Content({ visit, offices, sought }: ContentProps) {
  const { t, to, language } = visit;
  return (
    <>
      <h1>{t('citizen.town.title')}</h1>
      <p class="lead">{leadIn(visit, offices)}</p>
      <section class="stack" aria-labelledby="what">
        <h2 id="what">{t('citizen.office.title')}</h2>
        <SearchForm visit={visit} action={to.town} sought={sought} />
        {sought ? (
          <Results
            visit={visit}
            sought={sought}
            found={searchIn(offices, sought, language)}
            offices={offices}
          />
        ) : null}
        <Needs visit={visit} offices={offices} />
      </section>
      <Telling visit={visit} offices={offices} />
      <OtherLanguages visit={visit} offices={offices} />
      <h2>{t('citizen.town.offices')}</h2>
      <ul class="lists">
        {offices.map((office) => (
          <li key={office.code}>
            <a class="main" href={to.office(office.code)}>
              <Say of={office.name} t={t} />
            </a>
            {office.settings.intro ? (
              <p>
                <Say of={office.settings.intro} t={t} />
              </p>
            ) : null}
          </li>
        ))}
      </ul>
      <p>
        <a href={to.linkRecovery}>{t('manage.lost.title')}</a>
      </p>
    </>
  );
}

/** Where complaints, suggestions, incidents, questions and thanks are told, at each office that takes them. */
function Telling({ visit, offices }: { visit: Visit; offices: readonly Office[] }) {
  const { t, to } = visit;
  const taking = offices.filter((each) => settingsOf(each) !== null);
  if (taking.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="telling">
      <h2 id="telling">{t('requests.title')}</h2>
      <ul class="lists">
        {taking.map((office) => (
          <li key={office.code}>
            <a class="main" href={to.requests(office.code)}>
              {t('requests.home')}
            </a>
            {taking.length > 1 ? (
              <p>
                <Say of={office.name} t={t} />
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/**
 * What there is to need: the themes of all offices, or the procedures of an office without themes. With several offices each names its own,
 * since two may deal with the same.
 */
function Needs({ visit, offices }: { visit: Visit; offices: readonly Office[] }) {
  const { t } = visit;
  const needs = offices.flatMap((office) => needsAt(visit, office));
  if (needs.length === 0) return null;
  return (
    <ul class="needs">
      {needs.map(({ href, name, office }) => (
        <li key={href}>
          <a href={href}>
            <strong>{typeof name === 'string' ? name : <Say of={name} t={t} />}</strong>
            {offices.length > 1 ? (
              <>
                <span class="hide">, </span>
                <span class="small">
                  <Say of={office.name} t={t} />
                </span>
              </>
            ) : null}
          </a>
        </li>
      ))}
    </ul>
  );
}

interface Entry {
  href: string;
  name: Texts | string;
  office: Office;
}

/** Returns the entries of an office. What they leave out is behind the last one, which leads to the office's page. */
function needsAt({ t, to }: Visit, office: Office): Entry[] {
  const { procedures } = office;
  const groups = themeGroups(office);
  const themes = groups.flatMap(({ theme }) => theme ?? []);
  const rest = (name: string): Entry => ({ href: to.office(office.code), name, office });
  if (themes.length > 1) {
    const entries = themes.map(({ code, name }) => ({
      href: to.theme(office.code, code),
      name,
      office,
    }));
    return groups.length > themes.length ? [...entries, rest(t('citizen.office.others'))] : entries;
  }
  const isMore = procedures.length > MOST;
  const entries = procedures.slice(0, isMore ? MOST - 1 : MOST).map(({ code, name }) => ({
    href: to.procedure(office.code, code),
    name,
    office,
  }));
  return isMore ? [...entries, rest(t('citizen.office.all'))] : entries;
}
