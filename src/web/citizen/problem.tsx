import type { Visit } from './visit.tsx';

export type Problem =
  | 'not_found'
  | 'no_journey'
  | 'no_appointment'
  | 'no_waiting'
  | 'too_many'
  | 'foreign'
  | 'bad_form'
  | 'broken';

const STATUS = {
  not_found: 404,
  no_journey: 404,
  no_appointment: 404,
  no_waiting: 404,
  too_many: 429,
  foreign: 403,
  bad_form: 400,
  broken: 500,
} as const;

/** A page that says what went wrong, that nothing was lost, and where to go on. */
export function problem(visit: Visit, what: Problem): Response {
  const { t, body, to } = visit;
  const title = t(`citizen.problem.${what}.title`);
  return visit.show(
    { title, status: STATUS[what], isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t(`citizen.problem.${what}.text`)}</p>
      <p>
        <a href={body ? to.body(body.code) : to.town}>{t('citizen.problem.start')}</a>
      </p>
    </>,
  );
}
