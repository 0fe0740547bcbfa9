import type { Sso } from '../../../features/foundation/sso/service.ts';
import type { SsoFailure } from '../../../features/foundation/sso/types.ts';
import { cookieIn, giveCookie } from '../../../lib/http/secret-cookie.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { callerOf, localPath, type StaffDeps, type StaffVisit } from '../visit.tsx';

type Deps = Pick<StaffDeps, 'sso' | 'config'> & StaffDeps;

/**
 * Marks a sign-in through the provider: after signing out, the page says that the provider's session remains.
 */
const BY_SSO = 'finestreta.by_sso';
const HALF_A_DAY = 43_200;

/** The button for the town's provider; nothing without one. */
export function SsoButton({ t, sso, next }: { t: Translate; sso: Sso | null; next: string }) {
  if (!sso) return null;
  return (
    <p>
      <ButtonLink kind="quiet" href={`/staff/sso?next=${encodeURIComponent(next)}`}>
        {t('people.sso.button', { name: sso.name })}
      </ButtonLink>
    </p>
  );
}

/** Returns whether the browser signed in through the provider. */
export const cameBySso = (cookie: string, baseUrl: string): boolean =>
  cookieIn(cookie, BY_SSO, baseUrl) === '1';

/** `/staff/sso…`: to the provider and back. A link starts it, since forms may only post to our own origin. */
export function ssoPages(deps: Deps) {
  const { sso, config } = deps;
  const bySso = (seconds: number) =>
    giveCookie(config.baseUrl, { name: BY_SSO, value: '1', seconds });

  const withSso = (handle: (visit: StaffVisit, sso: Sso) => Promise<Response> | Response) => {
    return (visit: StaffVisit) => (sso ? handle(visit, sso) : visit.c.notFound());
  };

  return {
    start: withSso(async (visit, sso) => {
      const next = localPath(visit.c.req.query('next') ?? '');
      const started = await sso.start(next, callerOf(deps, visit.c));
      return started.ok
        ? visit.redirect(started.url, started.cookies)
        : showFailure(visit, sso, started.reason);
    }),

    callback: withSso(async (visit, sso) => {
      // The address given to the provider: behind a proxy the request's own address differs.
      const url = new URL(`${config.baseUrl}/staff/sso/callback${new URL(visit.c.req.url).search}`);
      const ended = await sso.finish(url, callerOf(deps, visit.c));
      if (!ended.ok) {
        const { address } = callerOf(deps, visit.c);
        deps.security.note('auth.sso_refused', { what: ended.reason }, address);
        return showFailure(visit, sso, ended.reason);
      }
      const cookies = [...ended.cookies, bySso(HALF_A_DAY)];
      const code = `/staff/code?next=${encodeURIComponent(ended.next)}`;
      return visit.redirect(ended.step === 'in' ? ended.next : code, cookies);
    }),

    /** The page after signing out here. */
    signedOut: withSso((visit, sso) => {
      const { t, c } = visit;
      const title = t('people.sso.out.title');
      const { name } = sso;
      c.header('Set-Cookie', bySso(0), { append: true });
      return visit.show(
        { title },
        <>
          <h1>{title}</h1>
          <p class="lead">{t('people.sso.out.text', { name })}</p>
          <p>
            <ButtonLink href="/staff/sso/out">{t('people.sso.out.link', { name })}</ButtonLink>
          </p>
          <p>
            <a href="/staff/sign-in">{t('people.sso.out.back')}</a>
          </p>
        </>,
      );
    }),

    /** Redirects to the provider's sign-out page, where it has one. */
    out: withSso(async (visit, sso) => visit.redirect((await sso.logoutUrl()) ?? '/staff/sign-in')),
  };
}

/** Failures that may pass with a new try; for the others the password is better. */
const PASSING: readonly SsoFailure[] = ['cancelled', 'away', 'gone', 'refused', 'clock'];

const STATUS = { away: 503, gone: 410, refused: 502, clock: 502 } as const;

function showFailure(visit: StaffVisit, { name }: Sso, reason: SsoFailure): Response {
  const { t } = visit;
  const title = t('people.sso.wrong.title');
  const status = reason in STATUS ? STATUS[reason as keyof typeof STATUS] : 403;
  return visit.show(
    { title, status },
    <>
      <h1>{title}</h1>
      <Notice kind="warn">{t(`people.sso.wrong.${reason}`, { name })}</Notice>
      <p class="row">
        {PASSING.includes(reason) ? (
          <ButtonLink href="/staff/sso">{t('people.sso.again', { name })}</ButtonLink>
        ) : null}
        <ButtonLink kind="quiet" href="/staff/sign-in">
          {t('people.sso.password')}
        </ButtonLink>
      </p>
    </>,
  );
}
