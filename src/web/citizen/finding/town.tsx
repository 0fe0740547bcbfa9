import type { Office } from '../../../domain/office/types.ts';
import { preferredLanguage } from '../../../lib/i18n/languages.ts';
import { Say } from '../../../ui/parts.tsx';
import type { Handler } from '../../routes.ts';
import type { CitizenDeps, Visit } from '../visit.tsx';
import { Results, SearchForm, soughtIn } from './find.tsx';
import { searchIn } from './search.ts';
import { townData } from './structured.ts';
import { themeGroups } from './themes.ts';

/** The number of procedures listed under an office without themes. */
const SOME = 4;

/** `/`: redirects to the town's page in the browser's language. */
export function rootPage({ offices }: CitizenDeps): Handler {
  return async (c) => {
    const town = await offices.town();
    c.header('Vary', 'Accept-Language');
    c.header('Cache-Control', 'no-cache');
    return c.redirect(`/${preferredLanguage(c.req.header('Accept-Language'), town.languages)}`);
  };
}

/** `/{language}`: the town, a search over all its offices, and the offices. */
export function townPage({ offices, baseUrl }: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { t, town, to, language } = visit;
    const all = await offices.list();
    const sought = soughtIn(visit);
    const lead = t('citizen.town.lead', { town: town.name });
    return visit.show(
      {
        title: sought ? t('citizen.office.found', { sought }) : t('citizen.town.title'),
        description: lead,
        isPassing: sought !== '',
        data: townData({ baseUrl, language, town }),
      },
      <>
        <h1>{t('citizen.town.title')}</h1>
        <p class="lead">{lead}</p>
        <section class="stack" aria-labelledby="what">
          <h2 id="what">{t('citizen.office.title')}</h2>
          <SearchForm visit={visit} action={to.town} sought={sought} />
          {sought ? (
            <Results
              visit={visit}
              sought={sought}
              found={searchIn(all, sought, language)}
              offices={all}
            />
          ) : null}
        </section>
        <h2>{t('citizen.town.offices')}</h2>
        <ul class="lists">
          {all.map((office) => (
            <li key={office.code}>
              <a class="main" href={to.office(office.code)}>
                <Say of={office.name} t={t} />
              </a>
              {office.settings.intro ? (
                <p>
                  <Say of={office.settings.intro} t={t} />
                </p>
              ) : null}
              <Does visit={visit} office={office} />
            </li>
          ))}
        </ul>
        <p>
          <a href={to.linkRecovery}>{t('manage.lost.title')}</a>
        </p>
      </>,
    );
  };
}

/** A few links to an office's services: its themes, or its first procedures. */
function Does({ visit, office }: { visit: Visit; office: Office }) {
  const { t, to } = visit;
  const themes = themeGroups(office).flatMap(({ theme }) => theme ?? []);
  const links =
    themes.length > 1
      ? themes.map((each) => ({ href: to.theme(office.code, each.code), name: each.name }))
      : office.procedures.slice(0, SOME).map((each) => ({
          href: to.procedure(office.code, each.code),
          name: each.name,
        }));
  if (links.length === 0) return null;
  return (
    <ul class="some">
      {links.map((each) => (
        <li key={each.href}>
          <a href={each.href}>
            <Say of={each.name} t={t} />
          </a>
        </li>
      ))}
    </ul>
  );
}
