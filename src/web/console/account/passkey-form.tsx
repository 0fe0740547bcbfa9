import type { ComponentChildren } from 'preact';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';

/**
 * A form that a passkey fills in: the island `passkey` shows it where the browser has passkeys, asks `options` what to ask the
 * browser, and sends what it answers.
 */
export function PasskeyForm(props: {
  t: Translate;
  /** Whether the browser is to use a passkey or to make one. */
  kind: 'get' | 'create';
  action: string;
  options: string;
  submit: string;
  /** Where to go on afterwards. */
  next?: string;
  /** `main`: the page's one action. */
  button?: 'main' | 'quiet';
  /** Where the page's name field offers passkeys by itself. */
  autofill?: boolean;
  children?: ComponentChildren;
}) {
  const { t, kind, action, options, next } = props;
  return (
    <form
      method="post"
      action={action}
      class="form passkey"
      hidden
      data-passkey={kind}
      data-options={options}
      data-autofill={props.autofill ? '' : undefined}
      data-cancelled={t('account.add.cancelled')}
    >
      <input type="hidden" name="answer" value="" />
      {next === undefined ? null : <input type="hidden" name="next" value={next} />}
      {props.children}
      <p role="status" />
      <div id="passkey" tabIndex={-1}>
        <Button kind={props.button ?? 'quiet'}>{props.submit}</Button>
      </div>
    </form>
  );
}
