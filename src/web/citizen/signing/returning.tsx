import { ButtonLink } from '../../../ui/buttons.tsx';
import type { Handler } from '../../routes.ts';
import { urls } from '../urls.ts';
import { type CitizenDeps, visitOf } from '../visit.tsx';
import { signAddress } from './standing.tsx';

/**
 * `/signature/return`: where the browser comes back from where it signs. What became of it is told on the page of the case, whose own address no
 * provider gets to know.
 */
export const signedReturn =
  (deps: CitizenDeps): Handler =>
  async (c) => {
    const url = new URL(c.req.url);
    const outcome = await deps.signatures.answer(url, c.req.header('Cookie') ?? '');
    c.header('Cache-Control', 'no-store');
    if (outcome.kind === 'go' || outcome.kind === 'waits') return c.redirect(outcome.url, 303);
    if (outcome.kind === 'back') {
      const { secret, language, isHandedIn, office, case: id, failure, version } = outcome;
      if (failure === 'refused' || failure === 'other_person')
        deps.security.note('signature.refused', { what: failure }, deps.addressOf(c));
      if (isHandedIn && outcome.to === 'case')
        await deps.atOnce.answer(await deps.offices.byId(office), id);
      const to = urls(language);
      if (outcome.to === 'cosigner') return c.redirect(to.cosign(secret), 303);
      const done = isHandedIn ? to.case(secret, 'done') : null;
      return c.redirect(done ?? signAddress({ to, secret }, version), 303);
    }
    const visit = await visitOf(deps, c, outcome.kind === 'again' ? outcome.language : null);
    const { t } = visit;
    if (outcome.kind === 'gone')
      deps.security.note('signature.refused', { what: 'gone' }, deps.addressOf(c));
    const words = `signature.${outcome.kind}` as const;
    const isProgram = outcome.kind === 'again' && outcome.way === 'autofirma';
    const title = t(isProgram ? 'signature.again.autofirma.title' : `${words}.title`);
    return visit.show(
      { title, isPersonal: true, status: outcome.kind === 'again' ? 503 : 409 },
      <>
        <h1>{title}</h1>
        <p class="lead">{t(isProgram ? 'signature.again.autofirma' : `${words}.text`)}</p>
        {outcome.kind === 'again' ? (
          <p>
            <ButtonLink href={`${url.pathname}${url.search}`}>{t('signature.again.go')}</ButtonLink>
          </p>
        ) : null}
      </>,
    );
  };
