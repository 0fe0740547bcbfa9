import type { ComponentChildren } from 'preact';
import { LONGEST_COMMENT, type SurveyMistakes } from '../../../features/service/survey/rules.ts';
import { SOLVED, type SurveyAnswer } from '../../../features/service/survey/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Radios, TextArea } from '../../../ui/forms.tsx';
import { BackLink, type ProblemLink } from '../../../ui/parts.tsx';
import type { Form } from '../../form.ts';
import { formPage, Problems } from '../shared.tsx';
import type { Visit } from '../visit.tsx';

/** What somebody typed of how it went. */
export interface TypedSurvey {
  score: string;
  solved: string;
  comment: string;
}

/** Returns what was typed. */
export const typedSurvey = (form: Form): TypedSurvey => ({
  score: form.text('score'),
  solved: form.text('solved'),
  comment: form.text('comment'),
});

/** Returns an answer as it was typed; null: there is none. */
export const surveyOf = (answer: SurveyAnswer | null): TypedSurvey => ({
  score: answer?.score?.toString() ?? '',
  solved: answer?.solved ?? '',
  comment: answer?.comment ?? '',
});

/** Returns the mistakes of the survey as links to its questions. */
function formatMistakes(t: Translate, mistakes: SurveyMistakes): ProblemLink[] {
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

/** The page on which somebody says how it went, of an appointment, a conversation in writing or a request. `solved`: how it is asked; `children`: what is asked besides. */
export function showSurvey(
  visit: Pick<Visit, 't' | 'show'>,
  asked: {
    back: { href: string; text: string };
    /** Where the answers go. */
    action: string;
    lead?: string;
    solved?: string;
    typed: TypedSurvey;
    mistakes?: SurveyMistakes;
    children?: ComponentChildren;
  },
): Response {
  const { t } = visit;
  const { back, action, lead, solved, typed, mistakes = {}, children } = asked;
  const problems = formatMistakes(t, mistakes);
  const title = t('citizen.survey.title');
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={back.href}>{back.text}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      {lead ? <p class="lead">{lead}</p> : null}
      <form class="form" action={action} method="post" novalidate>
        <SurveyFields t={t} typed={typed} isLong={!!mistakes.comment} {...(solved && { solved })}>
          {children}
        </SurveyFields>
      </form>
    </>,
  );
}

function SurveyFields(props: {
  t: Translate;
  typed: TypedSurvey;
  solved?: string;
  isLong?: boolean;
  children?: ComponentChildren;
}) {
  const { t, typed, solved, isLong = false, children } = props;
  return (
    <>
      <Scale t={t} value={typed.score} />
      <Radios
        name="solved"
        label={solved ?? t('citizen.survey.solved')}
        value={typed.solved}
        options={SOLVED.map((each) => ({ value: each, label: t(`citizen.survey.${each}`) }))}
      />
      {children}
      <TextArea
        name="comment"
        label={t('citizen.survey.comment')}
        hint={t('citizen.survey.commentHint')}
        value={typed.comment}
        error={isLong ? t('citizen.error.too_long', { most: LONGEST_COMMENT }) : undefined}
      />
      <Button>{t('citizen.survey.send')}</Button>
    </>
  );
}

/** 0 to 10, with words at both ends. */
function Scale({ t, value }: { t: Translate; value: string }) {
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
          <label key={score} class="slot">
            <input
              type="radio"
              name="score"
              id={`score-${score}`}
              value={score}
              checked={score === value}
            />
            <span>
              {score}
              {end(score) ? <span class="hide">, {end(score)}</span> : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
