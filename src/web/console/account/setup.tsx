import { PASSWORD_LENGTH } from '../../../features/foundation/staff/rules.ts';
import type { PasswordRefusal, SetupState } from '../../../features/foundation/staff/types.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { readForm } from '../../form.ts';
import { tooMany } from '../problem.tsx';
import type { StaffDeps, StaffVisit } from '../visit.tsx';
import {
  AuthenticatorSecret,
  FirstCode,
  Mistake,
  NewPassword,
  RecoveryCodes,
  refused,
} from './factor-parts.tsx';

type Wrong = PasswordRefusal | 'different' | 'wrong_code';

/** The set-up of an invited person: a password, an authenticator, and the recovery codes, shown once. */
export function setupPage(deps: StaffDeps) {
  const tokenOf = (visit: StaffVisit) => visit.c.req.param('token') ?? '';

  const get = async (visit: StaffVisit, wrong?: Wrong) => {
    const state = await deps.staff.findSetup(tokenOf(visit), visit.now);
    if (!state) return gone(visit);
    return state.step === 'password'
      ? passwordStep(visit, state, wrong)
      : codeStep(visit, state, wrong);
  };

  return {
    get: (visit: StaffVisit) => get(visit),
    post: async (visit: StaffVisit) => {
      const form = await readForm(visit.c);
      const token = tokenOf(visit);
      if (form.has('password')) {
        const password = form.text('password');
        if (password !== form.text('repeat')) return get(visit, 'different');
        const result = await deps.staff.choosePassword(token, password, visit.now);
        if (result.ok) return visit.redirect(`/staff/setup/${token}`);
        return result.reason === 'gone' ? gone(visit) : get(visit, result.reason);
      }
      const person = await deps.staff.findSetup(token, visit.now);
      const result = await deps.staff.confirmCode(token, form.text('code'), visit.now);
      if (result.ok) {
        if (person) await deps.people.keepLanguage(person.email, visit.t.language);
        return done(visit, result.recoveryCodes);
      }
      if (result.reason === 'too_many') return tooMany(visit, result.retryAfter);
      return result.reason === 'gone' ? gone(visit) : get(visit, 'wrong_code');
    },
  };
}

function gone(visit: StaffVisit): Response {
  const { t } = visit;
  return visit.show(
    { title: t('staff.setup.gone.title'), status: 404 },
    <>
      <h1>{t('staff.setup.gone.title')}</h1>
      <p class="lead">{t('staff.setup.gone.text')}</p>
      <p>
        <a href="/staff/sign-in">{t('staff.signIn.title')}</a>
      </p>
    </>,
  );
}

function passwordStep(visit: StaffVisit, state: SetupState, wrong?: Wrong): Response {
  const { t } = visit;
  const error = wrong && t(`staff.setup.wrong.${wrong}`, { least: PASSWORD_LENGTH.least });
  const field = wrong === 'different' ? 'repeat' : 'password';
  const title = t('staff.setup.password.title');
  return visit.show(
    { title, ...refused(wrong) },
    <>
      <Mistake t={t} field={field} error={error} />
      <p class="soft">{t('staff.setup.step', { step: 1 })}</p>
      <h1>{title}</h1>
      <p>{t('staff.setup.welcome', { name: state.name, email: state.email })}</p>
      <form method="post" class="form">
        {/* So that a password manager stores it under the right name. */}
        <input type="hidden" name="email" value={state.email} autocomplete="username" />
        <NewPassword t={t} wrong={error ? { field, text: error } : undefined} />
        <Button>{t('staff.setup.password.submit')}</Button>
      </form>
    </>,
  );
}

function codeStep(
  visit: StaffVisit,
  state: Extract<SetupState, { step: 'code' }>,
  wrong?: Wrong,
): Response {
  const { t } = visit;
  const error = wrong && t('staff.code.wrong');
  const title = t('staff.setup.code.title');
  return visit.show(
    { title, ...refused(wrong) },
    <>
      <Mistake t={t} field="code" error={error} />
      <p class="soft">{t('staff.setup.step', { step: 2 })}</p>
      <h1>{title}</h1>
      <p>{t('staff.setup.code.text')}</p>
      <AuthenticatorSecret t={t} uri={state.uri} secret={state.secret} />
      <form method="post" class="form">
        <FirstCode t={t} error={error} />
        <Button>{t('staff.setup.code.submit')}</Button>
      </form>
    </>,
  );
}

function done(visit: StaffVisit, codes: string[]): Response {
  const { t } = visit;
  return visit.show(
    { title: t('staff.setup.done.title') },
    <>
      <h1>{t('staff.setup.done.title')}</h1>
      <RecoveryCodes t={t} codes={codes} />
      <p>{t('staff.setup.done.next')}</p>
      <p>
        <ButtonLink href="/staff/sign-in">{t('staff.signIn.submit')}</ButtonLink>
      </p>
    </>,
  );
}
