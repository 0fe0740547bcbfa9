import type { ComponentChildren } from 'preact';
import { LIVES } from '../../../features/booking/journeys/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { obstaclePage } from '../representation/obstacle.tsx';
import { whomIn } from '../representation/parts.tsx';
import { formPage, Problems } from '../shared.tsx';
import { askAgain } from '../times/time-page.ts';
import type { CitizenDeps, JourneyVisit } from '../visit.tsx';
import {
  checkAnswers,
  type Mistakes,
  mistakesOn,
  nextPage,
  problemsOf,
  readAnswers,
  type TypingPage,
} from './answers.ts';
import { ContactFields, type FieldsProps, NeedsFields, WhomField } from './details-form.tsx';
import { Extend, extended, Kept } from './hold.tsx';
import { nextAddress, timePage } from './other-time.tsx';
import { showStop } from './stop.tsx';

/** `…/booking/{journey}/details`: who the appointment is for, and where the town hall reaches them. */
export const detailsPage = (deps: CitizenDeps) => typingPage(deps, 'details', Who);

/** `…/booking/{journey}/needs`: whether they need anything, in a word where they don't. */
export const needsPage = (deps: CitizenDeps) => typingPage(deps, 'needs', Needs);

type Show = (props: { visit: JourneyVisit; fields: FieldsProps }) => ComponentChildren;

/**
 * A page on which something is typed. What was typed is kept with the booking at once, so a form with mistakes leads to the page's own
 * address, which shows them: Back doesn't send the form again.
 */
function typingPage(deps: CitizenDeps, page: TypingPage, show: Show) {
  return {
    get: (visit: JourneyVisit): Response | Promise<Response> => {
      const stopped = obstaclePage(visit);
      if (stopped) return stopped;
      const { answers, channel } = visit.journey;
      const checked = checkAnswers(visit, channel, answers);
      const isMending = visit.c.req.query('mend') !== undefined;
      const isStopped = !checked.ok && checked.mistakes.needs === 'not_on_channel';
      if (page === 'needs' && isMending && isStopped) return showStop(deps, visit);
      const mistakes = checked.ok || !isMending ? {} : mistakesOn(page, checked.mistakes);
      return showPage(visit, page, mistakes, show);
    },

    post: async (visit: JourneyVisit): Promise<Response> => {
      const { office, journey, to } = visit;
      const form = await readForm(visit.c);
      const typed = readAnswers(form);
      const answers = { ...journey.answers, ...typed };
      await deps.journeys.answer(journey, typed);
      // The island saves the typed values and needs no page.
      if (form.has('save')) return visit.c.body(null, 204);
      const here = to.booking(office.code, journey.id, page);
      if (form.has('extend')) {
        await extended(deps, visit);
        return visit.redirect(here);
      }
      const answered = { ...visit, journey: { ...journey, answers } };
      if (nextPage(visit, journey.channel, answers) === page)
        return visit.redirect(nextAddress(answered));
      // An expired hold is renewed without a message if the time is still free.
      const kept = await deps.journeys.chooseTime(office, journey, journey.start);
      if (!kept.ok) return askAgain(visit, timePage(visit), journey.start);
      return visit.redirect(nextAddress(answered));
    },
  };
}

function showPage(
  visit: JourneyVisit,
  page: TypingPage,
  mistakes: Mistakes,
  Fields: Show,
): Response {
  const { t, office, journey, to, session } = visit;
  const { channel, language } = journey;
  // Somebody who is identified need not type their name.
  const answers = { ...(session && { name: session.name.full }), ...journey.answers };
  const problems = problemsOf(t, mistakes, answers);
  const { interpreters } = office.settings;
  const fields = { t, channel, language, answers, mistakes, interpreters };
  const isFirst = page === 'details';
  const title = t(isFirst ? 'citizen.details.title' : 'details.needs.title');
  const back = to.booking(office.code, journey.id, isFirst ? 'time' : 'details');
  return visit.show(
    { ...formPage(title, problems), islands: ['booking'] },
    <>
      <BackLink href={back}>{t(isFirst ? 'citizen.time.other' : 'citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <Kept visit={visit} />
      <form
        class="form"
        action={to.booking(office.code, journey.id, page)}
        method="post"
        novalidate
        data-autosave
      >
        <Fields visit={visit} fields={fields} />
        <div>
          <p
            role="status"
            id="unsaved"
            data-failed={t('details.save.failed')}
            data-done={t('details.save.done')}
          />
          <Button>{t('citizen.continue')}</Button>
        </div>
        <Extend visit={visit} />
      </form>
    </>,
  );
}

function Who({ visit, fields }: { visit: JourneyVisit; fields: FieldsProps }) {
  const { t, to, procedure, acting } = visit;
  return (
    <>
      {acting ? (
        <p class="note">{t('representation.acting', { name: whomIn(t, acting) })}</p>
      ) : (
        <WhomField {...fields} procedure={procedure} />
      )}
      <ContactFields {...fields} />
      <p class="soft">
        {t('citizen.details.privacy')} {t('details.kept', LIVES)}{' '}
        <a href={to.about('privacy')}>{t('citizen.details.privacyLink')}</a>
      </p>
    </>
  );
}

function Needs({ fields }: { fields: FieldsProps }) {
  return <NeedsFields {...fields} />;
}
