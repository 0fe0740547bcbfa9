import type { Stoppable } from '../../../features/foundation/notices/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button } from '../../../ui/buttons.tsx';
import { readForm } from '../../form.ts';
import type { Handler } from '../../routes.ts';
import { problem } from '../problem.tsx';
import { type CitizenDeps, type OfficeVisit, visitOf, withOffice } from '../visit.tsx';

/**
 * `/{language}/notices/{token}`: stops the reminders and surveys of an office, and starts them again.
 * Opening it changes nothing, since
 * programs that scan mails open links. A mail program's own button posts here without opening it first
 * (RFC 8058): without a
 * session, from anywhere, as a form or in parts. Such programs follow no redirect, so the answer comes
 * at once.
 */
export function unsubscribePage(deps: CitizenDeps): { get: Handler; post: Handler } {
  const on = (
    find: (token: string) => Promise<Stoppable | null>,
    answer: (visit: OfficeVisit, found: Stoppable, token: string) => Response,
  ): Handler => {
    return async (c) => {
      const visit = await visitOf(deps, c);
      const token = c.req.param('token') ?? '';
      const found = visit.isOffered ? await find(token) : null;
      if (!found) return problem(visit, 'not_found');
      return answer(withOffice(deps, visit, await deps.offices.byId(found.office)), found, token);
    };
  };
  const { stopping } = deps;

  return {
    get: on((token) => stopping.find(token), show),
    post: async (c) => {
      const isOurs = c.req.header('Content-Type')?.startsWith('multipart/') !== true;
      const answer = isOurs ? (await readForm(c)).text('answer') : '';
      const isStopped = answer !== 'resume';
      const handle = on(
        (token) => stopping.set(token, isStopped),
        (visit, found, token) =>
          answer ? visit.redirect(visit.to.notices(token)) : show(visit, found, token),
      );
      return handle(c);
    },
  };
}

function show(visit: OfficeVisit, { group, state }: Stoppable, token: string): Response {
  const { t, office, to, language } = visit;
  const title = t(
    state === 'ended' ? 'notices.stopping.ended' : `notices.stopping.${group}.${state}`,
  );
  const name = textIn(office.name, language);
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">
        {state === 'ended'
          ? t('notices.stopping.endedText', { office: name })
          : t(`notices.stopping.${group}.text`, { office: name })}
      </p>
      {state === 'ended' ? null : (
        <>
          <p>{t('notices.stopping.rest')}</p>
          <form action={to.notices(token)} method="post">
            {state === 'sent' ? (
              <Button name="answer" value="stop">
                {t(`notices.stop.${group}`)}
              </Button>
            ) : (
              <Button kind="quiet" name="answer" value="resume">
                {t(`notices.stopping.${group}.again`)}
              </Button>
            )}
          </form>
        </>
      )}
    </>,
  );
}
