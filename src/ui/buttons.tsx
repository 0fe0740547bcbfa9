import type { ComponentChildren } from 'preact';

type Kind = 'main' | 'quiet' | 'grave';

function classOf(kind: Kind): string {
  return kind === 'main' ? 'button wide-s' : `button wide-s ${kind}`;
}

export interface ButtonProps {
  children: ComponentChildren;
  /** `main`: the page's one action; `quiet`: beside it; `grave`: destroys something. */
  kind?: Kind;
  name?: string;
  value?: string;
  /** The `id` of the form that it sends, when it stands outside. */
  form?: string;
  accessKey?: string;
}

/** Sends its form. */
export function Button({ kind = 'main', children, accessKey, ...rest }: ButtonProps) {
  return (
    <button type="submit" class={classOf(kind)} accesskey={accessKey} {...rest}>
      {children}
    </button>
  );
}

/** A link that is the page's next step. */
export function ButtonLink(props: {
  href: string;
  kind?: Kind;
  /** How the page that it leads to stands to this one. */
  rel?: 'next' | 'prev';
  children: ComponentChildren;
}) {
  return (
    <a href={props.href} rel={props.rel} class={classOf(props.kind ?? 'main')}>
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
