import { REQUEST_LENGTH } from '../../../../features/service/requests/rules.ts';
import type { OwnResult } from '../../../../features/service/requests/service.ts';
import { checkSurvey, type SurveyMistakes } from '../../../../features/service/survey/rules.ts';
import { Button } from '../../../../ui/buttons.tsx';
import { TextArea } from '../../../../ui/forms.tsx';
import { BackLink } from '../../../../ui/parts.tsx';
import { sendFile } from '../../../files/served.ts';
import { readForm } from '../../../form.ts';
import { showSurvey, surveyOf, type TypedSurvey, typedSurvey } from '../../ending/survey-form.tsx';
import { problem } from '../../problem.tsx';
import { formPage, Problems } from '../../shared.tsx';
import type { CitizenDeps } from '../../visit.tsx';
import type { RequestVisit } from '../find.ts';
import { MOST } from './page.tsx';

/** `…/withdraw`: takes a request back, after a question. */
export function withdrawRequestPage(deps: CitizenDeps) {
  return {
    get: async (visit: RequestVisit): Promise<Response> => {
      const { viewer, office, id, to, secret, t } = visit;
      const own = await deps.requests.own(viewer, office, id);
      if (!own?.mayWithdraw) return visit.redirect(to.request(secret));
      const title = t('requests.withdraw.title');
      return visit.show(
        { title, isPersonal: true },
        <>
          <BackLink href={to.request(secret)}>{t('citizen.back')}</BackLink>
          <h1>{title}</h1>
          <p class="lead">{t('requests.withdraw.text')}</p>
          <form class="form" action={to.request(secret, 'withdraw')} method="post">
            <Button kind="grave">{t('requests.withdraw.button')}</Button>
          </form>
        </>,
      );
    },

    post: async (visit: RequestVisit): Promise<Response> => {
      const { viewer, office, id } = visit;
      return after(visit, await deps.requests.withdraw(viewer, office, id), 'withdrawn');
    },
  };
}

/** Shows the page of a request after something was done with it; where it could not be, the page says how it stands. */
function after(visit: RequestVisit, done: OwnResult, what: string): Response {
  const { to, secret } = visit;
  if (!done.ok && done.reason === 'not_found') return problem(visit, 'no_request');
  return visit.redirect(`${to.request(secret)}${done.ok ? `?done=${what}` : ''}`);
}

/** `…/reopen`: opens what was closed once more, with a reason. */
export function reopenRequestPage(deps: CitizenDeps) {
  const show = async (visit: RequestVisit, text = '', error?: string): Promise<Response> => {
    const { viewer, office, id, to, secret, t } = visit;
    const own = await deps.requests.own(viewer, office, id);
    if (!own?.mayReopen) return visit.redirect(to.request(secret));
    const problems = error ? [{ href: '#text', text: error }] : [];
    const title = t('requests.reopen.title');
    return visit.show(
      formPage(title, problems),
      <>
        <BackLink href={to.request(secret)}>{t('citizen.back')}</BackLink>
        <Problems t={t} problems={problems} />
        <h1>{title}</h1>
        <p class="lead">{t('requests.reopen.lead')}</p>
        <form class="form" action={to.request(secret, 'reopen')} method="post" novalidate>
          <TextArea
            name="text"
            label={t('requests.reopen.why')}
            value={text}
            error={error}
            maxLength={REQUEST_LENGTH}
          />
          <Button>{t('requests.reopen.button')}</Button>
        </form>
      </>,
    );
  };
  return {
    get: (visit: RequestVisit) => show(visit),

    post: async (visit: RequestVisit): Promise<Response> => {
      const { viewer, office, id, t } = visit;
      const text = (await readForm(visit.c)).lines('text');
      const done = await deps.requests.reopen(viewer, office, id, text);
      if (!done.ok && (done.reason === 'empty' || done.reason === 'too_long'))
        return show(visit, text, t(`requests.say.${done.reason}`, MOST));
      return after(visit, done, 'reopened');
    },
  };
}

/** `…/survey`: how it went, after it was closed. */
export function requestSurveyPage(deps: CitizenDeps) {
  return {
    get: async (visit: RequestVisit): Promise<Response> => {
      const { viewer, office, id, to, secret } = visit;
      const found = await deps.requests.opinion(viewer, office, id);
      if (!found) return visit.redirect(to.request(secret));
      return surveyPage(visit, surveyOf(found.answer));
    },

    post: async (visit: RequestVisit): Promise<Response> => {
      const { viewer, office, id } = visit;
      const form = await readForm(visit.c);
      const typed = typedSurvey(form);
      const checked = checkSurvey({ ...typed, heard: '' });
      if (!checked.ok) return surveyPage(visit, typed, checked.mistakes);
      return after(
        visit,
        await deps.requests.giveOpinion(viewer, office, id, checked.answer),
        'thanks',
      );
    },
  };
}

const surveyPage = (
  visit: RequestVisit,
  typed: TypedSurvey,
  mistakes: SurveyMistakes = {},
): Response => {
  const { t, to, secret } = visit;
  return showSurvey(visit, {
    back: { href: to.request(secret), text: t('citizen.back') },
    action: to.request(secret, 'survey'),
    lead: t('requests.survey.lead'),
    solved: t('requests.survey.solved'),
    typed,
    mistakes,
  });
};

/** `…/photos/{photo}`: a photo, as a download. */
export function requestPhotoFile(deps: CitizenDeps) {
  return async (visit: RequestVisit): Promise<Response> => {
    const { viewer, office, id, c } = visit;
    const found = await deps.requests.photo(viewer, office, id, c.req.param('photo') ?? '');
    return found ? sendFile(c, found) : problem(visit, 'not_found');
  };
}
