import {
  asksHeard,
  checkSurvey,
  type SurveyMistakes,
} from '../../../features/service/survey/rules.ts';
import { HEARD } from '../../../features/service/survey/types.ts';
import { Radios } from '../../../ui/forms.tsx';
import { readForm } from '../../form.ts';
import { showSurvey, surveyOf, type TypedSurvey, typedSurvey } from '../ending/survey-form.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

interface Typed extends TypedSurvey {
  heard: string;
}

/** `…/survey`: a few optional questions; the answers can be changed while the survey is open. */
export function surveyPage(deps: CitizenDeps) {
  return {
    get: async (visit: AppointmentVisit): Promise<Response> => {
      if (!deps.survey.isOpen(visit.appointment)) return showClosed(visit);
      const answer = await deps.survey.find(visit.appointment);
      return show(visit, {
        ...surveyOf(answer),
        heard: answer?.heard ?? '',
      });
    },

    post: async (visit: AppointmentVisit): Promise<Response> => {
      const form = await readForm(visit.c);
      const typed: Typed = {
        ...typedSurvey(form),
        heard: asksHeard(visit.appointment) ? form.text('heard') : '',
      };
      const checked = checkSurvey(typed);
      if (!checked.ok) return show(visit, typed, checked.mistakes);
      const kept = await deps.survey.answer(visit.appointment, checked.answer);
      return kept.ok
        ? visit.redirect(visit.to.appointment(visit.secret, 'thanks'))
        : showClosed(visit);
    },
  };
}

function show(visit: AppointmentVisit, typed: Typed, mistakes: SurveyMistakes = {}): Response {
  const { t, secret, to, appointment } = visit;
  return showSurvey(visit, {
    back: { href: to.appointment(secret), text: t('citizen.backToAppointment') },
    action: to.appointment(secret, 'survey'),
    lead: t('citizen.survey.lead'),
    typed,
    mistakes,
    children: asksHeard(appointment) ? (
      <Radios
        name="heard"
        label={t(`quality.heard.${appointment.channel}`)}
        value={typed.heard}
        options={HEARD.map((each) => ({ value: each, label: t(`citizen.survey.${each}`) }))}
      />
    ) : null,
  });
}

/** `…/thanks`: the answers are kept, and may still be changed. */
export function thanksPage(deps: CitizenDeps) {
  return (visit: AppointmentVisit): Response => {
    const { t, secret, to, appointment } = visit;
    const title = t('citizen.thanks.title');
    return visit.show(
      { title, isPersonal: true },
      <>
        <h1>{title}</h1>
        <p class="lead">{t('citizen.thanks.text')}</p>
        {deps.survey.isOpen(appointment) ? (
          <p>
            <a href={to.appointment(secret, 'survey')}>{t('citizen.survey.changeIt')}</a>
          </p>
        ) : null}
        <p>
          <a href={to.appointment(secret)}>{t('citizen.backToAppointment')}</a>
        </p>
      </>,
    );
  };
}

function showClosed(visit: AppointmentVisit): Response {
  const { t, secret, to, appointment } = visit;
  const isOver = ['fulfilled', 'noshow', 'cancelled'].includes(appointment.status);
  const title = t(isOver ? 'citizen.survey.over' : 'citizen.survey.early');
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p>
        <a href={to.appointment(secret)}>{t('citizen.backToAppointment')}</a>
      </p>
    </>,
  );
}
