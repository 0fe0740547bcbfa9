import type { Shown } from './controls.tsx';

/** The question to the citizen to consent to an act. It opens in a panel; the call continues, and the focus stays until it is pressed. */
export function Act({ page, act, words }: Shown) {
  if (!page.act || page.panels.open === 'act') return null;
  return (
    <div role="alert" class="notice time stack">
      <p>{words('act.ask')}</p>
      <p>
        <button type="button" class="button" data-opens="act" onClick={() => act.open('act')}>
          {words('act.read')}
        </button>
      </p>
    </div>
  );
}
