import type { ComponentChildren } from 'preact';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Key } from '../key.tsx';

/**
 * The foot of every page of an office, which stays while the pages above it change during a call.
 * `base`: the prefix of them, `/console/oac`.
 */
export function Dock(props: { t: Translate; base: string; children: ComponentChildren }) {
  return (
    <div
      id="dock"
      class="dock"
      data-base={props.base}
      data-failed={props.t('persistentCall.failed')}
    >
      <p class="hide" role="status" />
      {props.children}
    </div>
  );
}

/** A call with a citizen: it continues in the dock on every page other than `home`, its own. */
export function Carried(props: {
  t: Translate;
  id: string;
  home: string;
  name: string;
  /** The name of the citizen. */
  who: string;
  children: ComponentChildren;
}) {
  const { t, id, home, name, who } = props;
  return (
    <section id={id} class="carried stack" data-home={home} aria-label={name} tabIndex={-1}>
      <h2>{name}</h2>
      <p class="carried-back">
        <a href={`${home}#${id}`} data-action="video">
          {t('persistentCall.back', { who })} <Key action="video" />
        </a>
      </p>
      {props.children}
    </section>
  );
}
