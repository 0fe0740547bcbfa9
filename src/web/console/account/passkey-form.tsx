import type { ComponentChildren } from 'preact';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';

/**
 * A form that a passkey fills in. The island `passkey` shows it in browsers with passkeys, gets the
 * browser's options from `options`,
 * and sends the browser's answer.
 */
export function PasskeyForm(props: {
  t: Translate;
  /** Whether the browser uses or creates a passkey. */
  kind: 'get' | 'create';
  action: string;
  options: string;
  submit: string;
  /** The following page. */
  next?: string;
  /** `main`: the page's one action. */
  button?: 'main' | 'quiet';
  /** Whether the page's name field offers passkeys automatically. */
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
