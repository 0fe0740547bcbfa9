import type { Channel } from '../../features/appointments/types.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { readForm } from '../form.ts';
import { channelsOf, languagesOf } from './ask.tsx';
import { mayBegin } from './challenge.tsx';
import { readInstant } from './days.ts';
import { showHeldEnough } from './limits.tsx';
import { Chosen, showTimes, type TimePage } from './pick-time.tsx';
import { showProcedure } from './procedure.tsx';
import type { CitizenDeps, ProcedureVisit } from './visit.tsx';

type Ask = { procedure: string; channel: Channel; language: Language };

/** `/{language}/{body}/{procedure}/times`: choose a time, which begins the booking and keeps the time. */
export function timesPage(deps: CitizenDeps) {
  return {
    get: (visit: ProcedureVisit) => {
      const ask = readAsk(visit);
      return 'problems' in ask
        ? showProcedure(deps, visit, ask.problems)
        : showTimes(deps, visit, pageOf(visit, ask));
    },

    post: async (visit: ProcedureVisit): Promise<Response> => {
      const { t, body, dates, to } = visit;
      const ask = readAsk(visit);
      if ('problems' in ask) return showProcedure(deps, visit, ask.problems);
      const form = await readForm(visit.c);
      const start = readInstant(form.text('start'));
      const page = pageOf(visit, ask);
      if (!start) {
        const problem = { status: 422, text: t('citizen.times.choose') } as const;
        return showTimes(deps, visit, { ...page, problem });
      }
      const beginner = await mayBegin(deps, visit, { ask, start, action: page.action }, form);
      if (beginner instanceof Response) return beginner;
      const journey = await deps.journeys.start(body, { ...ask, start }, visit.language, beginner);
      if (journey.ok) return visit.redirect(to.booking(body.code, journey.id, 'details'));
      if (journey.reason === 'too_many')
        return showHeldEnough(visit, { until: journey.until, back: page.action });
      const taken = { day: dates.day(start), time: dates.time(start) };
      const problem = { status: 409, text: t('citizen.times.taken', taken) } as const;
      return showTimes(deps, visit, { ...page, problem });
    },
  };
}

function pageOf(visit: ProcedureVisit, ask: Ask): TimePage {
  const { t, body, procedure, to } = visit;
  const { channel, language } = ask;
  return {
    ask,
    title: t('citizen.times.title'),
    action: to.times(body.code, procedure.code, { channel, language }),
    keep: { channel, language },
    back: { href: to.procedure(body.code, procedure.code), text: t('citizen.back') },
    button: t('citizen.continue'),
    intro: <Chosen visit={visit} ask={ask} />,
  };
}

/** Channel and language of the address, or what is wrong with them. */
function readAsk(visit: ProcedureVisit): Ask | { problems: { href: string; text: string }[] } {
  const { c, t, body, procedure } = visit;
  const channel = channelsOf(procedure).find((each) => each === c.req.query('channel'));
  const language = languagesOf(body, procedure).find((each) => each === c.req.query('language'));
  if (channel && language) return { procedure: procedure.code, channel, language };
  return {
    problems: [
      ...(channel ? [] : [{ href: '#channel', text: t('citizen.error.channel.missing') }]),
      ...(language ? [] : [{ href: '#language', text: t('citizen.error.language.missing') }]),
    ],
  };
}
