import { askOf, isSameWay, type Way } from '../../../domain/appointment.ts';
import { nearInstant } from '../../../lib/calendar/near.ts';
import { readForm } from '../../form.ts';
import { aboutInAnswers } from '../cases/talking/about.tsx';
import { choosingOf } from '../times/ask.tsx';
import { showHeldEnough } from '../times/limits.tsx';
import { Chosen, showTimes } from '../times/pick-time.tsx';
import { askAgain, type TimePage } from '../times/time-page.ts';
import { wayAsked, wayCode, waysOf } from '../times/ways.ts';
import type { CitizenDeps, JourneyVisit } from '../visit.tsx';
import { isAnswered, nextPage } from './answers.ts';

/** `…/booking/{journey}/time`: another time in the same booking; every answer stays. */
export function otherTimePage(deps: CitizenDeps) {
  return {
    get: (visit: JourneyVisit) => showTimes(deps, visit, timePage(visit)),

    post: async (visit: JourneyVisit): Promise<Response> => {
      const { office, journey, to } = visit;
      const way = wayOf(visit);
      const start = nearInstant((await readForm(visit.c)).text('start'));
      if (!start) return askAgain(visit, timePage(visit), null);
      const chosen = await deps.journeys.chooseTime(office, journey, start, way);
      if (!chosen.ok && chosen.reason === 'too_many') {
        const back = to.booking(office.code, journey.id, 'details');
        return showHeldEnough(visit, { until: chosen.until, back });
      }
      if (!chosen.ok) return askAgain(visit, timePage(visit), start);
      return visit.redirect(nextAddress(visit, way.channel));
    },
  };
}

/** Returns the address of the next page of a booking; a page that was answered shows its mistakes. */
export function nextAddress(visit: JourneyVisit, channel = visit.journey.channel): string {
  const { office, journey, to } = visit;
  const page = nextPage(visit, channel, journey.answers);
  const isMending = page !== 'check' && isAnswered(page, journey.answers);
  return to.booking(office.code, journey.id, page) + (isMending ? '?mend' : '');
}

/** Returns the page with other times for a booking. */
export function timePage(visit: JourneyVisit): TimePage {
  const { t, office, journey, to } = visit;
  const ask = { ...askOf(journey), ...wayOf(visit) };
  const about = aboutInAnswers(journey.answers);
  const isOther = !isSameWay(ask, journey);
  return {
    ask,
    title: t('citizen.time.other'),
    path: to.booking(office.code, journey.id, 'time'),
    keep: isOther ? { channel: wayCode(ask) } : {},
    waiting: to.waitingFor(office.code, journey.procedure, {
      ...choosingOf(ask),
      ...(about && { about }),
    }),
    back: { href: to.booking(office.code, journey.id, 'details'), text: t('citizen.back') },
    button: t('citizen.continue'),
    taken: 'citizen.times.takenKept',
    intro: <Chosen visit={visit} ask={ask} />,
    isPersonal: true,
  };
}

/** Returns the way in the address, where the procedure has it; else the journey's. */
function wayOf({ c, office, journey, procedure }: JourneyVisit): Way {
  const ways = waysOf(office, procedure, journey.language);
  return wayAsked(ways, c.req.query('channel'), journey);
}
