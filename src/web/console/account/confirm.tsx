import type { ComponentChildren } from 'preact';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink, ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { Typed } from '../problem.tsx';
import { callerOf, type SignedInVisit, type StaffDeps } from '../visit.tsx';
import { CodeInput } from './code-input.tsx';
import { PasskeyForm } from './passkey-form.tsx';

/** Back to somebody's own pages, and to no others. */
const ownPath = (given: string): string =>
  /^\/staff\/account(\/[\w/-]*)?$/.test(given) ? given : '/staff/account';

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

/** What a page needs to ask for a second factor. */
type Deps = Pick<StaffDeps, 'staff' | 'config'>;
/** What was wrong with it; or there were too many tries, and another is taken after so many seconds. */
type Wrong = 'code' | 'passkey' | { retryAfter: number };

/**
 * Asks for a second factor of the last minutes before what a form says is done; null: it is there, so do it. What was sent goes
 * along with the factor, to the same address. The fields `code` and `answer` are the factor's.
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

/** Whether a form brings a second factor that is right; null: none. */
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
  /** Where the factor is sent. */
  action: string;
  /** What goes along with it. */
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

/** What a script hands to the browser, with the cookie that goes with it; without any, the page is to be asked for again. */
export function offer(
  { c }: Pick<SignedInVisit, 'c'>,
  offered: { options: object; cookies: string[] } | null,
): Response {
  c.header('Cache-Control', 'no-store');
  for (const cookie of offered?.cookies ?? []) c.header('Set-Cookie', cookie, { append: true });
  return offered ? c.json(offered.options) : c.json({}, 409);
}
