import { expect, test } from 'vitest';
import type { ReadSpan } from '../types.ts';
import { busyOf, conditionFor, lacksSeries, readItem, transactionOf } from './events.ts';

const at = (text: string) => Temporal.Instant.from(text);
const SPAN: ReadSpan = {
  from: at('2026-11-30T00:00:00+01:00'),
  until: at('2026-12-31T00:00:00+01:00'),
  timeZone: 'Europe/Madrid',
  isOwn: (uid) => uid === 'desk.1@cita.example.cat',
  ownPlaces: new Set(['ours']),
};
const times = (start: string, end: string, timeZone = 'UTC') => ({
  start: { dateTime: start, timeZone },
  end: { dateTime: end, timeZone },
});
const HOUR = times('2026-12-01T10:00:00.0000000', '2026-12-01T11:00:00.0000000');
/** Returns from when until when an event is busy. */
function said(event: object, id = 'x', span = SPAN) {
  const found = busyOf(id, { showAs: 'busy', ...event }, span);
  return found && found !== 'unreadable' ? `${found.from} ${found.to}` : found;
}

test.each([
  ['busy', true],
  ['tentative', true],
  ['oof', true],
  ['unknown', true],
  [undefined, true],
  ['free', false],
  ['workingElsewhere', false],
])('an event shown as %s is busy: %s', (showAs, is) => {
  expect(said({ ...HOUR, showAs })).toBe(is ? '2026-12-01T10:00:00Z 2026-12-01T11:00:00Z' : null);
});

test.each([
  ['cancelled', { isCancelled: true }],
  ['declined', { responseStatus: { response: 'declined' } }],
  ['ours, by its request', { transactionId: '1764576000000:desk.1@cita.example.cat' }],
  ['without a length', times('2026-12-01T10:00:00', '2026-12-01T10:00:00')],
  ['over', times('2026-11-29T10:00:00', '2026-11-29T11:00:00')],
])('an event that is %s is not', (_, more) => {
  expect(said({ ...HOUR, ...more })).toBeNull();
});

test('an event that was written from here is not, whatever Graph has of it', () => {
  expect(said(HOUR, 'ours')).toBeNull();
});

test('whole days are those of the office’s zone, also where the clocks change', () => {
  const allDay = { isAllDay: true };
  expect(said({ ...allDay, ...times('2026-12-04T00:00:00.0000000', '2026-12-05T00:00:00') })).toBe(
    '2026-12-03T23:00:00Z 2026-12-04T23:00:00Z',
  );
  const spring = { ...SPAN, from: at('2026-03-01T00:00:00Z') };
  const sunday = times('2026-03-29T00:00:00', '2026-03-30T00:00:00');
  expect(said({ ...allDay, ...sunday }, 'x', spring)).toBe(
    '2026-03-28T23:00:00Z 2026-03-29T22:00:00Z',
  );
});

test('what lasts beyond the span is cut, and times in another zone are read', () => {
  expect(said(times('2026-11-01T00:00:00', '2027-02-01T00:00:00'))).toBe(
    '2026-11-29T23:00:00Z 2026-12-30T23:00:00Z',
  );
  expect(said(times('2026-12-01T10:00:00', '2026-12-01T11:00:00', 'Europe/Madrid'))).toBe(
    '2026-12-01T09:00:00Z 2026-12-01T10:00:00Z',
  );
});

test.each([
  ['no times', {}],
  ['a zone that nobody knows', times('2026-12-01T10:00:00', '2026-12-01T11:00:00', 'Mars')],
  ['an end before its start', times('2026-12-01T11:00:00', '2026-12-01T10:00:00')],
  ['a day that does not exist', times('2026-02-30T11:00:00', '2026-12-01T10:00:00')],
])('an event with %s can’t be read', (_, event) => {
  expect(said(event)).toBe('unreadable');
});

test('the items of a delta', () => {
  expect(readItem({ id: 'x', '@removed': { reason: 'deleted' } })).toEqual({
    kind: 'removed',
    id: 'x',
  });
  expect(readItem({ id: 'x', type: 'seriesMaster' }).kind).toBe('series');
  expect(readItem({ id: 'x', type: 'occurrence', seriesMasterId: 's' })).toMatchObject({
    kind: 'event',
    series: 's',
  });
  expect(readItem({}).kind).toBe('odd');
  expect(lacksSeries({ seriesMasterId: 's' })).toBe(true);
  expect(lacksSeries({ seriesMasterId: 's', showAs: 'busy' })).toBe(false);
});

test('a condition can’t be left by a quote, and a request differs once the appointment has changed', () => {
  expect(conditionFor("x' or true")).toContain("ep/value eq 'x'' or true'");
  const entry = { uid: 'u', title: '', text: '', place: '', start: SPAN.from, end: SPAN.until };
  const of = (changedAt: string) =>
    transactionOf({ ...entry, sequence: 0, changedAt: at(changedAt) });
  expect(of('2026-11-30T08:00:00Z')).toBe(of('2026-11-30T08:00:00Z'));
  expect(of('2026-11-30T08:00:00Z')).not.toBe(of('2026-11-30T08:00:01Z'));
});
