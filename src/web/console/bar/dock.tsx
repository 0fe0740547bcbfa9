import type { ComponentChildren } from 'preact';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Key } from '../key.tsx';

/** The foot of every page of an office, which stays while the pages change beneath a call. `base`: of all of them, `/console/oac`. */
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

/** A call with somebody: it goes on in the dock while another page is there than `home`, its own. */
export function Carried(props: {
  t: Translate;
  id: string;
  home: string;
  name: string;
  /** With whom. */
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
