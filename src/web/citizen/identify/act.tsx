import { transactionHash } from '../../../features/service/consent/rules.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Notice } from '../../../ui/parts.tsx';
import { ActText } from '../appointment/act-text.tsx';
import { nameOf } from '../appointment/acts.tsx';
import { problem } from '../problem.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { type Reason, showProviders, startChosen } from './choose.tsx';

/**
 * `…/acts/{act}/identify`: consents to an act by identifying for it. Whoever comes back identified has answered. The address can be sent to
 * somebody who is not in the call, so the page has the whole text, warns, and has them tick that it is them.
 */
export function identifyForAct(deps: CitizenDeps) {
  /** Shows or begins what the citizen is asked to confirm. An act that is over, or can't be answered like this, is shown instead. */
  const asking =
    (work: (visit: AppointmentVisit, reason: Reason) => Promise<Response>) =>
    async (visit: AppointmentVisit): Promise<Response> => {
      const { c, t, to, secret, viewer, office, appointment, language } = visit;
      const act = await deps.consent.read(viewer, office, appointment.id, c.req.param('act') ?? '');
      if (!act) return problem(visit, 'not_found');
      const back = to.act(secret, act.id);
      if (act.state !== 'prepared' || !act.hash || !act.record || act.identity.way !== 'open')
        return visit.redirect(back);
      const name = nameOf(visit, act);
      return work(visit, {
        level: act.identity.level,
        purpose: {
          for: 'act',
          appointment: appointment.id,
          office: office.id,
          act: act.id,
          link: appointment.link,
        },
        transaction: {
          hash: transactionHash(act.hash),
          words: t('acts.identify.words', { act: name, office: textIn(office.name, language) }),
        },
        next: back,
        here: to.act(secret, act.id, 'identify'),
        back,
        title: t('acts.identify.title'),
        why: t('acts.identify.why', { act: name }),
        more: (
          <>
            <ActText visit={visit} act={act} record={act.record} />
            <p>
              {t('acts.identify.name', { name: appointment.citizen.name })}{' '}
              {t('acts.identify.again')}
            </p>
            <Notice kind="warn">
              <p>{t('acts.identify.warning')}</p>
            </Notice>
          </>
        ),
        tick: { label: t('acts.identify.tick'), missing: t('acts.identify.tick.missing') },
      });
    };

  return {
    get: asking((visit, reason) => showProviders(deps, visit, reason)),
    post: asking((visit, reason) => startChosen(deps, visit, reason)),
  };
}
