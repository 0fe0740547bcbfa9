import type { Office, Procedure } from '../../../domain/office/types.ts';
import {
  type InterpretedLanguage,
  interpretedNamed,
  WRITTEN,
} from '../../../lib/i18n/interpreted.ts';
import { LANGUAGE_NAMES } from '../../../lib/i18n/languages.ts';
import { type ShortKey, shortIn } from '../../../lib/i18n/short.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Say } from '../../../ui/parts.tsx';
import { problem } from '../problem.tsx';
import { languagesOf } from '../times/ask.tsx';
import { wayCode, waysOf } from '../times/ways.ts';
import { urls } from '../urls.ts';
import type { CitizenDeps, Visit } from '../visit.tsx';
import { Words } from './guide.tsx';
import { interpretedBy } from './links.tsx';

/** The steps of a booking, as the page tells them. */
const STEPS = ['how.1', 'how.2', 'how.3', 'how.4', 'how.5'] as const satisfies readonly ShortKey[];

/** The place where a call with an interpreter is booked: a procedure, on the channel that it is called by if possible. */
interface Bookable {
  office: Office;
  procedure: Procedure;
  href: string;
}

/**
 * `/{language}/interpreter/{spoken}`: a short page in a language that the town's pages don't have: the town hall calls, an interpreter takes
 * part, and how to book.
 */
export function interpreterPage({ offices }: Pick<CitizenDeps, 'offices'>) {
  return async (visit: Visit): Promise<Response> => {
    const { t, to, town } = visit;
    const spoken = interpretedNamed(visit.c.req.param('spoken'));
    const all = await offices.list();
    if (!spoken || !interpretedBy(all).includes(spoken)) return problem(visit, 'not_found');
    const having = all.filter(({ settings }) => settings.interpreters.includes(spoken));
    const bookable = having.flatMap((office) => bookableIn(visit, office, spoken));
    const general = bookable.find(({ procedure }) => procedure.kind === 'information');
    const say = (key: ShortKey) => shortIn(spoken, key);
    return visit.show(
      { title: say('title'), written: WRITTEN[spoken] },
      <>
        <h1>{say('title')}</h1>
        <p class="lead">{say('lead')}</p>
        {general ? (
          <p>
            <ButtonLink href={general.href}>{say('book')}</ButtonLink>
          </p>
        ) : null}
        <p>{say('say')}</p>
        <section class="stack" aria-labelledby="how">
          <h2 id="how">{say('how')}</h2>
          <ol>
            {STEPS.map((each) => (
              <li key={each}>{say(each)}</li>
            ))}
          </ol>
          <p>{say('pages')}</p>
          <ul class="some">
            {town.languages.map((each) => (
              <li key={each}>
                <a
                  href={urls(each).interpreter(spoken)}
                  lang={each}
                  dir="ltr"
                  aria-current={each === t.language ? 'true' : undefined}
                >
                  {LANGUAGE_NAMES[each]}
                </a>
              </li>
            ))}
          </ul>
        </section>
        <section class="stack" aria-labelledby="words">
          <h2 id="words">{say('words')}</h2>
          <Words t={t} language={spoken} />
        </section>
        <Others bookable={bookable} visit={visit} spoken={spoken} />
        <Places visit={visit} offices={having} spoken={spoken} />
        <p lang={t.language} dir="ltr">
          <a href={to.town}>{t('interpreter.back')}</a>
        </p>
      </>,
    );
  };
}

/** Returns the procedures of an office that can be booked; by telephone where that is possible. */
function bookableIn(
  { to, language }: Visit,
  office: Office,
  interpreter: InterpretedLanguage,
): Bookable[] {
  return office.procedures.flatMap((procedure) => {
    const languages = languagesOf(office, procedure);
    const spoken = languages.find((each) => each === language) ?? languages[0];
    const [way] = waysOf(office, procedure, spoken);
    if (!way || !spoken) return [];
    const choosing = { channel: wayCode(way), language: spoken, interpreter };
    return [{ office, procedure, href: to.times(office.code, procedure.code, choosing) }];
  });
}

/** All procedures, by their names in the page's language, for readers who know what theirs is called. */
function Others(props: {
  bookable: readonly Bookable[];
  visit: Visit;
  spoken: InterpretedLanguage;
}) {
  const { visit, bookable, spoken } = props;
  const { t, to } = visit;
  const byOffice = Map.groupBy(bookable, ({ office }) => office);
  if (bookable.length === 0) return null;
  return (
    <details>
      <summary>{shortIn(spoken, 'others')}</summary>
      <p>{shortIn(spoken, 'others.text')}</p>
      {[...byOffice].map(([office, list]) => (
        <div key={office.code} class="stack" lang={t.language} dir="ltr">
          <h3>
            <Say of={office.name} t={t} />
          </h3>
          <ul>
            {list.map(({ procedure }) => (
              <li key={procedure.code}>
                <a href={`${to.procedure(office.code, procedure.code)}?interpreter=${spoken}`}>
                  <Say of={procedure.name} t={t} />
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </details>
  );
}

/** The places to come to without an appointment, each once. */
function Places(props: { visit: Visit; offices: readonly Office[]; spoken: InterpretedLanguage }) {
  const { visit, offices, spoken } = props;
  const { t } = visit;
  const all = offices.flatMap(({ settings }) => settings.walkIn);
  const places = [...new Map(all.map((each) => [each.address, each])).values()];
  if (places.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="come">
      <h2 id="come">{shortIn(spoken, 'come')}</h2>
      <ul lang={t.language} dir="ltr">
        {places.map((place) => (
          <li key={place.address}>
            {place.address}
            <p class="soft">
              <Say of={place.hours} t={t} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
