import type { ComponentChildren } from 'preact';

/** A bar as long as its share of the longest, for a row of a table that has the number itself. */
export function Bar({ value, most }: { value: number; most: number }) {
  const width = most > 0 ? (100 * value) / most : 0;
  return (
    <svg class="chart-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect width={width} height="8" />
    </svg>
  );
}

export interface ColumnShown {
  /** Below the column. */
  label: string;
  value: number;
  /** The lower part, drawn stronger; all of it by default. */
  part?: number;
  /** Above the column. */
  text: string;
  /** On top of the column, also on narrow screens, for the text below. */
  mark?: string;
}

/** Columns side by side. `name` describes them for screen readers; the figures are in a table. */
export function Columns(props: { name: string; columns: readonly ColumnShown[] }) {
  const most = Math.max(1, ...props.columns.map((each) => each.value));
  return (
    <div class="chart" role="img" aria-label={props.name}>
      {props.columns.map(({ label, value, part = value, text, mark }) => (
        <div key={label} class="chart-column">
          <span class="chart-text figures">{text}</span>
          {mark ? <span class="chart-mark">{mark}</span> : null}
          <svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">
            <rect
              class="whole"
              y={100 - (100 * value) / most}
              width="10"
              height={(100 * value) / most}
            />
            <rect
              class="part"
              y={100 - (100 * part) / most}
              width="10"
              height={(100 * part) / most}
            />
          </svg>
          <span class={label.length > 3 ? 'chart-label long' : 'chart-label'}>{label}</span>
        </div>
      ))}
    </div>
  );
}

/** The table of a chart, folded: it opens for people who prefer to read. */
export function Behind({ summary, children }: { summary: string; children: ComponentChildren }) {
  return (
    <details class="behind">
      <summary>{summary}</summary>
      {children}
    </details>
  );
}

/** Returns the darkness of a cell in a heat map: 0, nothing, to 5, the maximum. */
export const heatOf = (value: number, most: number): number =>
  most > 0 ? Math.ceil((5 * value) / most) : 0;
