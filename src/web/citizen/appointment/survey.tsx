import {
  asksHeard,
  checkSurvey,
  LONGEST_COMMENT,
  type SurveyMistakes,
} from '../../../features/service/survey/rules.ts';
import { HEARD, SOLVED } from '../../../features/service/survey/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Radios, TextArea } from '../../../ui/forms.tsx';
import { BackLink, type ProblemLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { formPage, Problems } from '../shared.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

interface Typed {
  score: string;
  solved: string;
  heard: string;
  comment: string;
}

/** `…/survey`: a few optional questions; the answers can be changed while the survey is open. */
export function surveyPage(deps: CitizenDeps) {
  return {
    get: async (visit: AppointmentVisit): Promise<Response> => {
      if (!deps.survey.isOpen(visit.appointment)) return showClosed(visit);
      const answer = await deps.survey.find(visit.appointment);
      return showSurvey(visit, {
        score: answer?.score?.toString() ?? '',
        solved: answer?.solved ?? '',
        heard: answer?.heard ?? '',
        comment: answer?.comment ?? '',
      });
    },

    post: async (visit: AppointmentVisit): Promise<Response> => {
      const form = await readForm(visit.c);
      const typed: Typed = {
        score: form.text('score'),
        solved: form.text('solved'),
        heard: asksHeard(visit.appointment) ? form.text('heard') : '',
        comment: form.text('comment'),
      };
      const checked = checkSurvey(typed);
      if (!checked.ok) return showSurvey(visit, typed, checked.mistakes);
      const kept = await deps.survey.answer(visit.appointment, checked.answer);
      return kept.ok
        ? visit.redirect(visit.to.appointment(visit.secret, 'thanks'))
        : showClosed(visit);
    },
  };
}

/** Returns the mistakes of the survey as links to its questions. */
export function formatMistakes(t: Translate, mistakes: SurveyMistakes): ProblemLink[] {
  return [
    ...(mistakes.all ? [{ href: '#score-0', text: t('citizen.survey.error.all') }] : []),
    ...(mistakes.score ? [{ href: '#score-0', text: t('citizen.survey.error.score') }] : []),
    ...(mistakes.solved ? [{ href: '#solved', text: t('citizen.survey.error.solved') }] : []),
    ...(mistakes.heard ? [{ href: '#heard', text: t('citizen.survey.error.solved') }] : []),
    ...(mistakes.comment
      ? [{ href: '#comment', text: t('citizen.error.too_long', { most: LONGEST_COMMENT }) }]
      : []),
  ];
}

function showSurvey(
  visit: AppointmentVisit,
  typed: Typed,
  mistakes: SurveyMistakes = {},
): Response {
  const { t, secret, to, appointment } = visit;
  const problems = formatMistakes(t, mistakes);
  const title = t('citizen.survey.title');
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('citizen.survey.lead')}</p>
      <form class="form" action={to.appointment(secret, 'survey')} method="post" novalidate>
        <Scale t={t} value={typed.score} />
        <Radios
          name="solved"
          label={t('citizen.survey.solved')}
          value={typed.solved}
          options={SOLVED.map((each) => ({ value: each, label: t(`citizen.survey.${each}`) }))}
        />
        {asksHeard(appointment) ? (
          <Radios
            name="heard"
            label={t(`quality.heard.${appointment.channel}`)}
            value={typed.heard}
            options={HEARD.map((each) => ({ value: each, label: t(`citizen.survey.${each}`) }))}
          />
        ) : null}
        <TextArea
          name="comment"
          label={t('citizen.survey.comment')}
          hint={t('citizen.survey.commentHint')}
          value={typed.comment}
          error={mistakes.comment && t('citizen.error.too_long', { most: LONGEST_COMMENT })}
        />
        <Button>{t('citizen.survey.send')}</Button>
      </form>
    </>,
  );
}

/** 0 to 10, with words at both ends. */
export function Scale({ t, value }: { t: Translate; value: string }) {
  const scores = Array.from({ length: 11 }, (_, score) => String(score));
  const end = (score: string) =>
    score === '0' ? t('citizen.survey.worst') : score === '10' ? t('citizen.survey.best') : '';
  return (
    <fieldset>
      <legend class="legend">{t('citizen.survey.score')}</legend>
      <p class="hint" aria-hidden="true">
        0: {t('citizen.survey.worst')}. 10: {t('citizen.survey.best')}.
      </p>
      <div class="scale">
        {scores.map((score) => (
          <div key={score} class="slot">
            <input
              type="radio"
              name="score"
              id={`score-${score}`}
              value={score}
              checked={score === value}
            />
            <label for={`score-${score}`}>
              {score}
              {end(score) ? <span class="hide">, {end(score)}</span> : null}
            </label>
          </div>
        ))}
      </div>
    </fieldset>
  );
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
