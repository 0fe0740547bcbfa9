import { PASSWORD_LENGTH } from '../../../features/foundation/staff/rules.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { tooMany } from '../problem.tsx';
import { callerOf, type SignedInVisit, type StaffDeps } from '../visit.tsx';
import { toConfirm, whenFresh } from './confirm.tsx';
import {
  AuthenticatorSecret,
  FirstCode,
  Mistake,
  NewPassword,
  RecoveryCodes,
  refused,
} from './factor-parts.tsx';

/** The page's head: the link back, and the mistakes. */
function Head(props: { visit: SignedInVisit; field?: string; error?: string | undefined }) {
  const { t } = props.visit;
  return (
    <>
      <BackLink href="/staff/account">{t('account.back')}</BackLink>
      <Mistake t={t} field={props.field ?? ''} error={props.error} />
    </>
  );
}

/** `/staff/account/authenticator`: replaces the old app by another. */
export function authenticatorPage(deps: StaffDeps) {
  const show = async (visit: SignedInVisit, error?: string, again?: { sealed: string }) => {
    const { t, session } = visit;
    const offered =
      (again && (await deps.staff.offeredAuthenticator(session, again.sealed))) ||
      (await deps.staff.newAuthenticator(session));
    const title = t('account.code.replace');
    return visit.show(
      { title, ...refused(error) },
      <>
        <Head visit={visit} field="code" error={error} />
        <h1>{title}</h1>
        <p>{t('account.replace.text')}</p>
        <AuthenticatorSecret t={t} uri={offered.uri} secret={offered.secret} />
        <form method="post" class="form">
          <input type="hidden" name="sealed" value={offered.sealed} />
          <FirstCode t={t} error={error} />
          <Button>{t('account.replace.submit')}</Button>
        </form>
      </>,
    );
  };

  return {
    get: whenFresh(deps, (visit) => show(visit)),
    post: async (visit: SignedInVisit) => {
      const { t, session, c } = visit;
      const form = await readForm(c);
      const given = { sealed: form.text('sealed'), code: form.text('code') };
      const result = await deps.staff.replaceAuthenticator(session, given);
      if (result.ok) return visit.redirect('/staff/account?done=authenticator');
      switch (result.reason) {
        case 'stale':
          return toConfirm(visit, c.req.path, true);
        case 'gone':
          return show(visit, t('account.replace.gone'));
        default:
          return show(visit, t('staff.setup.wrong.wrong_code'), given);
      }
    },
  };
}

/** `/staff/account/codes`: new recovery codes. */
export function codesPage(deps: StaffDeps) {
  return {
    get: whenFresh(deps, (visit) => {
      const { t } = visit;
      const title = t('account.codes.new');
      return visit.show(
        { title },
        <>
          <Head visit={visit} />
          <h1>{title}</h1>
          <p>{t('account.codes.newText')}</p>
          <form method="post" class="form">
            <Button>{title}</Button>
          </form>
        </>,
      );
    }),
    post: async (visit: SignedInVisit) => {
      const { t, session } = visit;
      const codes = await deps.staff.makeRecoveryCodes(session);
      if (!codes) return toConfirm(visit, visit.c.req.path, true);
      const title = t('account.codes.done');
      return visit.show(
        { title },
        <>
          <h1>{title}</h1>
          <RecoveryCodes t={t} codes={codes} />
          <p>
            <ButtonLink href="/staff/account">{t('account.back')}</ButtonLink>
          </p>
        </>,
      );
    },
  };
}

type Wrong = { field: 'current' | 'password' | 'repeat'; text: string };

/** `/staff/account/password` */
export function passwordPage(deps: StaffDeps) {
  const show = (visit: SignedInVisit, wrong?: Wrong) => {
    const { t, session } = visit;
    const title = t('account.password.change');
    return visit.show(
      { title, ...refused(wrong?.text) },
      <>
        <Head visit={visit} {...(wrong && { field: wrong.field, error: wrong.text })} />
        <h1>{title}</h1>
        <p>{t('account.password.text')}</p>
        <form method="post" class="form">
          {/* So that a password manager stores it under the right name. */}
          <input type="hidden" name="email" value={session.email} autocomplete="username" />
          <TextInput
            name="current"
            type="password"
            label={t('account.password.current')}
            error={wrong?.field === 'current' ? wrong.text : undefined}
            autocomplete="current-password"
          />
          <NewPassword t={t} wrong={wrong} />
          <Button>{title}</Button>
        </form>
      </>,
    );
  };

  return {
    get: whenFresh(deps, (visit) => show(visit)),
    post: async (visit: SignedInVisit) => {
      const { t, session, c } = visit;
      const form = await readForm(c);
      const given = { current: form.text('current'), next: form.text('password') };
      if (given.next !== form.text('repeat'))
        return show(visit, { field: 'repeat', text: t('staff.setup.wrong.different') });
      const result = await deps.staff.changePassword(session, given, callerOf(deps, c));
      if (result.ok) return visit.redirect('/staff/account?done=password', result.cookies);
      switch (result.reason) {
        case 'stale':
          return toConfirm(visit, c.req.path, true);
        case 'too_many':
          return tooMany(visit, result.retryAfter);
        case 'wrong':
          return show(visit, { field: 'current', text: t('account.password.wrong') });
        default: {
          const values = { least: PASSWORD_LENGTH.least };
          const text = t(`staff.setup.wrong.${result.reason}`, values);
          return show(visit, { field: 'password', text });
        }
      }
    },
  };
}
