import { pointIn } from '../../../domain/requests/points.ts';
import type { RequestType } from '../../../domain/requests/schema.ts';
import { publicTypes, settingsOf } from '../../../features/service/requests/service.ts';
import { type Language, textIn } from '../../../lib/i18n/languages.ts';
import { unaccented } from '../../../lib/unaccented.ts';
import { Button, LinkButton } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, Say } from '../../../ui/parts.tsx';
import { askedText, readForm } from '../../form.ts';
import { problem } from '../problem.tsx';
import type { CitizenDeps, OfficeVisit } from '../visit.tsx';
import { drawMap, viewIn, viewOf } from './map.tsx';
import { firstStep } from './steps/frame.tsx';

/** The most characters of what somebody looks for. */
const MOST_SOUGHT = 100;

/** `/{language}/{office}/requests`: all that can be told to the office, by groups, with a search. */
export function requestsPage(deps: CitizenDeps) {
  return {
    get: (visit: OfficeVisit): Response => {
      const settings = settingsOf(visit.office);
      return settings ? show(visit, settings.types) : problem(visit, 'not_found');
    },

    /** Begins a request of a type. */
    post: async (visit: OfficeVisit): Promise<Response> => {
      const { office, language, to } = visit;
      const code = (await readForm(visit.c)).text('type');
      const begun = await deps.requests.begin(office, { type: code, language });
      const type = settingsOf(office)?.types.find((each) => each.code === code);
      if (!begun || !type) return problem(visit, 'not_found');
      return visit.redirect(to.request(begun.secret, firstStep(type)));
    },
  };
}

/** `/{language}/{office}/requests/map.svg`: the town's districts, drawn here. */
export function requestsMap(deps: CitizenDeps) {
  return async (visit: OfficeVisit): Promise<Response> => {
    const { c, language } = visit;
    const areas = await deps.offices.areas();
    if (areas.length === 0 || !settingsOf(visit.office)) return problem(visit, 'not_found');
    const view = viewIn(c.req.query('view') ?? '') ?? viewOf(areas);
    const mark = pointIn(c.req.query('at') ?? '');
    c.header('Cache-Control', 'public, max-age=3600');
    c.header('Content-Security-Policy', "default-src 'none'; sandbox");
    return c.body(drawMap(areas, view, mark, language), 200, { 'Content-Type': 'image/svg+xml' });
  };
}

/** Returns the types that have all words that somebody looks for, in their names, groups, helps or keywords. */
export function typesFound(
  types: readonly RequestType[],
  sought: string,
  language: Language,
): RequestType[] {
  const plain = (text: string) => unaccented(text).toLowerCase();
  const words = plain(sought).split(/\s+/).filter(Boolean);
  return types.filter(({ name, group, help, keywords }) => {
    const all = [name, group, help].map((each) => (each ? textIn(each, language) : ''));
    const text = plain([...all, ...(keywords[language] ?? [])].join(' '));
    return words.every((word) => text.includes(word));
  });
}

function show(visit: OfficeVisit, types: readonly RequestType[]): Response {
  const { t, office, to, c, language } = visit;
  const sought = askedText(c, 'q', MOST_SOUGHT);
  const found = sought === '' ? types : typesFound(types, sought, language);
  const title = t('requests.title');
  return visit.show(
    { title, isPassing: sought !== '' },
    <>
      <BackLink href={to.office(office.code)}>
        <Say of={office.name} t={t} />
      </BackLink>
      <h1>{title}</h1>
      <p class="lead">{t('requests.lead')}</p>
      <form class="form" action={to.requests(office.code)} method="get">
        <TextInput
          name="q"
          type="search"
          label={t('requests.search')}
          value={sought}
          maxLength={MOST_SOUGHT}
        />
        <Button kind="quiet">{t('requests.search.button')}</Button>
      </form>
      {sought === '' ? null : (
        <div role="status">
          <p>{t('requests.found', { count: found.length, sought })}</p>
        </div>
      )}
      <Groups visit={visit} types={found.length > 0 ? found : types} />
      {publicTypes(settingsOf(office)).length > 0 ? (
        <p>
          <a href={`${to.requests(office.code)}/map`}>{t('requests.public.title')}</a>
        </p>
      ) : null}
      <p>
        <a href={`${to.requests(office.code)}/lost`}>{t('requests.lost.title')}</a>
      </p>
    </>,
  );
}

/** The types under the headings that the office gives them; those without one by what they are. */
function Groups({ visit, types }: { visit: OfficeVisit; types: readonly RequestType[] }) {
  const { t, office, to, language } = visit;
  const groups = Map.groupBy(types, ({ group, kind }) =>
    group ? textIn(group, language) : t(`requests.kind.${kind}`),
  );
  return (
    <form class="stack" action={to.requests(office.code)} method="post">
      {[...groups].map(([heading, of]) => (
        <section key={heading} class="stack">
          <h2>{heading}</h2>
          <ul class="lists">
            {of.map(({ code, name, help }) => (
              <li key={code}>
                <LinkButton name="type" value={code}>
                  <Say of={name} t={t} />
                </LinkButton>
                {help ? (
                  <p>
                    <Say of={help} t={t} />
                  </p>
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </form>
  );
}
