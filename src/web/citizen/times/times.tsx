import { type Ask, isSameWay } from '../../../domain/appointment.ts';
import { isChannel } from '../../../domain/channel.ts';
import { isSingle } from '../../../domain/office/bundle.ts';
import type { Answers } from '../../../features/booking/journeys/types.ts';
import { nearInstant } from '../../../lib/calendar/near.ts';
import { isSigned } from '../../../lib/i18n/languages.ts';
import { Button } from '../../../ui/buttons.tsx';
import type { ProblemLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import {
  AboutCase,
  aboutIn,
  aboutQuery,
  aboutStands,
  CarriedCase,
} from '../cases/talking/about.tsx';
import { showProcedure } from '../finding/procedure.tsx';
import type { CitizenDeps, ProcedureVisit } from '../visit.tsx';
import { AskFields, CarriedExtent, CarriedInterpreter, choosingOf, languagesOf } from './ask.tsx';
import { mayBegin } from './challenge.tsx';
import { carriedQuery, extentOfBundle } from './extent.ts';
import { showHeldEnough } from './limits.tsx';
import { Chosen, showTimes } from './pick-time.tsx';
import { addressOf, askAgain, daysAsked, keptIn, type TimePage } from './time-page.ts';
import { AddLink } from './together.tsx';
import { wayCode, wayNamed, waysOf } from './ways.ts';

/**
 * `/{language}/{office}/{procedure}/times`: the choice of a time, which begins the booking and holds the
 * time.
 */
export function timesPage(deps: CitizenDeps) {
  return {
    get: async (visit: ProcedureVisit): Promise<Response> => {
      const ask = readAsk(visit);
      if ('problems' in ask) return showProcedure(deps, visit, ask.problems);
      if (wayCode(ask) !== visit.c.req.query('channel'))
        return visit.redirect(withChannel(visit, ask));
      return showTimes(deps, visit, await pageOf(deps, visit, ask));
    },

    post: async (visit: ProcedureVisit): Promise<Response> => {
      const { office, to } = visit;
      const ask = readAsk(visit);
      if ('problems' in ask) return showProcedure(deps, visit, ask.problems);
      const form = await readForm(visit.c);
      const start = nearInstant(form.text('start'));
      const page = await pageOf(deps, visit, ask);
      if (!start) return askAgain(visit, page, null);
      const here = addressOf(page, daysAsked(visit));
      const beginner = await mayBegin(deps, visit, { ask, start, action: here }, form);
      if (beginner instanceof Response) return beginner;
      const journey = await deps.journeys.start(office, { ...ask, start }, visit.language, {
        ...beginner,
        answers: answersAsked(visit),
      });
      if (journey.ok) return visit.redirect(to.booking(office.code, journey.id, 'details'));
      if (journey.reason === 'too_many')
        return showHeldEnough(visit, { until: journey.until, back: here });
      return askAgain(visit, page, start);
    },
  };
}

/** Returns the answers that the address already gives. */
export const answersAsked = (visit: ProcedureVisit): Answers => ({
  ...(visit.interpreter && {
    anything: 'yes',
    needs: ['interpreter'],
    interpreter: visit.interpreter,
  }),
  ...aboutQuery(visit),
});

async function pageOf(
  deps: Pick<CitizenDeps, 'cases'>,
  visit: ProcedureVisit,
  ask: Ask,
): Promise<TimePage> {
  const { t, office, procedure, to } = visit;
  const choosing = (other: Ask) => choosingOf(other, visit.interpreter);
  const asking = (other: Ask) => ({
    ask: other,
    keep: { ...choosing(other), ...aboutQuery(visit) },
  });
  const stands = await aboutStands(deps, visit, aboutIn(visit));
  return {
    ...asking(ask),
    isSame: stands === null,
    title: t('citizen.times.title'),
    path: pathOf(visit),
    back: { href: backTo(visit), text: t('citizen.back') },
    button: t('citizen.continue'),
    taken: 'citizen.times.taken',
    others: () => othersOf(visit, ask).map(asking),
    waiting: to.waitingFor(office.code, procedure.code, {
      ...choosing(ask),
      ...aboutQuery(visit),
    }),
    intro: (
      <>
        <Chosen visit={visit} ask={ask} />
        <AboutCase visit={visit} stands={stands} />
        <AddLink visit={visit} keep={{ ...choosing(ask) }} />
        <ChangeAsk visit={visit} ask={ask} />
      </>
    ),
  };
}

/** Returns the procedure's page with what was added to it. */
function backTo(visit: ProcedureVisit): string {
  const { office, procedure, to } = visit;
  const query = carriedQuery(visit);
  const path = to.procedure(office.code, procedure.code);
  return query.size > 0 ? `${path}?${query}` : path;
}

const pathOf = ({ office, procedure, to }: ProcedureVisit): string =>
  `${to.procedure(office.code, procedure.code)}/times`;

/** Returns the same procedure on another channel, then in other languages. */
function othersOf({ office, procedure }: ProcedureVisit, ask: Ask): Ask[] {
  const { language } = ask;
  return [
    ...waysOf(office, procedure, language)
      .filter((each) => !isSameWay(each, ask))
      .map((each) => ({ ...ask, site: null, ...each })),
    ...languagesOf(office, procedure)
      .filter((each) => each !== language)
      .map((each) => {
        const ways = waysOf(office, procedure, each);
        const way = ways.find((one) => isSameWay(one, ask)) ?? ways[0];
        return { ...ask, ...(way && { site: null, ...way }), language: each };
      }),
  ];
}

/** A change of language or channel without going back; the day and its part stay. */
function ChangeAsk({ visit, ask }: { visit: ProcedureVisit; ask: Ask }) {
  const { t, office, procedure } = visit;
  if (waysOf(office, procedure).length + languagesOf(office, procedure).length < 3) return null;
  return (
    <details class="change">
      <summary>{t('times.change.title')}</summary>
      <form class="form" action={pathOf(visit)} method="get" aria-label={t('times.change.title')}>
        {Object.entries(keptIn(visit)).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <CarriedInterpreter visit={visit} />
        <CarriedCase visit={visit} />
        <CarriedExtent visit={visit} />
        <AskFields visit={visit} way={ask} language={ask.language} />
        <Button kind="quiet">{t('times.change.button')}</Button>
      </form>
    </details>
  );
}

/** Returns the same address with the channel that the language needs. */
function withChannel(visit: ProcedureVisit, ask: Ask): string {
  const query = new URLSearchParams(new URL(visit.c.req.url).search);
  query.set('channel', wayCode(ask));
  return `${pathOf(visit)}?${query}`;
}

/** Returns channel, site and language of the address, or the mistake in them. A sign language sets its channel. */
export function readAsk({
  c,
  t,
  office,
  procedure,
}: ProcedureVisit): Ask | { problems: ProblemLink[] } {
  const language = languagesOf(office, procedure).find((each) => each === c.req.query('language'));
  const ways = waysOf(office, procedure, language);
  const named = wayNamed(ways, c.req.query('channel'));
  const way = named ?? (language && isSigned(language) ? ways[0] : undefined);
  const what = { procedure: procedure.code, ...extentOfBundle(procedure) };
  if (way && language) return { ...what, ...way, language };
  const isAsked = isChannel(c.req.query('channel')?.split('.')[0]) && !isSingle(procedure);
  return {
    problems: [
      ...(language ? [] : [{ href: '#language', text: t('citizen.error.language.missing') }]),
      ...(way
        ? []
        : [
            {
              href: '#channel',
              text: t(isAsked ? 'combining.problem.channel' : 'citizen.error.channel.missing'),
            },
          ]),
    ],
  };
}
