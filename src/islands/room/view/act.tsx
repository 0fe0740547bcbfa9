import type { Shown } from './controls.tsx';

/** The question to the citizen to consent to an act: it opens in a separate page, and the call continues. */
export function Act({ page: { act, base }, words }: Shown) {
  if (!act) return null;
  return (
    <div role="alert" class="notice time stack">
      <p>{words('act.ask')}</p>
      <p>
        <a
          class="button"
          href={`${base.replace(/room$/, '')}acts/${act}`}
          target="_blank"
          rel="noopener"
        >
          {words('act.read')}
        </a>
      </p>
    </div>
  );
}
