import { localMinute } from '../../domain/rota.ts';
import { tidyText } from '../../domain/tidy-text.ts';
import { needsSomebody } from '../../features/booking/imports/rules.ts';
import { type PlannedRow, VERDICTS } from '../../features/booking/imports/types.ts';
import { MOST_LINES } from '../../formats/appointments/lines.ts';
import type { ReadAppointments, ReadColumn } from '../../formats/appointments/read.ts';
import type { Dates } from '../../lib/i18n/dates.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { csvOf } from '../files/csv.ts';

/** How many lines are listed where a report is not the whole one. */
export const MOST_LISTED = 200;

/** How a report is worded. */
export interface ReportWords {
  t: Translate;
  dates: Dates;
}

/** Returns how many lines came to each verdict, in the order of the verdicts. */
export function countsOf(rows: readonly PlannedRow[]) {
  const counts = Map.groupBy(rows, ({ verdict }) => verdict);
  return VERDICTS.flatMap((verdict) => {
    const count = counts.get(verdict)?.length ?? 0;
    return count === 0 ? [] : [{ verdict, count }];
  });
}

/** Returns the lines about names of the other tool that are not ours, the most frequent first. */
export function unmappedOf(rows: readonly PlannedRow[], { t }: ReportWords): string[] {
  return (['procedure', 'office', 'status'] as const).flatMap((kind) => {
    const of = rows.filter(({ verdict }) => verdict === `unknown_${kind}`);
    const names = Map.groupBy(of, ({ about }) => shown(about));
    return [...names]
      .toSorted(([, a], [, b]) => b.length - a.length)
      .map(([name, { length: count }]) => t(`imports.unmapped.${kind}`, { count, name }));
  });
}

/** Returns what each field was read from, such as “hour: Data, Hora”. */
export const columnsIn = (columns: readonly ReadColumn[], { t }: ReportWords): string =>
  t('imports.columns', {
    list: columns
      .map(
        ({ field, columns: names }) =>
          `${t(`imports.field.${field}`)} = ${names.map(shown).join(' + ')}`,
      )
      .join('; '),
  });

/** Returns everything that a report says of one line. */
export function cellsOf(row: PlannedRow, { t, dates }: ReportWords) {
  const left = row.leftOut.map((each) => t(`imports.leftOut.${each}`));
  const about = shown(row.about);
  return {
    line: row.line === 0 ? t('imports.gone') : t('imports.line', { line: row.line }),
    meaning: t(`imports.verdict.${row.verdict}`),
    hour: row.start ? `${dates.shortDay(row.start)} ${dates.time(row.start)}` : '',
    name: shown(row.name),
    detail: [about, ...left].filter((each) => each !== '').join('; '),
  };
}

/** Returns the report as a text: counts, names that are not mapped, and the lines, or only those that need somebody. */
export function textReport(
  rows: readonly PlannedRow[],
  words: ReportWords,
  {
    isWhole,
    isDone,
    columns,
  }: { isWhole: boolean; isDone: boolean; columns: readonly ReadColumn[] },
): string {
  const { t } = words;
  if (rows.length === 0) return `${t('imports.nothing')}\n`;
  const counts = countsOf(rows).map(
    ({ verdict, count }) => `${String(count).padStart(7)}  ${t(`imports.verdict.${verdict}`)}`,
  );
  const unmapped = unmappedOf(rows, words);
  const listed = isWhole ? rows : rows.filter(({ verdict }) => needsSomebody(verdict));
  const most = isWhole ? listed.length : MOST_LISTED;
  const more = Math.max(0, listed.length - most);
  const lines = listed.slice(0, most).map((each) => {
    const { line, hour, name, meaning, detail } = cellsOf(each, words);
    const what = [hour, isolated(name), meaning, isolated(detail)];
    return `${line}: ${what.filter((text) => text !== '').join(' · ')}`;
  });
  const head = t(isDone ? 'imports.done' : 'imports.plan', { count: rows.length });
  const body = lines.length > 0 ? ['', ...(isWhole ? [] : [t('imports.attention')]), ...lines] : [];
  const names = unmapped.length > 0 ? ['', ...unmapped] : [];
  const rest = more > 0 ? [t('imports.more', { count: more })] : [];
  return `${[columnsIn(columns, words), head, ...counts, ...names, ...body, ...rest].join('\n')}\n`;
}

/** Returns the report as CSV, with every line of the file. */
export function csvReport(
  rows: readonly PlannedRow[],
  words: ReportWords,
  timeZone: string,
): string {
  const { t } = words;
  const hourIn = ({ start }: PlannedRow) =>
    start ? localMinute(start, timeZone).replace('T', ' ') : '';
  const columns = ['line', 'result', 'meaning', 'hour', 'name', 'detail'] as const;
  const head = columns.map((each) => t(`imports.column.${each}`));
  const body = rows.map((row) => {
    const { meaning, name, detail } = cellsOf(row, words);
    return [row.line === 0 ? '' : `${row.line}`, row.verdict, meaning, hourIn(row), name, detail];
  });
  return csvOf([head, ...body]);
}

/** Returns why a file can't be read. */
export function fileMistakeIn(
  { reason, ...of }: Extract<ReadAppointments, { ok: false }>['mistake'],
  t: Translate,
): string {
  const name = 'name' in of ? shown(of.name) : '';
  const line = 'line' in of ? of.line : 1;
  return t(`imports.mistake.${reason}`, { line, name, most: MOST_LINES });
}

/** A text of the file on one line, without signs that steer a terminal or turn what is read, and not without end. */
const shown = (text: string): string => {
  const line = tidyText(text).replaceAll(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
};

/** Keeps a text that is read from right to left from turning what stands beside it (Unicode, FIRST STRONG ISOLATE). */
const isolated = (text: string): string =>
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/.test(text) ? `\u2068${text}\u2069` : text;
