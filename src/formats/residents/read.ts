import { Readable } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { documentIn, nifIn, type PersonId } from '../../domain/identity.ts';
import type { Resident } from '../../domain/residence/resident.ts';

/** The columns of a file of residents, by the names in its first line (docs/residents.md). */
export const COLUMNS = [
  'given',
  'family',
  'document',
  'country',
  'born',
  'dwelling',
  'address',
  'place',
  'since',
  'protected',
] as const;
export type Column = (typeof COLUMNS)[number];

const OPTIONAL: ReadonlySet<Column> = new Set(['country', 'born', 'since', 'protected']);
/** The columns that every file must have. */
export const NEEDED: readonly Column[] = COLUMNS.filter((each) => !OPTIONAL.has(each));

/**
 * What is wrong with a file, or with one line of it. `line` counts from 1.
 * - `not_utf8`, `empty`, `column_missing`, `column_unknown`, `column_twice`: of the file;
 * - `not_a_row`: the number of cells differs from that of the columns, or a quotation mark isn't closed;
 * - `missing`, `not_a_day`, `too_long`: of one cell.
 */
export interface ResidentsMistake {
  line: number;
  reason:
    | 'not_utf8'
    | 'empty'
    | 'column_missing'
    | 'column_unknown'
    | 'column_twice'
    | 'not_a_row'
    | 'missing'
    | 'not_a_day'
    | 'too_long';
  /** The column, as the file writes it; empty: the whole line. */
  column: string;
}

/** One line of the file. `isDocumentBad`: it has a document that can't be right, which is left out. */
export type ResidentLine =
  | { ok: true; line: number; resident: Resident; isDocumentBad: boolean }
  | { ok: false; mistake: ResidentsMistake };

type Cells = Partial<Record<Column, string>>;

/**
 * Reads a file of residents: CSV (RFC 4180) in UTF-8 with a first line of column names, separated by semicolons, commas or tabs. After a
 * mistake in the file as a whole nothing follows; after one in a line the next line does.
 */
export async function* readResidents(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<ResidentLine> {
  const text = textOf(bytes);
  try {
    const { first, rest } = await firstLine(text);
    const header = headerOf(first);
    if (!header.ok) {
      yield header;
      return;
    }
    yield* rowsOf(rest, header);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    yield wrong(1, 'not_utf8');
  }
}

const wrong = (line: number, reason: ResidentsMistake['reason'], column = ''): ResidentLine => ({
  ok: false,
  mistake: { line, reason, column },
});

/** @throws TypeError when the bytes aren't UTF-8 */
async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const each of bytes) yield decoder.decode(each, { stream: true });
  yield decoder.decode();
}

/** Returns the first line, and the whole text again. */
async function firstLine(text: AsyncGenerator<string>) {
  let read = '';
  while (!/[\r\n]/.test(read)) {
    const { value, done } = await text.next();
    if (done) break;
    read += value;
  }
  async function* rest() {
    yield read;
    yield* text;
  }
  return { first: /^[^\r\n]*/.exec(read)?.[0] ?? '', rest: rest() };
}

interface Header {
  ok: true;
  names: Column[];
  delimiter: string;
}

function headerOf(first: string): Header | Extract<ResidentLine, { ok: false }> {
  const delimiter = [';', '\t', ','].find((each) => first.includes(each)) ?? ';';
  const names = first.split(delimiter).map((each) => each.replaceAll('"', '').trim().toLowerCase());
  const at = (reason: ResidentsMistake['reason'], column = '') => ({
    ok: false as const,
    mistake: { line: 1, reason, column },
  });
  if (first.trim() === '') return at('empty');
  const unknown = names.find((each) => !isColumn(each));
  if (unknown !== undefined) return at('column_unknown', unknown);
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) return at('column_twice', twice);
  const missing = NEEDED.find((each) => !names.includes(each));
  if (missing !== undefined) return at('column_missing', missing);
  return { ok: true, names: names.filter(isColumn), delimiter };
}

const isColumn = (name: string): name is Column => (COLUMNS as readonly string[]).includes(name);

async function* rowsOf(
  text: AsyncIterable<string>,
  { names, delimiter }: Header,
): AsyncGenerator<ResidentLine> {
  const parser = parse({
    columns: names,
    delimiter,
    info: true,
    from: 2,
    trim: true,
    skip_empty_lines: true,
    max_record_size: 20_000,
  });
  // An error of the source ends the parser, whose reader then has it.
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Cells; info: Info }>)
      yield residentOf(record, info.lines);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield wrong(Number(error.lines ?? 0), 'not_a_row');
  }
}

/** The longest a cell may be, in characters. */
const LONGEST = 200;

function residentOf(cells: Cells, line: number): ResidentLine {
  const long = COLUMNS.find((each) => (cells[each] ?? '').length > LONGEST);
  if (long) return wrong(line, 'too_long', long);
  for (const each of ['given', 'dwelling'] as const)
    if (!cells[each]) return wrong(line, 'missing', each);
  const born = dayIn(cells.born);
  const since = dayIn(cells.since);
  if (born === undefined) return wrong(line, 'not_a_day', 'born');
  if (since === undefined) return wrong(line, 'not_a_day', 'since');
  const id = documentOf(cells);
  const { given = '', family = '', dwelling = '', address = '', place = '' } = cells;
  return {
    ok: true,
    line,
    resident: {
      id,
      given,
      family,
      born,
      dwelling,
      address,
      place,
      since,
      // Whatever is written there: no town's word for yes is misread as no.
      isProtected: (cells.protected ?? '') !== '',
    },
    isDocumentBad: id === null && (cells.document ?? '') !== '',
  };
}

/** Returns the identifier of a line: a DNI or NIE, or with another country the number of a passport. */
function documentOf({ document = '', country = '' }: Cells): PersonId | null {
  if (document === '') return null;
  const from = country.toUpperCase();
  return from === '' || from === 'ES' ? nifIn(document) : documentIn('passport', from, document);
}

/** Returns the day in a cell, as `1948-03-02` or `02/03/1948`; null: it is empty; undefined: it is no day. */
function dayIn(text = ''): Temporal.PlainDate | null | undefined {
  if (text === '') return null;
  const [, d = '', m = '', y = ''] = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(text) ?? [];
  const iso = y ? `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}` : text;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return undefined;
  try {
    return Temporal.PlainDate.from(iso, { overflow: 'reject' });
  } catch {
    return undefined;
  }
}
