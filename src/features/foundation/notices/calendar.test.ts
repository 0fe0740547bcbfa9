import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { type CalendarEntry, calendarFile } from './calendar.ts';
import { render } from './render.ts';
import { sampleLinks, sampleNotice, sampleOffice } from './testing.ts';

const LINK = 'https://cita.vilaclara.cat/ca/appointment/AbCdEfGhIjKlMnOpQrStUvWxYz012345';
const NOW = Temporal.Instant.from('2026-12-01T10:00:00.123Z');
const entry = (rest: Partial<CalendarEntry> = {}): CalendarEntry => ({
  id: '0b9dbb2e-54fc-4d2c-8a11-000000000001',
  reference: 'K7M-2QX',
  procedure: 'volant-padro',
  channel: 'phone',
  start: Temporal.Instant.from('2026-12-09T08:20:00Z'),
  end: Temporal.Instant.from('2026-12-09T08:35:00Z'),
  sequence: 0,
  status: 'booked',
  ...rest,
});
const file = (rest: Partial<CalendarEntry> = {}, office = sampleOffice()) =>
  calendarFile(entry(rest), office, LINK, translateTo('ca'), NOW);

function parse(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const component = calendar.getFirstSubcomponent('vevent');
  if (!component) throw new Error('No VEVENT');
  return { calendar, component, event: new ICAL.Event(component) };
}

describe('the calendar file', () => {
  it('says when, what, where and how to change it, to an independent reader', () => {
    const { calendar, component, event } = parse(file().text);
    expect(calendar.getFirstPropertyValue('version')).toBe('2.0');
    expect(calendar.getFirstPropertyValue('method')).toBe('PUBLISH');
    expect(event.uid).toBe('0b9dbb2e-54fc-4d2c-8a11-000000000001@cita.vilaclara.cat');
    expect(event.startDate.toJSDate().toISOString()).toBe('2026-12-09T08:20:00.000Z');
    expect(event.endDate.toJSDate().toISOString()).toBe('2026-12-09T08:35:00.000Z');
    expect(event.summary).toBe('Trucada: Oficina d’Atenció Ciutadana ca');
    expect(event.location).toBe('Per telèfon: et trucarem des del +34 930 100 012');
    expect(event.description).toContain(`\n${LINK}`);
    expect(component.getFirstPropertyValue('status')).toBe('CONFIRMED');
    expect(component.getFirstPropertyValue('dtstamp')?.toString()).toBe('2026-12-01T10:00:00Z');
    expect(component.getFirstPropertyValue('organizer')).toBe('mailto:oac@vilaprova.example');
    const alarm = component.getFirstSubcomponent('valarm');
    expect(alarm?.getFirstPropertyValue('action')).toBe('DISPLAY');
    expect(alarm?.getFirstPropertyValue('trigger')?.toString()).toBe('-PT15M');
  });

  it('of a visit says the place, and where it is on the map', () => {
    const office = sampleOffice();
    const named = (name: string) => ({ ca: name, es: name, en: name, eu: name });
    const site = {
      code: 'centre',
      name: named('OAC Centre'),
      address: 'Plaça Major, 1, Vilaprova',
    };
    const at = (location?: string) => ({
      ...office,
      settings: { ...office.settings, sites: [{ ...site, ...(location && { location }) }] },
    });
    const visit = { channel: 'in_person', site: 'centre' } as const;
    const known = parse(file(visit, at('41.5463, 2.1086')).text);
    expect(known.event.summary).toBe('Cita en persona: Oficina d’Atenció Ciutadana ca');
    expect(known.event.location).toContain('OAC Centre. Plaça Major, 1, Vilaprova');
    expect(known.component.getFirstPropertyValue('geo')).toEqual([41.5463, 2.1086]);
    const unknown = parse(file(visit, at()).text);
    expect(unknown.event.location).toContain('Plaça Major, 1, Vilaprova');
    expect(unknown.component.getFirstPropertyValue('geo')).toBeNull();
  });

  it('gives no calendar anything to answer: nobody would read it', () => {
    expect(file().text).not.toMatch(/ATTENDEE|RSVP/);
  });

  it('keeps the UID and raises the SEQUENCE through changes; a cancellation cancels', () => {
    const mails = [
      sampleNotice('confirmation'),
      sampleNotice('change', 'ca', {
        sequence: 1,
        start: '2026-12-10T08:20:00Z',
        end: '2026-12-10T08:35:00Z',
      }),
      sampleNotice('cancellation', 'ca', { sequence: 2 }),
    ].map((notice) => render(notice, sampleOffice(), sampleLinks).attachments[0]);
    const read = mails.map((each) => parse(each?.text ?? ''));
    expect(new Set(read.map((each) => each.event.uid)).size).toBe(1);
    expect(read.map((each) => each.event.sequence)).toEqual([0, 1, 2]);
    expect(read.map((each) => each.component.getFirstPropertyValue('status'))).toEqual([
      'CONFIRMED',
      'CONFIRMED',
      'CANCELLED',
    ]);
    expect(read.map((each) => each.calendar.getFirstPropertyValue('method'))).toEqual([
      'PUBLISH',
      'PUBLISH',
      'CANCEL',
    ]);
    expect(mails.map((each) => each?.contentType)).toEqual([
      'text/calendar; charset=utf-8; method=PUBLISH',
      'text/calendar; charset=utf-8; method=PUBLISH',
      'text/calendar; charset=utf-8; method=CANCEL',
    ]);
    expect(read[2]?.component.getFirstSubcomponent('valarm')).toBeNull();
  });

  it('escapes and folds whatever a name holds', () => {
    const sign = fc.constantFrom(
      '\r',
      '\n',
      '\r\n',
      ';',
      ',',
      '\\',
      '"',
      ':',
      'é',
      '🎉',
      'BEGIN:VEVENT',
      '\u2028',
      ' ',
      'a',
    );
    fc.assert(
      fc.property(fc.array(sign, { minLength: 1, maxLength: 80 }), (signs) => {
        const name = `x${signs.join('')}x`;
        const { text } = file({}, sampleOffice({}, { ca: name }));
        for (const line of text.split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          expect(line).not.toMatch(/[\r\n]/);
        }
        const { calendar, event } = parse(text);
        expect(calendar.getAllSubcomponents('vevent')).toHaveLength(1);
        expect(event.summary).toBe(`Trucada: ${name.replaceAll(/[\r\n\u2028]+/g, ' ')}`);
      }),
      { numRuns: 300 },
    );
  });

  it('is named after the reference', () => {
    expect(file().filename).toBe('cita-K7M-2QX.ics');
  });
});

/**
 * A calendar as RFC 5546 wants it: an entry is known by its UID; of two, the one with the higher SEQUENCE counts, and the
 * later DTSTAMP where they are equal; CANCEL takes it out.
 */
function modelCalendar() {
  const entries = new Map<string, ReturnType<typeof parse> | null>();
  const isNewer = (a: ReturnType<typeof parse>, b: ReturnType<typeof parse>) => {
    if (a.event.sequence !== b.event.sequence) return a.event.sequence > b.event.sequence;
    const [mine, other] = [a, b].map((each) =>
      String(each.component.getFirstPropertyValue('dtstamp')),
    );
    return String(mine) >= String(other);
  };
  const newest = new Map<string, ReturnType<typeof parse>>();
  return {
    open(text: string) {
      const read = parse(text);
      const { uid } = read.event;
      const known = newest.get(uid);
      if (known && !isNewer(read, known)) return;
      newest.set(uid, read);
      const isOff = read.calendar.getFirstPropertyValue('method') === 'CANCEL';
      entries.set(uid, isOff ? null : read);
    },
    starts: () =>
      [...entries.values()].flatMap((each) => each?.event.startDate.toJSDate().toISOString() ?? []),
    places: () => [...entries.values()].flatMap((each) => each?.event.location ?? []),
  };
}

describe('a calendar that is given the files', () => {
  const at = (text: string) => ({ createdAt: Temporal.Instant.from(text) });
  const fileOf = (...notice: Parameters<typeof sampleNotice>) =>
    render(sampleNotice(...notice), sampleOffice(), sampleLinks).attachments[0]?.text ?? '';
  const created = fileOf('confirmation', 'ca', {}, at('2026-12-01T10:00:00Z'));
  const moved = fileOf(
    'change',
    'ca',
    { sequence: 1, start: '2026-12-10T09:00:00Z', end: '2026-12-10T09:15:00Z' },
    at('2026-12-02T10:00:00Z'),
  );
  const toVideo = fileOf(
    'change',
    'ca',
    { sequence: 2, channel: 'video', start: '2026-12-10T09:00:00Z', end: '2026-12-10T09:20:00Z' },
    at('2026-12-03T10:00:00Z'),
  );
  const cancelled = fileOf(
    'cancellation',
    'ca',
    { sequence: 3, channel: 'video', start: '2026-12-10T09:00:00Z', end: '2026-12-10T09:20:00Z' },
    at('2026-12-04T10:00:00Z'),
  );

  it('holds one entry, then the same one moved, then by video, then none', () => {
    const calendar = modelCalendar();
    calendar.open(created);
    expect(calendar.starts()).toEqual(['2026-12-09T08:20:00.000Z']);
    calendar.open(moved);
    expect(calendar.starts()).toEqual(['2026-12-10T09:00:00.000Z']);
    calendar.open(toVideo);
    expect(calendar.places()).toEqual(['Per videotrucada']);
    calendar.open(cancelled);
    expect(calendar.starts()).toEqual([]);
  });

  it('ends the same in whatever order they are opened, and however often', () => {
    const files = [created, moved, toVideo, cancelled];
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        fc.nat(3),
        (order, again) => {
          const calendar = modelCalendar();
          for (const index of [...order, again]) calendar.open(files[index] ?? '');
          expect(calendar.starts()).toEqual([]);
        },
      ),
    );
  });

  it('takes the confirmation that a new address is sent as the same entry', () => {
    const calendar = modelCalendar();
    calendar.open(moved);
    calendar.open(
      fileOf(
        'confirmation',
        'ca',
        { sequence: 1, start: '2026-12-10T09:00:00Z', end: '2026-12-10T09:15:00Z' },
        at('2026-12-02T12:00:00Z'),
      ),
    );
    expect(calendar.starts()).toEqual(['2026-12-10T09:00:00.000Z']);
  });

  it.each(['reminder', 'soon', 'late', 'link', 'noshow', 'survey'] as const)(
    'is told nothing by %s: the time is the same',
    (kind) => {
      const { attachments } = render(sampleNotice(kind), sampleOffice(), sampleLinks);
      expect(attachments).toEqual([]);
    },
  );
});
