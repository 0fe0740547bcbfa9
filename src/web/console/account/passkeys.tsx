import { NAME_LENGTH } from '../../../features/foundation/staff/service.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { callerOf, type SignedInVisit, type StaffDeps } from '../visit.tsx';
import { offer, toConfirm, whenFresh } from './confirm.tsx';
import { PasskeyForm } from './passkey-form.tsx';

type Wrong = 'refused' | 'known' | 'too_many';

/** `/staff/account/passkey`: creates one. */
export function addPasskeyPage(deps: StaffDeps) {
  const show = async (visit: SignedInVisit, wrong?: Wrong) => {
    const { t, session } = visit;
    const seen = await deps.staff.account(session);
    const here = seen.sessions.find((each) => each.isThis);
    const name = [here?.browser, here?.system].filter(Boolean).join(', ');
    const title = t('account.passkeys.add');
    return visit.show(
      { title, islands: ['passkey'], ...(wrong && { status: 422 as const, hasErrors: true }) },
      <>
        <BackLink href="/staff/account">{t('account.back')}</BackLink>
        {wrong ? (
          <ErrorSummary
            title={t('staff.error.title')}
            problems={[{ href: '#name', text: t(`account.add.${wrong}`) }]}
          />
        ) : null}
        <h1>{title}</h1>
        <p>{t('account.passkeys.text')}</p>
        <div data-without-passkeys>
          <Notice>{t('account.add.noScript')}</Notice>
        </div>
        <PasskeyForm
          t={t}
          kind="create"
          action="/staff/account/passkey"
          options="/staff/account/passkey/options"
          submit={t('account.add.submit')}
          button="main"
        >
          <TextInput
            name="name"
            label={t('account.add.name')}
            hint={t('account.add.hint')}
            value={name}
            maxLength={NAME_LENGTH}
            autocomplete="off"
          />
        </PasskeyForm>
      </>,
    );
  };

  return {
    get: whenFresh(deps, (visit) => show(visit)),
    post: async (visit: SignedInVisit) => {
      const form = await readForm(visit.c);
      const given = { answer: form.text('answer'), name: form.text('name') };
      const result = await deps.staff.addPasskey(visit.session, given, callerOf(deps, visit.c));
      if (result.ok) return visit.redirect('/staff/account?done=passkey_added');
      return result.reason === 'stale'
        ? toConfirm(visit, '/staff/account/passkey', true)
        : show(visit, result.reason);
    },
    options: async (visit: SignedInVisit) => {
      const caller = callerOf(deps, visit.c);
      return offer(visit, await deps.staff.addOptions(visit.session, caller));
    },
  };
}

/** `/staff/account/passkey/{id}`: renames or removes one. Another person's is not found. */
export function passkeyPage(deps: StaffDeps) {
  const show = async (visit: SignedInVisit, isMissing = false) => {
    const { t, c, session } = visit;
    const { passkeys } = await deps.staff.account(session);
    const found = passkeys.find((each) => each.id === c.req.param('id'));
    if (!found) return c.notFound();
    const error = isMissing ? t('account.edit.missing') : undefined;
    return visit.show(
      { title: found.name, ...(isMissing && { status: 422 as const, hasErrors: true }) },
      <>
        <BackLink href="/staff/account">{t('account.back')}</BackLink>
        {error ? (
          <ErrorSummary
            title={t('staff.error.title')}
            problems={[{ href: '#name', text: error }]}
          />
        ) : null}
        <h1>{found.name}</h1>
        <form method="post" class="form">
          <TextInput
            name="name"
            label={t('account.edit.name')}
            value={isMissing ? '' : found.name}
            error={error}
            maxLength={NAME_LENGTH}
            autocomplete="off"
          />
          <Button>{t('account.edit.save')}</Button>
        </form>
        <form method="post" class="form">
          <p>{t('account.edit.removeText')}</p>
          <Button kind="grave" name="remove" value="1">
            {t('account.edit.remove')}
          </Button>
        </form>
      </>,
    );
  };

  return {
    get: whenFresh(deps, (visit) => show(visit)),
    post: async (visit: SignedInVisit) => {
      const { c, session } = visit;
      const id = c.req.param('id') ?? '';
      const form = await readForm(c);
      if (form.has('remove')) {
        const result = await deps.staff.removePasskey(session, id);
        return result === 'stale'
          ? toConfirm(visit, c.req.path, true)
          : visit.redirect('/staff/account?done=passkey_removed');
      }
      if (form.text('name').trim() === '') return show(visit, true);
      await deps.staff.renamePasskey(session, id, form.text('name'));
      return visit.redirect('/staff/account?done=passkey_renamed');
    },
  };
}
