import type { Shown } from './controls.tsx';

/** Tells the citizen that the agent has opened a form for both. It opens in a panel; the call continues, and the focus stays until it is pressed. */
export function FormNotice({ page, act, words }: Shown) {
  if (!page.form || page.panels.open === 'form') return null;
  return (
    <div role="alert" class="notice time stack">
      <p>{words('form.ask')}</p>
      <p>
        <button type="button" class="button" data-opens="form" onClick={() => act.open('form')}>
          {words('form.open')}
        </button>
      </p>
    </div>
  );
}
