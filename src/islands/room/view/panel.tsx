import type { ComponentChildren } from 'preact';
import type { PanelName } from '../page.ts';
import type { Shown } from './controls.tsx';

/** A panel beside or below the picture, never over it: Escape or its button closes it. */
export function Panel(
  props: Shown & { name: PanelName; title: string; children: ComponentChildren },
) {
  const { page, act, words, name, title, children } = props;
  return (
    <section
      class="room-panel"
      id={`room-panel-${name}`}
      data-panel={name}
      aria-labelledby={`room-${name}`}
      hidden={page.panels.open !== name}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing) return;
        event.preventDefault();
        act.closePanel();
      }}
    >
      <div class="room-panel-head">
        <h2 id={`room-${name}`} tabIndex={-1} data-first={name === 'write' ? undefined : ''}>
          {title}
        </h2>
        <button type="button" class="button quiet" onClick={act.closePanel}>
          {words('panel.close')}
          <span class="hide">: {title}</span>
        </button>
      </div>
      {children}
    </section>
  );
}
