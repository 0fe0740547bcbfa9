import { calendarLines } from './calendar.ts';
import { type HourMistake, readHour } from './hours.ts';
import {
  csvLines,
  type FileMistake,
  fileMistake,
  foldedName,
  jsonLines,
  type Line,
  type Lines,
  textOf,
} from './lines.ts';
import type { ImportField, Mapping } from './mapping.ts';
import { type Standing, standings } from './standing.ts';

/** The largest file that is read, in bytes. */
export const MOST_BYTES = 32_000_000;

/** Why a line can't be read. `repeated`: an event of a calendar that comes again and again. */
export type LineMistake = 'not_a_row' | 'repeated' | HourMistake;

/** An appointment as another tool's file has it. Empty texts: nothing is said. */
export interface ForeignAppointment {
  line: number;
  /** Its id in the other tool. */
  id: string;
  name: string;
  phone: string;
  email: string;
  procedure: string;
  office: string;
  channel: string;
  language: string;
  comment: string;
  /** `unknown`: its status is none that is known. */
  standing: Standing;
  /** Its status there. */
  status: string;
  start: Temporal.Instant | LineMistake;
}

/** Which columns a field was read from, as they are called in the file. */
export interface ReadColumn {
  field: ImportField;
  columns: readonly string[];
}

export type ReadAppointments =
  | { ok: true; rows: ForeignAppointment[]; columns: ReadColumn[] }
  | {
      ok: false;
      mistake:
        | FileMistake
        | { reason: 'too_big' | 'no_column' }
        | { reason: 'two_columns'; name: string };
    };

/** Usual names of columns, folded, in the order in which they are looked for. */
const USUAL: Record<ImportField, readonly string[]> = {
  id: ['externalid', 'id', 'uid', 'codi', 'codigo', 'referencia', 'reference', 'localitzador'],
  name: ['nomicognoms', 'nombreyapellidos', 'nom', 'nombre', 'name', 'izena', 'ciutada'],
  phone: ['telefon', 'telefono', 'phone', 'tel', 'mobil', 'movil', 'mobile', 'telefonoa'],
  email: ['email', 'correu', 'correuelectronic', 'correo', 'correoelectronico', 'mail', 'eposta'],
  start: ['start', 'date', 'data', 'dia', 'fecha', 'dataihora', 'fechayhora', 'inici', 'eguna'],
  time: ['hora', 'time', 'hour', 'horainici', 'horainicio', 'ordua'],
  procedure: ['tramit', 'tramite', 'topic', 'procedure', 'motiu', 'motivo', 'servei', 'servicio'],
  office: ['oficina', 'office', 'department', 'departament', 'departamento', 'bulegoa'],
  channel: ['canal', 'channel', 'modalitat', 'modalidad', 'kanala'],
  language: ['idioma', 'llengua', 'lengua', 'language', 'hizkuntza'],
  comment: ['comments', 'comment', 'comentaris', 'comentarios', 'observacions', 'observaciones'],
  status: ['status', 'state', 'estat', 'estado', 'egoera'],
};
/** What a calendar says in its own properties, where its description says nothing. */
const OF_CALENDAR: Partial<Record<ImportField, readonly string[]>> = {
  name: ['attendeename', 'summary'],
  email: ['attendee'],
  procedure: ['categories', 'summary'],
  comment: ['description'],
};

/**
 * Reads the appointments in a file of another tool: CSV, a calendar (RFC 5545), or the records of an API in JSON. Which of them it is, its
 * encoding and its separator are found out. `timeZone`: of hours that name no zone.
 */
export function readAppointments(
  bytes: Uint8Array,
  mapping: Mapping,
  { timeZone, now }: { timeZone: string; now: Temporal.Instant },
): ReadAppointments {
  if (bytes.length > MOST_BYTES) return { ok: false, mistake: { reason: 'too_big' } };
  const text = textOf(bytes, mapping.encoding);
  const isCalendar = /^\s*BEGIN:VCALENDAR/i.test(text);
  const read = isCalendar ? calendarLines(text, timeZone, now) : linesIn(text, mapping);
  if (!read.ok) return read;
  const columns = columnsIn(mapping, read.lines, isCalendar);
  if (!isCalendar && columns.start.length === 0 && read.lines.length > 0)
    return { ok: false, mistake: { reason: 'no_column' } };
  const { titles, doubled } = read;
  const twice = Object.values(columns)
    .flat(2)
    .find((each) => doubled.has(each));
  if (twice !== undefined)
    return { ok: false, mistake: { reason: 'two_columns', name: titles.get(twice) ?? twice } };
  const how = { timeZone, isMonthFirst: mapping.dates === 'month-first' };
  const standingOf = standings(mapping);
  return {
    ok: true,
    rows: read.lines.map((each) => rowOf(each, columns, standingOf, how)),
    columns: namedColumns(columns, titles),
  };
}

function linesIn(text: string, mapping: Mapping): Lines {
  if (/^\s*[[{]/.test(text)) return jsonLines(text);
  // A spreadsheet, an archive, a picture.
  if (text.slice(0, 1000).includes('\0')) return fileMistake('not_known');
  return csvLines(text, mapping.separator);
}

/** For each field, the ways to have it; each is a list of columns whose texts are joined. */
type Columns = Record<ImportField, string[][]>;

function columnsIn({ columns }: Mapping, lines: readonly Line[], isCalendar: boolean): Columns {
  // Events of one calendar differ in what they say.
  const sample = isCalendar ? lines : lines.slice(0, 1);
  const known = new Set(sample.flatMap((each) => [...each.cells.keys()]));
  const waysOf = (field: ImportField): string[][] => {
    const said = columns[field];
    if (said !== undefined) return [[said].flat().map(foldedName)];
    const usual = [...USUAL[field], ...(isCalendar ? (OF_CALENDAR[field] ?? []) : [])];
    return usual.filter((each) => known.has(each)).map((each) => [each]);
  };
  const fields = Object.keys(USUAL) as ImportField[];
  return Object.fromEntries(fields.map((each) => [each, waysOf(each)])) as Columns;
}

function namedColumns(columns: Columns, titles: ReadonlyMap<string, string>): ReadColumn[] {
  const fields = Object.keys(columns) as ImportField[];
  return fields.flatMap((field) => {
    const names = columns[field].flat().map((each) => titles.get(each) ?? each);
    return names.length === 0 ? [] : [{ field, columns: names }];
  });
}

function rowOf(
  { line, cells, mistake }: Line,
  columns: Columns,
  standingOf: (status: string) => Standing,
  how: { timeZone: string; isMonthFirst: boolean },
): ForeignAppointment {
  const text = (field: ImportField): string => {
    for (const names of columns[field]) {
      const said = names.map((each) => cells.get(each) ?? '').filter((each) => each !== '');
      if (said.length > 0) return said.join(' ');
    }
    return '';
  };
  return {
    line,
    id: text('id'),
    name: text('name'),
    phone: text('phone'),
    email: text('email'),
    procedure: text('procedure'),
    office: text('office'),
    channel: text('channel'),
    language: text('language'),
    comment: text('comment'),
    standing: standingOf(text('status')),
    status: text('status'),
    start: mistake ?? readHour(text('start'), text('time'), how),
  };
}
