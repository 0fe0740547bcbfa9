import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { tooMany } from '../problem.tsx';
import { callerOf, type SignedInVisit, type StaffDeps } from '../visit.tsx';
import { PasskeyForm } from './passkey-form.tsx';

/** Back to somebody's own pages or those of a body's administrator, and to no others. */
const ownPath = (given: string): string =>
  /^\/(staff\/account|console\/[\w-]+\/admin)(\/[\w/-]*)?$/.test(given) ? given : '/staff/account';

/** To the page that asks for a second factor; `again`: what was sent wasn't done. */
export const toConfirm = (visit: SignedInVisit, next: string, again = false): Response =>
  visit.redirect(
    `/staff/account/confirm?next=${encodeURIComponent(next)}${again ? '&again=1' : ''}`,
  );

/** Pages that change how one comes in: only for who has shown a second factor within the last minutes. */
export const whenFresh =
  (deps: StaffDeps, handle: (visit: SignedInVisit) => Response | Promise<Response>) =>
  (visit: SignedInVisit) => {
    if (deps.staff.isFresh(visit.session)) return handle(visit);
    return toConfirm(visit, visit.c.req.path, visit.c.req.method !== 'GET');
  };

/** `/staff/account/confirm` */
export function confirmPage(deps: StaffDeps) {
  const show = async (visit: SignedInVisit, next: string, wrong?: 'code' | 'passkey') => {
    const { t, c } = visit;
    const seen = await deps.staff.account(visit.session);
    const error = wrong && t(wrong === 'code' ? 'staff.code.wrong' : 'account.confirm.refused');
    const title = t('account.confirm.title');
    return visit.show(
      {
        title,
        islands: ['passkey'],
        ...(wrong && { status: 422 as const, hasErrors: true }),
      },
      <>
        <BackLink href="/staff/account">{t('account.back')}</BackLink>
        {error ? (
          <ErrorSummary
            title={t('staff.error.title')}
            problems={[{ href: wrong === 'code' ? '#code' : '#passkey', text: error }]}
          />
        ) : null}
        <h1>{title}</h1>
        {c.req.query('again') && !wrong ? (
          <Notice kind="warn">{t('account.confirm.again')}</Notice>
        ) : (
          <p>{t('account.confirm.text')}</p>
        )}
        {seen.takesPasskeys && seen.passkeys.length > 0 ? (
          <PasskeyForm
            t={t}
            kind="get"
            action="/staff/account/confirm"
            options="/staff/account/confirm/options"
            next={next}
            submit={t('account.confirm.passkey')}
          />
        ) : null}
        {seen.hasAuthenticator || seen.passkeys.length > 0 ? null : (
          <form method="post" action="/staff/sign-out" class="form">
            <p>{t('account.confirm.enterAgain')}</p>
            <Button>{t('staff.signOut')}</Button>
          </form>
        )}
        {seen.hasAuthenticator ? (
          <form method="post" action="/staff/account/confirm" class="form">
            <input type="hidden" name="next" value={next} />
            <TextInput
              name="code"
              label={t('staff.code.label')}
              hint={t('staff.code.hint')}
              error={wrong === 'code' ? error : undefined}
              autocomplete="one-time-code"
              maxLength={20}
              spellcheck={false}
              short
            />
            <Button>{t('staff.code.submit')}</Button>
          </form>
        ) : null}
      </>,
    );
  };

  return {
    get: async (visit: SignedInVisit) => {
      const next = ownPath(visit.c.req.query('next') ?? '');
      return deps.staff.isFresh(visit.session) ? visit.redirect(next) : show(visit, next);
    },
    post: async (visit: SignedInVisit) => {
      const { session, c } = visit;
      const form = await readForm(c);
      const next = ownPath(form.text('next'));
      const caller = callerOf(deps, c);
      if (form.has('answer')) {
        const isRight = await deps.staff.confirmWithPasskey(session, form.text('answer'), caller);
        return isRight ? visit.redirect(next) : show(visit, next, 'passkey');
      }
      const result = await deps.staff.confirmWithCode(session, form.text('code'), caller);
      if (result.ok) return visit.redirect(next);
      return result.reason === 'too_many'
        ? tooMany(visit, result.retryAfter)
        : show(visit, next, 'code');
    },
    options: async (visit: SignedInVisit) => {
      const caller = callerOf(deps, visit.c);
      return offer(visit, await deps.staff.confirmOptions(visit.session, caller));
    },
  };
}

/** What a script hands to the browser, with the cookie that goes with it; without any, the page is to be asked for again. */
export function offer(
  { c }: Pick<SignedInVisit, 'c'>,
  offered: { options: object; cookies: string[] } | null,
): Response {
  c.header('Cache-Control', 'no-store');
  for (const cookie of offered?.cookies ?? []) c.header('Set-Cookie', cookie, { append: true });
  return offered ? c.json(offered.options) : c.json({}, 409);
}
