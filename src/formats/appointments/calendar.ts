import ICAL from 'ical.js';
import { describedZone, namedZone, type Zone } from '../../lib/calendar/zone.ts';
import { fileMistake, foldedName, type Line, type Lines, MOST_LINES } from './lines.ts';

/** The longest event that is read, in characters, and the most zones. */
const LONGEST_EVENT = 100_000;
const MOST_ZONES = 50;

/**
 * Reads a calendar (RFC 5545) event by event. Its properties are the cells; of a DESCRIPTION, each line such as "Telèfon: 612 345 678" is one
 * too. Nothing is repeated: an event with a rule is no appointment of one person, and is reported.
 */
export function calendarLines(text: string, office: string, now: Temporal.Instant): Lines {
  const parts = partsOf(text);
  if (!parts) return fileMistake('not_known');
  const { events, zones } = parts;
  if (events.length > MOST_LINES) return fileMistake('too_many');
  const reader = zoneReader(zones, office, now);
  const lines = events.map((each) => eventLine(each, reader));
  return { ok: true, lines, titles: new Map(), doubled: new Set() };
}

interface Part {
  line: number;
  text: string;
}

/** Returns the texts of the events and zones of a calendar; null: it is none. */
function partsOf(text: string): { events: Part[]; zones: string[] } | null {
  const lines = text.split(/\r\n|\n|\r/);
  if (!/^BEGIN:VCALENDAR\s*$/i.test(lines.find((each) => each.trim() !== '') ?? '')) return null;
  const events: Part[] = [];
  const zones: string[] = [];
  let open: { name: string; from: number } | null = null;
  for (const [at, line] of lines.entries()) {
    if (!open) {
      const [, name] = /^BEGIN:(VEVENT|VTIMEZONE)\s*$/i.exec(line) ?? [];
      if (name) open = { name: name.toUpperCase(), from: at };
    } else if (line.trim().toUpperCase() === `END:${open.name}`) {
      const part = lines.slice(open.from, at + 1).join('\r\n');
      if (open.name === 'VEVENT') events.push({ line: open.from + 1, text: part });
      else if (zones.length < MOST_ZONES) zones.push(part);
      open = null;
    }
  }
  if (open) events.push({ line: open.from + 1, text: '' });
  return { events, zones };
}

function componentOf(part: string, name: string): ICAL.Component | null {
  if (part === '' || part.length > LONGEST_EVENT) return null;
  try {
    const parsed = ICAL.parse(`BEGIN:VCALENDAR\r\n${part}\r\nEND:VCALENDAR`);
    return new ICAL.Component(parsed).getFirstSubcomponent(name);
  } catch {
    return null;
  }
}

type ZoneOf = (name: string) => Zone | null;

/** Returns the zones by name; those of the calendar are read once. An empty name is that of the office. */
function zoneReader(parts: readonly string[], office: string, now: Temporal.Instant): ZoneOf {
  const described = parts.flatMap((each) => componentOf(each, 'vtimezone') ?? []);
  const known = new Map<string, Zone | null>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const own = described.find((each) => each.getFirstPropertyValue('tzid') === name);
    const zone = namedZone(name || office) ?? (own ? describedZone(own, now) : null);
    known.set(name, zone);
    return zone;
  };
}

function eventLine({ line, text }: Part, zoneOf: ZoneOf): Line {
  const event = componentOf(text, 'vevent');
  if (!event) return { line, cells: new Map(), mistake: 'not_a_row' };
  const start = startOf(event, zoneOf);
  const cells = new Map<string, string>([
    ...describedCells(textIn(event, 'description')),
    ...propertyCells(event),
    ['start', start ?? ''],
  ]);
  const isRepeated = ['rrule', 'rdate'].some((each) => event.hasProperty(each));
  if (isRepeated) return { line, cells, mistake: 'repeated' };
  return start === null ? { line, cells, mistake: 'bad_date' } : { line, cells };
}

/** Returns the start as readHour() takes it: a day alone where the event has no hour; null: it can't be read. */
function startOf(event: ICAL.Component, zoneOf: ZoneOf): string | null {
  try {
    const property = event.getFirstProperty('dtstart');
    const time = property?.getFirstValue() as ICAL.Time | undefined;
    if (!property || !time) return null;
    const { year, month, day, hour, minute } = time;
    const fields = { year, month, day, hour, minute };
    const wall = Temporal.PlainDateTime.from(fields, { overflow: 'reject' });
    if (time.isDate) return wall.toPlainDate().toString();
    const isUtc = time.zone === ICAL.Timezone.utcTimezone;
    const zone = isUtc ? namedZone('UTC') : zoneOf(`${property.getFirstParameter('tzid') ?? ''}`);
    return zone ? zone.instantOf(wall).toString() : null;
  } catch {
    // The library throws its own errors for wrong times.
    return null;
  }
}

function propertyCells(event: ICAL.Component): [string, string][] {
  const attendee = event.getFirstProperty('attendee');
  const mail = `${attendee?.getFirstValue() ?? ''}`.replace(/^mailto:/i, '');
  const recurrence = event.getFirstPropertyValue('recurrence-id');
  const uid = [textIn(event, 'uid'), recurrence ? `${recurrence}` : ''].join(' ').trim();
  return [
    ['uid', uid],
    ['attendee', mail],
    ['attendeename', `${attendee?.getFirstParameter('cn') ?? ''}`],
    ...['summary', 'location', 'status', 'categories'].map((each): [string, string] => [
      each,
      textIn(event, each),
    ]),
  ];
}

/** The longest name of something in a description, in characters. */
const LONGEST_NAME = 40;

const isName = (text: string): boolean =>
  text.length >= 2 && text.length <= LONGEST_NAME && /^[\p{L}\p{N} .'’·/-]+$/u.test(text);

/** Returns the lines of a description that name something, such as "Telèfon: 612 345 678", and the whole of it as a comment. */
function describedCells(text: string): [string, string][] {
  const named = text.split(/\n|<br ?\/?>/i).flatMap((each): [string, string][] => {
    const line = each.trim();
    const colon = line.indexOf(':');
    // A line may be as long as the event: an expression sees no more than a name of it.
    const name = line.slice(0, Math.max(colon, 0)).trim();
    const value = line.slice(colon + 1).trim();
    return isName(name) && value !== '' ? [[foldedName(name), value]] : [];
  });
  return [['description', text], ...named];
}

function textIn(component: ICAL.Component, name: string): string {
  const value = component.getFirstPropertyValue(name);
  return typeof value === 'string' ? value.trim() : '';
}
