import type { Translate } from '../../../lib/i18n/translate.ts';
import { TextInput } from '../../../ui/forms.tsx';

/** A field for an authenticator's code or a recovery code, which is longer. */
export function CodeInput({ t, error }: { t: Translate; error?: string | undefined }) {
  return (
    <TextInput
      name="code"
      label={t('staff.code.label')}
      hint={t('staff.code.hint')}
      error={error}
      autocomplete="one-time-code"
      maxLength={20}
      spellcheck={false}
      short
    />
  );
}
