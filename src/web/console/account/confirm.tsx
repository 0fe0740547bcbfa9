import type { ComponentChildren } from 'preact';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink, ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { Typed } from '../problem.tsx';
import { callerOf, type SignedInVisit, type StaffDeps } from '../visit.tsx';
import { CodeInput } from './code-input.tsx';
import { PasskeyForm } from './passkey-form.tsx';

/** Returns the path if it is one of the person's own pages. */
const ownPath = (given: string): string =>
  /^\/staff\/account(\/[\w/-]*)?$/.test(given) ? given : '/staff/account';

/** Redirects to the page for a second factor; `again`: the sent form wasn't done. */
export const toConfirm = (visit: SignedInVisit, next: string, again = false): Response =>
  visit.redirect(
    `/staff/account/confirm?next=${encodeURIComponent(next)}${again ? '&again=1' : ''}`,
  );

/** Wraps pages that change the sign-in: they need a recent second factor. */
export const whenFresh =
  (deps: StaffDeps, handle: (visit: SignedInVisit) => Response | Promise<Response>) =>
  (visit: SignedInVisit) => {
    if (deps.staff.isFresh(visit.session)) return handle(visit);
    return toConfirm(visit, visit.c.req.path, visit.c.req.method !== 'GET');
  };

/** The services for asking for a second factor. */
type Deps = Pick<StaffDeps, 'staff' | 'config'>;
/** The mistake in the factor; or too many tries, with the seconds to wait. */
type Wrong = 'code' | 'passkey' | { retryAfter: number };

/**
 * Asks for a recent second factor before a form's action; null: there is one, so the action may go on.
 * The sent fields go
 * along with the factor, to the same address. The fields `code` and `answer` belong to the factor.
 */
export async function confirmFirst(
  deps: Deps,
  visit: SignedInVisit,
  form: Form,
): Promise<Response | null> {
  const { t, c, session } = visit;
  if (deps.staff.isFresh(session)) return null;
  const shown = await confirmed(deps, visit, form);
  if (shown === 'right') return null;
  const sent = form.fields().filter(([name]) => name !== 'code' && name !== 'answer');
  return ask(deps, visit, {
    sent,
    text: <p>{t('account.confirm.before')}</p>,
    wrong: shown,
    action: c.req.path,
    back: { href: c.req.path, text: t('account.confirm.back') },
  });
}

/** Returns whether a form brings a valid second factor; null: it brings none. */
async function confirmed(
  deps: Deps,
  visit: SignedInVisit,
  form: Form,
): Promise<'right' | Wrong | null> {
  const { session, c } = visit;
  const caller = callerOf(deps, c);
  if (form.has('answer')) {
    const isRight = await deps.staff.confirmWithPasskey(session, form.text('answer'), caller);
    return isRight ? 'right' : 'passkey';
  }
  if (!form.has('code')) return null;
  const result = await deps.staff.confirmWithCode(session, form.text('code'), caller);
  if (result.ok) return 'right';
  return result.reason === 'too_many' ? { retryAfter: result.retryAfter } : 'code';
}

interface Asked {
  /** The address that the factor is sent to. */
  action: string;
  /** The fields that go along with it. */
  sent: readonly [name: string, text: string][];
  text: ComponentChildren;
  back: { href: string; text: string };
  wrong: Wrong | null;
}

async function ask(deps: Deps, visit: SignedInVisit, asked: Asked): Promise<Response> {
  const { t } = visit;
  const { action, sent, text, back, wrong } = asked;
  const seen = await deps.staff.account(visit.session);
  const isCode = wrong !== 'passkey';
  const error = wrong && formatWrong(t, wrong);
  const wait = typeof wrong === 'object' && wrong?.retryAfter;
  if (wait) visit.c.header('Retry-After', String(wait));
  const title = t('account.confirm.title');
  const along = sent.map(([name, value]) => <input type="hidden" name={name} value={value} />);
  return visit.show(
    {
      title,
      islands: ['passkey'],
      ...(wrong && { status: wait ? (429 as const) : (422 as const), hasErrors: true }),
    },
    <>
      <BackLink href={back.href}>{back.text}</BackLink>
      {error ? (
        <ErrorSummary
          title={t('staff.error.title')}
          problems={[{ href: isCode ? '#code' : '#passkey', text: error }]}
        />
      ) : null}
      <h1>{title}</h1>
      {text}
      {seen.takesPasskeys && seen.passkeys.length > 0 ? (
        <PasskeyForm
          t={t}
          kind="get"
          action={action}
          options="/staff/account/confirm/options"
          submit={t('account.confirm.passkey')}
        >
          {along}
        </PasskeyForm>
      ) : null}
      {seen.hasAuthenticator || seen.passkeys.length > 0 ? null : (
        <>
          <Typed t={t} fields={sent} />
          <form method="post" action="/staff/sign-out" class="form">
            <p>{t('account.confirm.enterAgain')}</p>
            <Button>{t('staff.signOut')}</Button>
          </form>
        </>
      )}
      {seen.hasAuthenticator ? (
        <form method="post" action={action} class="form">
          {along}
          <CodeInput t={t} error={isCode ? (error ?? undefined) : undefined} />
          <Button>{t('staff.code.submit')}</Button>
        </form>
      ) : null}
    </>,
  );
}

function formatWrong(t: Translate, wrong: Wrong): string {
  if (typeof wrong === 'object')
    return t('staff.tooMany.text', { minutes: Math.ceil(wrong.retryAfter / 60) });
  return t(wrong === 'code' ? 'staff.code.wrong' : 'account.confirm.refused');
}

/** `/staff/account/confirm` */
export function confirmPage(deps: StaffDeps) {
  const show = (visit: SignedInVisit, next: string, wrong: Wrong | null = null) => {
    const { t, c } = visit;
    const text =
      c.req.query('again') && !wrong ? (
        <Notice kind="warn">{t('account.confirm.again')}</Notice>
      ) : (
        <p>{t('account.confirm.text')}</p>
      );
    const back = { href: '/staff/account', text: t('account.back') };
    return ask(deps, visit, {
      action: '/staff/account/confirm',
      sent: [['next', next]],
      text,
      back,
      wrong,
    });
  };

  return {
    get: async (visit: SignedInVisit) => {
      const next = ownPath(visit.c.req.query('next') ?? '');
      return deps.staff.isFresh(visit.session) ? visit.redirect(next) : show(visit, next);
    },
    post: async (visit: SignedInVisit) => {
      const form = await readForm(visit.c);
      const next = ownPath(form.text('next'));
      const shown = await confirmed(deps, visit, form);
      if (shown === 'right') return visit.redirect(next);
      return show(visit, next, shown ?? 'code');
    },
    options: async (visit: SignedInVisit) => {
      const caller = callerOf(deps, visit.c);
      return offer(visit, await deps.staff.confirmOptions(visit.session, caller));
    },
  };
}

/**
 * Returns the passkey options for the script, with their cookie; without options, the page must be
 * loaded again.
 */
export function offer(
  { c }: Pick<SignedInVisit, 'c'>,
  offered: { options: object; cookies: string[] } | null,
): Response {
  c.header('Cache-Control', 'no-store');
  for (const cookie of offered?.cookies ?? []) c.header('Set-Cookie', cookie, { append: true });
  return offered ? c.json(offered.options) : c.json({}, 409);
}
