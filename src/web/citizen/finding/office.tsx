import type { Office } from '../../../domain/office/types.ts';
import { settingsOf } from '../../../features/service/requests/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { BackLink, Say } from '../../../ui/parts.tsx';
import { ChatOffer } from '../chat/offer.tsx';
import { Contact, OtherWays, WalkIn } from '../shared.tsx';
import type { CitizenDeps, OfficeVisit } from '../visit.tsx';
import { Places, Results, SearchForm, soughtIn } from './find.tsx';
import { leadOf } from './lead.ts';
import { searchIn } from './search.ts';
import { officeData } from './structured.ts';
import { themeGroups } from './themes.ts';

/** `/{language}/{office}`: the procedures by theme, with a search; and the ways without an appointment. */
export function officePage({ offices, baseUrl, chats }: CitizenDeps) {
  return async (visit: OfficeVisit): Promise<Response> => {
    const { t, office, to, language, town } = visit;
    const sought = soughtIn(visit);
    const intro = textIn(office.settings.intro, language);
    return visit.show(
      {
        title: sought ? t('citizen.office.found', { sought }) : t('citizen.office.title'),
        description: () => intro || leadOf(visit, office.procedures),
        isPassing: sought !== '',
        data: () => officeData({ baseUrl, language, town }, office),
      },
      <>
        <BackLink href={to.town}>{town.name}</BackLink>
        <h1>
          <Say of={office.name} t={t} />
        </h1>
        {intro ? (
          <p class="lead">
            <Say of={office.settings.intro} t={t} />
          </p>
        ) : null}
        <section class="stack" aria-labelledby="what">
          <h2 id="what">{t('citizen.office.title')}</h2>
          <SearchForm visit={visit} action={to.office(office.code)} sought={sought} />
          {sought ? (
            <Answer visit={visit} sought={sought} all={await offices.list()} />
          ) : (
            <Themes visit={visit} />
          )}
        </section>
        <ChatOffer visit={visit} topics={await chats.openTopics(office, language)} />
        {settingsOf(office) ? (
          <section class="stack" aria-labelledby="requests">
            <h2 id="requests">
              <a href={to.requests(office.code)}>{t('requests.title')}</a>
            </h2>
            <p>{t('requests.home')}</p>
          </section>
        ) : null}
        <WalkIn t={t} office={office} />
        <OtherWays t={t} office={office} />
        <Contact t={t} office={office} />
        <p>
          <a href={to.data(office.code)}>{t('open.title')}</a>
        </p>
      </>,
    );
  };
}

/** The maximum number of listed procedures of other offices. */
const MOST_ELSEWHERE = 3;

/**
 * The results in this office; those of another office, where that one has the best match; the link back
 * to all procedures.
 */
function Answer(props: { visit: OfficeVisit; sought: string; all: readonly Office[] }) {
  const { visit, sought, all } = props;
  const { t, office, to, language } = visit;
  const found = searchIn([office], sought, language);
  const { results, isPartial } = searchIn(all, sought, language);
  const isElsewhere = !isPartial && results[0] !== undefined && results[0].office.id !== office.id;
  const elsewhere = isElsewhere
    ? results.filter((each) => each.office.id !== office.id).slice(0, MOST_ELSEWHERE)
    : [];
  return (
    <>
      <Results visit={visit} sought={sought} found={found} offices={[office]} />
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
          <a href={to.office(office.code)}>{t('citizen.office.all')}</a>
        </p>
      )}
    </>
  );
}

function Themes({ visit }: { visit: OfficeVisit }) {
  const { t, office } = visit;
  const groups = themeGroups(office);
  return (
    <>
      {groups.map(({ theme, procedures }) => (
        <div key={theme?.code ?? ''} class="theme" id={theme ? `theme-${theme.code}` : undefined}>
          {groups.length > 1 ? (
            <h3>{theme ? <Say of={theme.name} t={t} /> : t('citizen.office.others')}</h3>
          ) : null}
          <Places
            visit={visit}
            places={procedures.map((procedure) => ({ office, procedure }))}
            isOfMany={false}
          />
        </div>
      ))}
    </>
  );
}
