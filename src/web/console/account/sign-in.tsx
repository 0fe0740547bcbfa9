import { viewerOf } from '../../../features/foundation/staff/service.ts';
import { giveCookie, takeCookies } from '../../../lib/http/secret-cookie.ts';
import { isLanguage } from '../../../lib/i18n/languages.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { PROOF_COOKIES } from '../../citizen/appointment/proof.ts';
import { readForm } from '../../form.ts';
import { tooMany } from '../problem.tsx';
import {
  callerOf,
  LANGUAGE_COOKIE,
  localPath,
  type StaffDeps,
  type StaffVisit,
} from '../visit.tsx';
import { CodeInput } from './code-input.tsx';
import { offer } from './confirm.tsx';
import { PasskeyForm } from './passkey-form.tsx';
import { cameBySso, SsoButton } from './sso.tsx';

const A_YEAR = 31_536_000;

type RefusedSignIn = { email: string } | { passkey: true };

/** The first factor: e-mail and password. */
export function signInPage(deps: StaffDeps) {
  return {
    get: (visit: StaffVisit) => showSignIn(deps, visit, localPath(visit.c.req.query('next') ?? '')),
    post: async (visit: StaffVisit) => {
      const form = await readForm(visit.c);
      const email = form.text('email');
      const next = localPath(form.text('next'));
      const result = await deps.staff.signIn(email, form.text('password'), callerOf(deps, visit.c));
      if (result.ok)
        return visit.redirect(`/staff/code?next=${encodeURIComponent(next)}`, result.cookies);
      return result.reason === 'too_many'
        ? tooMany(visit, result.retryAfter, visit.t('account.signIn.locked'))
        : showSignIn(deps, visit, next, { email });
    },

    /** Returns the browser's options for a passkey. */
    passkeyOptions: async (visit: StaffVisit) =>
      offer(visit, await deps.staff.passkeyOptions(callerOf(deps, visit.c))),
    /** Signs in with a passkey alone, which counts as two factors. */
    passkey: async (visit: StaffVisit) => {
      const form = await readForm(visit.c);
      const next = localPath(form.text('next'));
      const caller = callerOf(deps, visit.c);
      const result = await deps.staff.signInWithPasskey(form.text('answer'), caller);
      return result.ok
        ? visit.redirect(next, result.cookies)
        : showSignIn(deps, visit, next, { passkey: true });
    },
  };
}

function showSignIn(
  { sso }: Pick<StaffDeps, 'sso'>,
  visit: StaffVisit,
  next: string,
  refused?: RefusedSignIn,
) {
  const { t, c } = visit;
  const again = c.req.query('again') !== undefined && !refused;
  const isPasskey = refused !== undefined && 'passkey' in refused;
  const why = t(isPasskey ? 'account.signIn.refused' : 'staff.signIn.refused');
  return visit.show(
    {
      title: t('staff.signIn.title'),
      islands: ['passkey'],
      ...(refused && { status: 401 as const, hasErrors: true }),
    },
    <>
      {refused ? (
        <ErrorSummary title={t('staff.error.title')} problems={[{ href: '#email', text: why }]} />
      ) : null}
      <h1>{t('staff.signIn.title')}</h1>
      {again ? <Notice kind="warn">{t('staff.signIn.again')}</Notice> : null}
      <SsoButton t={t} sso={sso} next={next} />
      <PasswordForm t={t} next={next} refused={refused} />
      {/* Below the form: a script shows it, and it must not move fields that the person is filling in. */}
      <PasskeyForm
        t={t}
        kind="get"
        action="/staff/passkey"
        options="/staff/passkey/options"
        next={next}
        submit={t('account.signIn.passkey')}
        // Not automatically after a refusal.
        autofill={!isPasskey}
      />
      <p class="soft">{t('staff.signIn.help')}</p>
    </>,
  );
}

interface PasswordFormProps {
  t: StaffVisit['t'];
  next: string;
  refused: RefusedSignIn | undefined;
}

function PasswordForm({ t, next, refused }: PasswordFormProps) {
  return (
    <form method="post" action="/staff/sign-in" class="form">
      <input type="hidden" name="next" value={next} />
      <TextInput
        name="email"
        type="email"
        label={t('staff.signIn.email')}
        autocomplete="username webauthn"
        value={refused && 'email' in refused ? refused.email : undefined}
      />
      <TextInput
        name="password"
        type="password"
        label={t('staff.signIn.password')}
        autocomplete="current-password"
      />
      <Button>{t('staff.signIn.submit')}</Button>
    </form>
  );
}

/** The second factor: the code of the authenticator, or a recovery code. */
export function codePage(deps: StaffDeps) {
  const show = (visit: StaffVisit, next: string, wrong: boolean) => {
    const { t } = visit;
    const error = wrong ? t('staff.code.wrong') : undefined;
    return visit.show(
      { title: t('staff.code.title'), ...(wrong && { status: 401 as const, hasErrors: true }) },
      <>
        <BackLink href="/staff/sign-in">{t('staff.code.back')}</BackLink>
        {error ? (
          <ErrorSummary
            title={t('staff.error.title')}
            problems={[{ href: '#code', text: error }]}
          />
        ) : null}
        <h1>{t('staff.code.title')}</h1>
        <form method="post" action="/staff/code" class="form">
          <input type="hidden" name="next" value={next} />
          <CodeInput t={t} error={error} />
          <Button>{t('staff.code.submit')}</Button>
        </form>
      </>,
    );
  };

  return {
    get: (visit: StaffVisit) => {
      const { c } = visit;
      if (!deps.staff.hasChallenge(c.req.header('Cookie') ?? ''))
        return visit.redirect('/staff/sign-in');
      return show(visit, localPath(c.req.query('next') ?? ''), false);
    },
    post: async (visit: StaffVisit) => {
      const form = await readForm(visit.c);
      const next = localPath(form.text('next'));
      const result = await deps.staff.enterCode(form.text('code'), callerOf(deps, visit.c));
      if (result.ok) return visit.redirect(next, result.cookies);
      switch (result.reason) {
        case 'too_many':
          return tooMany(visit, result.retryAfter, visit.t('account.signIn.locked'));
        case 'start_again':
          return visit.redirect('/staff/sign-in?again', result.cookies);
        default:
          return show(visit, next, true);
      }
    },
  };
}

export function signOutPage(deps: StaffDeps) {
  return async (visit: StaffVisit) => {
    const caller = callerOf(deps, visit.c);
    await leaveDesks(deps, visit);
    const isKnownElsewhere = deps.sso !== null && cameBySso(caller.cookie, deps.config.baseUrl);
    const to = isKnownElsewhere ? '/staff/signed-out' : '/staff/sign-in';
    // Not "cookies": browsers would clear them on every host of the domain, including the town's other
    // services.
    visit.c.header('Clear-Site-Data', '"cache", "storage"');
    const proofs = takeCookies(caller.cookie, PROOF_COOKIES, deps.config.baseUrl);
    return visit.redirect(to, [...(await deps.staff.signOut(caller)), ...proofs]);
  };
}

/** Marks the person as absent at all their desks. */
async function leaveDesks({ staff, offices, presence }: StaffDeps, { c }: StaffVisit) {
  const session = await staff.session(c.req.raw.headers);
  for (const { code } of session?.offices ?? []) {
    const viewer = viewerOf(session!, code);
    const office = viewer && (await offices.find(code));
    if (office) await presence.leave(viewer, office);
  }
}

/** Sets the language of a member of staff's pages. */
export function languagePage(deps: StaffDeps) {
  return async (visit: StaffVisit) => {
    const form = await readForm(visit.c);
    const language = form.text('language');
    if (isLanguage(language)) {
      const session = await deps.staff.session(visit.c.req.raw.headers);
      if (session) await deps.people.keepLanguage(session.email, language);
      const cookie = { name: LANGUAGE_COOKIE, value: language, seconds: A_YEAR };
      visit.c.header('Set-Cookie', giveCookie(deps.config.baseUrl, cookie), { append: true });
    }
    return visit.redirect(localPath(form.text('back')));
  };
}
