import type { ActionName } from '../../../features/foundation/preferences/rules.ts';
import { Key } from '../key.tsx';

export interface SegmentsProps {
  name: string;
  label: string;
  /** Its key chooses the next answer at each press. */
  action: ActionName;
  options: readonly { value: string; label: string }[];
  value: string | null;
  error?: string | undefined;
}

/** One answer of a few, side by side. The first has the field's `id`, so that the error summary reaches it. */
export function Segments(props: SegmentsProps) {
  const { name, label, action, options, value, error } = props;
  return (
    <fieldset
      class={error ? 'segments wrong' : 'segments'}
      aria-describedby={error ? `${name}-error` : undefined}
    >
      <legend class="legend">
        {label} <Key action={action} />
      </legend>
      {error ? (
        <p class="mend" id={`${name}-error`}>
          {error}
        </p>
      ) : null}
      <div class="row">
        {options.map((each, index) => (
          <label key={each.value} class="segment">
            <input
              type="radio"
              id={index === 0 ? name : `${name}-${index + 1}`}
              name={name}
              value={each.value}
              checked={each.value === value}
              data-action={action}
            />
            <span>{each.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
