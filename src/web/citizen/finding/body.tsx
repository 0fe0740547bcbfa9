import type { Body } from '../../../features/bodies/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { BackLink, Say } from '../../../ui/parts.tsx';
import { Contact, OtherWays, WalkIn } from '../shared.tsx';
import type { BodyVisit, CitizenDeps } from '../visit.tsx';
import { Places, Results, SearchForm, soughtIn } from './find.tsx';
import { searchIn } from './search.ts';
import { bodyData } from './structured.ts';
import { themeGroups } from './themes.ts';

/** `/{language}/{body}`: what it does, by theme, with a search; and the ways without an appointment. */
export function bodyPage({ bodies, baseUrl }: CitizenDeps) {
  return async (visit: BodyVisit): Promise<Response> => {
    const { t, body, to, language, town } = visit;
    const sought = soughtIn(visit);
    const intro = textIn(body.settings.intro, language);
    return visit.show(
      {
        title: sought ? t('citizen.body.found', { sought }) : t('citizen.body.title'),
        description: intro || t('citizen.town.lead', { town: town.name }),
        isPassing: sought !== '',
        data: bodyData({ baseUrl, language, town }, body),
      },
      <>
        <BackLink href={to.town}>{town.name}</BackLink>
        <h1>
          <Say of={body.name} t={t} />
        </h1>
        {intro ? (
          <p class="lead">
            <Say of={body.settings.intro} t={t} />
          </p>
        ) : null}
        <section class="stack" aria-labelledby="what">
          <h2 id="what">{t('citizen.body.title')}</h2>
          <SearchForm visit={visit} action={to.body(body.code)} sought={sought} />
          {sought ? (
            <Answer visit={visit} sought={sought} all={await bodies.list()} />
          ) : (
            <Themes visit={visit} />
          )}
        </section>
        <WalkIn t={t} body={body} />
        <OtherWays t={t} body={body} />
        <Contact t={t} body={body} />
        <p>
          <a href={to.data(body.code)}>{t('open.title')}</a>
        </p>
      </>,
    );
  };
}

/** Procedures of other bodies that are named at most. */
const MOST_ELSEWHERE = 3;

/** What was found here; what another body does of it, where that one has the best answer; the way back to everything. */
function Answer(props: { visit: BodyVisit; sought: string; all: readonly Body[] }) {
  const { visit, sought, all } = props;
  const { t, body, to, language } = visit;
  const found = searchIn([body], sought, language);
  const { results, isPartial } = searchIn(all, sought, language);
  const isElsewhere = !isPartial && results[0] !== undefined && results[0].body.id !== body.id;
  const elsewhere = isElsewhere
    ? results.filter((each) => each.body.id !== body.id).slice(0, MOST_ELSEWHERE)
    : [];
  return (
    <>
      <Results visit={visit} sought={sought} found={found} bodies={[body]} />
      {elsewhere.length > 0 ? (
        <>
          <h3>{t('finding.elsewhere')}</h3>
          <Places visit={visit} places={elsewhere} isOfMany={true} />
        </>
      ) : null}
      {found.results.length === 0 ? (
        <Themes visit={visit} />
      ) : (
        <p>
          <a href={to.body(body.code)}>{t('citizen.body.all')}</a>
        </p>
      )}
    </>
  );
}

function Themes({ visit }: { visit: BodyVisit }) {
  const { t, body } = visit;
  const groups = themeGroups(body);
  return (
    <>
      {groups.map(({ theme, procedures }) => (
        <div key={theme?.code ?? ''} class="theme" id={theme ? `theme-${theme.code}` : undefined}>
          {groups.length > 1 ? (
            <h3>{theme ? <Say of={theme.name} t={t} /> : t('citizen.body.others')}</h3>
          ) : null}
          <Places
            visit={visit}
            places={procedures.map((procedure) => ({ body, procedure }))}
            isOfMany={false}
          />
        </div>
      ))}
    </>
  );
}
