import type { ComponentChildren } from 'preact';

type Kind = 'main' | 'quiet' | 'grave';

function classOf(kind: Kind): string {
  return kind === 'main' ? 'button wide-s' : `button wide-s ${kind}`;
}

export interface ButtonProps {
  children: ComponentChildren;
  /** `main`: the page's main action; `quiet`: a secondary one; `grave`: destroys something. */
  kind?: Kind;
  name?: string;
  value?: string;
  /** The `id` of the form that it sends, when the button is outside it. */
  form?: string;
  /** The address that the form is sent to, instead of its own. */
  formaction?: string;
  accessKey?: string;
}

/** A button that sends its form. */
export function Button({ kind = 'main', children, accessKey, ...rest }: ButtonProps) {
  return (
    <button type="submit" class={classOf(kind)} accesskey={accessKey} {...rest}>
      {children}
    </button>
  );
}

/** The button that Enter presses in a field, first in a form whose first one to be seen does something else. Nobody sees it or comes to it. */
export const EnterButton = ({ children }: { children: ComponentChildren }) => (
  <button type="submit" class="hide" tabIndex={-1} aria-hidden="true">
    {children}
  </button>
);

/** A link to the page's next step. */
export function ButtonLink(props: {
  href: string;
  kind?: Kind;
  id?: string | undefined;
  /** The relation of the target page to this one. */
  rel?: 'next' | 'prev';
  children: ComponentChildren;
}) {
  return (
    <a id={props.id} href={props.href} rel={props.rel} class={classOf(props.kind ?? 'main')}>
      {props.children}
    </a>
  );
}

/** A button that looks like a link: a lesser action that changes something. */
export function LinkButton({ children, ...rest }: Omit<ButtonProps, 'kind' | 'accessKey'>) {
  return (
    <button type="submit" class="link" {...rest}>
      {children}
    </button>
  );
}
