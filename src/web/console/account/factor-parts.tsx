import { inFours, PASSWORD_LENGTH } from '../../../features/foundation/staff/rules.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { TextInput } from '../../../ui/forms.tsx';
import { ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { QrCode } from '../../../ui/qr.tsx';

/** Returns the status of a form with a mistake. */
export const refused = (wrong: unknown) => (wrong ? { status: 422 as const, hasErrors: true } : {});

/** The one mistake of a form, on top of its page. */
export function Mistake(props: { t: Translate; field: string; error?: string | undefined }) {
  const { t, field, error } = props;
  if (!error) return null;
  return (
    <ErrorSummary title={t('staff.error.title')} problems={[{ href: `#${field}`, text: error }]} />
  );
}

/** Two fields for a new password. */
export function NewPassword(props: {
  t: Translate;
  wrong?: { field: string; text: string } | undefined;
}) {
  const { t, wrong } = props;
  const errorOf = (field: string) => (wrong?.field === field ? wrong.text : undefined);
  return (
    <>
      <TextInput
        name="password"
        type="password"
        label={t('staff.setup.password.label')}
        hint={t('staff.setup.password.hint', { least: PASSWORD_LENGTH.least })}
        error={errorOf('password')}
        autocomplete="new-password"
      />
      <TextInput
        name="repeat"
        type="password"
        label={t('staff.setup.password.repeat')}
        error={errorOf('repeat')}
        autocomplete="new-password"
      />
    </>
  );
}

/** The secret for an authenticator: as a picture for its camera, and as text. */
export function AuthenticatorSecret(props: { t: Translate; uri: string; secret: string }) {
  const { t, uri, secret } = props;
  return (
    <>
      <QrCode text={uri} label={t('staff.setup.code.picture')} />
      <p>{t('staff.setup.code.byHand')}</p>
      <p>
        <code class="secret">{inFours(secret)}</code>
      </p>
    </>
  );
}

/** A field for the first code of a new authenticator. */
export function FirstCode({ t, error }: { t: Translate; error?: string | undefined }) {
  return (
    <TextInput
      name="code"
      label={t('staff.setup.code.label')}
      error={error}
      autocomplete="one-time-code"
      inputMode="numeric"
      maxLength={10}
      short
    />
  );
}

/** Recovery codes, shown only once. */
export function RecoveryCodes({ t, codes }: { t: Translate; codes: readonly string[] }) {
  return (
    <>
      <Notice kind="warn">{t('staff.setup.done.text')}</Notice>
      <ul class="codes">
        {codes.map((each) => (
          <li key={each}>
            <code>{each}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
