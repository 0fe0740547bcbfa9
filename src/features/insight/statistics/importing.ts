import { OTHER_CHANNELS, type OtherChannel, type OtherFigure } from './types.ts';

export type LineFault = 'columns' | 'month' | 'future' | 'channel' | 'number' | 'twice';
/** An error in a line; the first line is 1. */
export interface ImportMistake {
  line: number;
  why: LineFault;
}

export type ReadImport =
  | { ok: true; figures: OtherFigure[] }
  | { ok: false; mistakes: ImportMistake[] }
  | { ok: false; mistakes: []; why: 'empty' | 'too_long' };

/** Maximum lines: more than one per month and channel of a century. */
const MOST_LINES = 2_000;
/** Cell separators of spreadsheets. */
const SEPARATOR = /[;,\t]/;

const MONTH = /^2\d{3}-(0[1-9]|1[0-2])$/;
/** Maximum value, so that a century of them can be summed. Empty: the former figure is removed. */
const ENCOUNTERS = /^\d{0,7}$/;

/**
 * Reads figures of other channels: `month,channel,encounters` a line, such as `2026-10,internet,1520`, with commas, semicolons or
 * tabs; `2026-10,internet,` removes an imported figure. A first line of headings is allowed. Unfinished months have no figures.
 */
export function readImport(text: string, today: Temporal.PlainDate): ReadImport {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n?|\n/);
  const rows = lines.flatMap((line, at) => {
    const cells = line.split(SEPARATOR).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const isHead = at === 0 && cells.length === 3 && !/\d/.test(line);
    return line.trim() === '' || isHead ? [] : [{ line: at + 1, cells }];
  });
  if (rows.length === 0) return { ok: false, mistakes: [], why: 'empty' };
  if (rows.length > MOST_LINES) return { ok: false, mistakes: [], why: 'too_long' };
  const seen = new Set<string>();
  const figures: OtherFigure[] = [];
  const mistakes: ImportMistake[] = [];
  for (const { line, cells } of rows) {
    const read = readLine(cells, today);
    const key = typeof read === 'string' ? '' : `${read.month} ${read.channel}`;
    if (typeof read === 'string') mistakes.push({ line, why: read });
    else if (seen.has(key)) mistakes.push({ line, why: 'twice' });
    else figures.push(read);
    seen.add(key);
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, figures };
}

function readLine(cells: readonly string[], today: Temporal.PlainDate): OtherFigure | LineFault {
  const [month = '', channel = '', encounters = ''] = cells;
  if (cells.length !== 3) return 'columns';
  if (!MONTH.test(month)) return 'month';
  if (`${month}-01` >= today.with({ day: 1 }).toString()) return 'future';
  if (!isOther(channel)) return 'channel';
  if (!ENCOUNTERS.test(encounters)) return 'number';
  return {
    ...{ month: `${month}-01`, channel },
    encounters: encounters === '' ? null : Number(encounters),
  };
}

const isOther = (text: string): text is OtherChannel =>
  (OTHER_CHANNELS as readonly string[]).includes(text);
