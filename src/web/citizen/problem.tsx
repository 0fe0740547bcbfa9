import type { FormError } from '../form.ts';
import { Reach } from './reaching.tsx';
import type { Visit } from './visit.tsx';

export type Problem =
  | 'not_found'
  | 'no_journey'
  | 'no_appointment'
  | 'no_companion'
  | 'no_authority'
  | 'no_waiting'
  | 'no_chat'
  | 'no_case'
  | 'no_request'
  | 'other_person'
  | 'other_organisation'
  | 'other_signer'
  | 'represented_over'
  | 'too_many'
  | 'foreign'
  | 'staff_here'
  | 'bad_form'
  | 'too_long'
  | 'broken';

const STATUS = {
  not_found: 404,
  no_journey: 404,
  no_appointment: 404,
  no_companion: 404,
  no_authority: 403,
  no_waiting: 404,
  no_chat: 404,
  no_case: 404,
  no_request: 404,
  other_person: 403,
  other_organisation: 403,
  other_signer: 403,
  represented_over: 403,
  too_many: 429,
  foreign: 403,
  staff_here: 403,
  bad_form: 400,
  too_long: 413,
  broken: 500,
} as const;

/** Returns the description of a form that none of our pages sends. */
export const formProblem = ({ status }: FormError): Problem =>
  status === 413 ? 'too_long' : 'bad_form';

/** Shows what went wrong, that nothing was lost, and the next step: on the web or by telephone. */
export function problem(visit: Visit, what: Problem): Response {
  const { t, office, to } = visit;
  const title = t(`citizen.problem.${what}.title`);
  return visit.show(
    { title, status: STATUS[what], isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t(`citizen.problem.${what}.text`)}</p>
      {what === 'no_appointment' ? (
        <p>
          <a href={to.linkRecovery}>{t('manage.lost.title')}</a>
        </p>
      ) : null}
      <Reach visit={visit} lead={t('citizen.problem.call')} />
      <p>
        <a href={office ? to.office(office.code) : to.town}>{t('citizen.problem.start')}</a>
      </p>
    </>,
  );
}
