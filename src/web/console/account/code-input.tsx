import type { Translate } from '../../../lib/i18n/translate.ts';
import { TextInput } from '../../../ui/forms.tsx';

/** For the code that an authenticator shows, or a recovery code, which is longer. */
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
