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
  standing: 'open' | 'cancelled' | 'over';
  start: Temporal.Instant | LineMistake;
}

export type ReadAppointments =
  | { ok: true; rows: ForeignAppointment[] }
  | { ok: false; mistake: FileMistake | { reason: 'too_big' | 'no_column'; line: number } };

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

/** Statuses of a cancelled appointment, folded: that of a calendar (RFC 5545, 3.8.1.11), and usual words. */
const CANCELLED = ['cancelled', 'canceled', 'cancellada', 'anullada', 'cancelada', 'anulada'];

/**
 * Reads the appointments in a file of another tool: CSV, a calendar (RFC 5545), or the records of an API in JSON. Which of them it is, its
 * encoding and its separator are found out. `timeZone`: of hours that name no zone.
 */
export function readAppointments(
  bytes: Uint8Array,
  mapping: Mapping,
  { timeZone, now }: { timeZone: string; now: Temporal.Instant },
): ReadAppointments {
  if (bytes.length > MOST_BYTES) return { ok: false, mistake: { reason: 'too_big', line: 1 } };
  const text = textOf(bytes, mapping.encoding);
  const isCalendar = /^\s*BEGIN:VCALENDAR/i.test(text);
  const read = isCalendar ? calendarLines(text, timeZone, now) : linesIn(text, mapping);
  if (!read.ok) return read;
  const columns = columnsIn(mapping, read.lines, isCalendar);
  if (!isCalendar && columns.start.length === 0 && read.lines.length > 0)
    return { ok: false, mistake: { reason: 'no_column', line: 1 } };
  const how = { timeZone, isMonthFirst: mapping.dates === 'month-first' };
  return { ok: true, rows: read.lines.map((each) => rowOf(each, columns, mapping, how)) };
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

function rowOf(
  { line, cells, mistake }: Line,
  columns: Columns,
  mapping: Mapping,
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
    standing: standingOf(text('status'), mapping),
    start: mistake ?? readHour(text('start'), text('time'), how),
  };
}

function standingOf(status: string, { cancelled, over }: Mapping): ForeignAppointment['standing'] {
  const is = (each: string) => foldedName(each) === foldedName(status);
  if (status === '') return 'open';
  if ([...CANCELLED, ...cancelled].some(is)) return 'cancelled';
  return over.some(is) ? 'over' : 'open';
}
