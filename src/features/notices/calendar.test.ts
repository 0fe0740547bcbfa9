import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { translateTo } from '../../lib/i18n/translate.ts';
import { type CalendarEntry, calendarFile } from './calendar.ts';
import { render } from './render.ts';
import { paperBody, paperLinks, paperNotice } from './testing.ts';

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
const file = (rest: Partial<CalendarEntry> = {}, body = paperBody()) =>
  calendarFile(entry(rest), body, LINK, translateTo('ca'), NOW);

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
    expect(event.location).toBe('Per telèfon: et trucarem des del 930 10 00 12');
    expect(event.description).toContain(`\n${LINK}`);
    expect(component.getFirstPropertyValue('status')).toBe('CONFIRMED');
    expect(component.getFirstPropertyValue('dtstamp')?.toString()).toBe('2026-12-01T10:00:00Z');
    expect(component.getFirstPropertyValue('organizer')).toBe('mailto:oac@vilaprova.example');
    const alarm = component.getFirstSubcomponent('valarm');
    expect(alarm?.getFirstPropertyValue('action')).toBe('DISPLAY');
    expect(alarm?.getFirstPropertyValue('trigger')?.toString()).toBe('-PT15M');
  });

  it('gives no calendar anything to answer: nobody would read it', () => {
    expect(file().text).not.toMatch(/ATTENDEE|RSVP/);
  });

  it('keeps the UID and raises the SEQUENCE through changes; a cancellation cancels', () => {
    const mails = [
      paperNotice('confirmation'),
      paperNotice('change', 'ca', {
        sequence: 1,
        start: '2026-12-10T08:20:00Z',
        end: '2026-12-10T08:35:00Z',
      }),
      paperNotice('cancellation', 'ca', { sequence: 2 }),
    ].map((notice) => render(notice, paperBody(), paperLinks).attachments[0]);
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
        const { text } = file({}, paperBody({}, { ca: name }));
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
