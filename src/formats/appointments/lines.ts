import { CsvError, type Info, parse } from 'csv-parse/sync';
import { unaccented } from '../../lib/unaccented.ts';

/** One line of a file: its cells by the folded names of their columns. */
export interface Line {
  /** Counts from 1, as an editor does; of a file of records, the number of the record. */
  line: number;
  cells: ReadonlyMap<string, string>;
  mistake?: 'not_a_row' | 'repeated' | 'bad_date';
}

/** Why a file can't be read at all. */
export type FileMistake = {
  reason: 'empty' | 'too_many' | 'broken' | 'not_known';
  line: number;
};

/**
 * The lines of a file. `titles`: what its columns are called there, by their folded names. `doubled`: folded names that several columns
 * have, of whose cells only the last one's are kept.
 */
export type Lines =
  | {
      ok: true;
      lines: Line[];
      titles: ReadonlyMap<string, string>;
      doubled: ReadonlySet<string>;
    }
  | { ok: false; mistake: FileMistake };

/** The most that is read: a town hall's appointments of some months are a hundredth of it. */
export const MOST_LINES = 50_000;
/** The longest line, in bytes. */
const LONGEST_LINE = 100_000;

export const fileMistake = (reason: FileMistake['reason'], line = 1): Lines => ({
  ok: false,
  mistake: { reason, line },
});

/** Returns the name of a column without case, accents, spaces and punctuation, by which names are compared. */
export const foldedName = (name: string): string =>
  unaccented(name).replaceAll(/[^\p{L}\p{N}]/gu, '');

export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be';

/** Returns the text of a file: by its mark, or in UTF-8 where it is that, or else as Windows writes it. */
export function textOf(bytes: Uint8Array, encoding?: Encoding): string {
  // A decoder leaves the mark out.
  return new TextDecoder(encoding ?? encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Uint8Array): Encoding {
  const [first = 0, second = 0] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // Without a mark: in UTF-16, every other byte of our letters is zero.
  const start = bytes.subarray(0, 200);
  const zeros = (odd: number) => start.filter((each, at) => each === 0 && at % 2 === odd).length;
  if (zeros(1) > start.length / 4) return 'utf-16le';
  if (zeros(0) > start.length / 4) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

/** Reads CSV (RFC 4180) with a first line of column names, separated by semicolons, commas, tabs or bars. */
export function csvLines(text: string, separator?: string): Lines {
  const said = /^sep=(.)\r?\n/i.exec(text);
  const body = said ? text.slice(said[0].length) : text;
  const first = /^\s*([^\r\n]*)/.exec(body)?.[1] ?? '';
  if (first === '') return fileMistake('empty');
  const delimiter = separator ?? said?.[1] ?? separatorIn(first);
  try {
    const records = parse(body, {
      delimiter,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      max_record_size: LONGEST_LINE,
      to: MOST_LINES + 2,
    }) as unknown as { record: string[]; info: Info }[];
    if (records.length > MOST_LINES + 1) return fileMistake('too_many');
    return {
      ok: true,
      lines: linesOf(records, said ? 1 : 0),
      ...columnsOf(records[0]?.record ?? []),
    };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return fileMistake('broken', Number(error.lines ?? 1));
  }
}

/** Returns what columns are called, and which names are those of several. */
function columnsOf(names: readonly string[]) {
  const titles = new Map<string, string>();
  const doubled = new Set<string>();
  for (const name of names) {
    const folded = foldedName(name);
    if (titles.has(folded)) doubled.add(folded);
    else titles.set(folded, name.trim());
  }
  return { titles, doubled };
}

function linesOf(records: { record: string[]; info: Info }[], before: number): Line[] {
  const names = (records[0]?.record ?? []).map(foldedName);
  return records.slice(1).flatMap(({ record, info }) => {
    if (record.every((each) => each.trim() === '')) return [];
    const inside = record.join('').match(/\r\n|\n|\r/g)?.length ?? 0;
    const line = info.lines - inside + before;
    const cells = new Map(names.map((name, at) => [name, cellOf(record[at])]));
    const isWhole = record.length === names.length;
    return [{ line, cells, ...(!isWhole && { mistake: 'not_a_row' as const }) }];
  });
}

/** What databases write where there is nothing. */
const NOTHING: ReadonlySet<string> = new Set(['NULL', '\\N', '(null)']);

/** Returns a cell as it was meant: an apostrophe before a sign was put there for a spreadsheet. */
function cellOf(text = ''): string {
  const tidy = text.trim().replace(/^'(?=[=+\-@])/, '');
  return NOTHING.has(tidy) ? '' : tidy;
}

/** Returns the separator that a line of names has most often, outside of quotation marks. */
function separatorIn(line: string): string {
  const plain = line.replaceAll(/"[^"]*"/g, '');
  const counts = [';', '\t', ',', '|'].map((each) => [each, plain.split(each).length] as const);
  return counts.toSorted(([, a], [, b]) => b - a)[0]![0];
}

/** Reads JSON: a list of records, as VTramit's API answers it, or an object that has one. */
export function jsonLines(text: string): Lines {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fileMistake('broken');
  }
  const list = listIn(value);
  if (!list) return fileMistake('not_known');
  if (list.length > MOST_LINES) return fileMistake('too_many');
  const lines = list.map((record, at) => recordLine(record, at + 1));
  const [first] = list;
  const isRecord = typeof first === 'object' && first !== null;
  return { ok: true, lines, ...columnsOf(isRecord ? Object.keys(first) : []) };
}

function listIn(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return null;
  return Object.values(value).find((each) => Array.isArray(each)) ?? null;
}

function recordLine(record: unknown, line: number): Line {
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    return { line, cells: new Map(), mistake: 'not_a_row' };
  const cells = Object.entries(record).flatMap(([name, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value)
      ? [[foldedName(name), `${value}`.trim()] as const]
      : [],
  );
  return { line, cells: new Map(cells) };
}
