/** One line of the benchmarks' table. */
export interface Row {
  measure: string;
  value: string;
  /** The compared value; empty without one. */
  against?: string;
  /** The ratio to what it is compared with, or what is aimed at. */
  ratio?: string;
  /** The aim in words, for instance `≤ 10 ms`. */
  aim?: string;
  /** Whether the aim is met; absent where there is none. */
  met?: boolean;
}

export interface Bench {
  name: string;
  /** One line for `npm run bench -- --help`. */
  about: string;
  /** `count`: a number that the command says after the name. */
  run(print: (line: string) => void, count?: number): Promise<Row[]>;
}

const HEADINGS = ['measure', 'value', 'compared with', 'ratio', 'aim', ''];

/** Returns the rows in columns. A missed aim is marked and doesn't fail the run. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.measure,
    row.value,
    row.against ?? '',
    row.ratio ?? '',
    row.aim ?? '',
    row.met === undefined ? '' : row.met ? 'met' : 'MISSED',
  ]);
  return formatColumns([HEADINGS, ...cells]);
}

/** Returns lines of cells in columns; the first line is the headings. */
export function formatColumns(lines: readonly (readonly string[])[]): string {
  const [headings = [], ...cells] = lines;
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    line(headings),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...cells.map(line),
  ].join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Returns the 95th percentile. */
export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(0.95 * sorted.length)] ?? Number.NaN;
}

/** Median, with the least and the most in brackets, so that noise can be seen. */
export function spread(values: readonly number[], digits: number): string {
  const show = (value: number) => value.toFixed(digits);
  return `${show(median(values))} (${show(Math.min(...values))}–${show(Math.max(...values))})`;
}
