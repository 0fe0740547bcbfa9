import { describe, expect, test } from 'vitest';
import { readCalendar } from './calendar-file.ts';

const NOW = Temporal.Instant.from('2026-10-21T08:00:00+02:00');
const HOW = { timeZone: 'Europe/Madrid', now: NOW, as: 'absence' } as const;

const event = (...lines: string[]) =>
  ['BEGIN:VEVENT', 'DTSTAMP:20261001T000000Z', ...lines, 'END:VEVENT'].join('\r\n');
const file = (...parts: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//', ...parts, 'END:VCALENDAR', ''].join(
    '\r\n',
  );
const read = (...parts: string[]) => {
  const found = readCalendar(file(...parts), HOW);
  if (!found) throw new Error('no calendar');
  return found;
};
const spans = (...parts: string[]) => read(...parts).entries.map(({ from, to }) => `${from} ${to}`);

/** As Outlook writes it: a name that is no zone's, and what it means. */
const ROMANCE = `BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE`.replaceAll('\n', '\r\n');

describe('times of an event', () => {
  test.each([
    ['in UTC', ['DTSTART:20261026T080000Z', 'DTEND:20261026T100000Z'], '09:00', '11:00'],
    ['in UTC, in summer', ['DTSTART:20261023T080000Z', 'DURATION:PT2H'], '10:00', '12:00'],
    ['without a zone', ['DTSTART:20261026T080000', 'DTEND:20261026T100000'], '08:00', '10:00'],
    [
      'of a zone by its name',
      ['DTSTART;TZID=Atlantic/Canary:20261026T080000', 'DTEND;TZID=Europe/Madrid:20261026T100000'],
      ...['09:00', '10:00'],
    ],
    [
      'of a zone that the file describes',
      ['DTSTART;TZID=Romance Standard Time:20261026T080000', 'DURATION:PT90M'],
      ...['08:00', '09:30'],
    ],
  ])('%s', (_, lines, from, to) => {
    const day = lines[0]!.includes('20261023') ? '2026-10-23' : '2026-10-26';
    expect(spans(ROMANCE, event('UID:a', ...lines))).toEqual([`${day}T${from} ${day}T${to}`]);
  });

  test('a whole day is one of the body’s, on the day of 25 hours too', () => {
    expect(spans(event('UID:a', 'DTSTART;VALUE=DATE:20261025'))).toEqual([
      '2026-10-25T00:00 2026-10-26T00:00',
    ]);
    const days = event('UID:a', 'DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20270107');
    expect(spans(days)).toEqual(['2026-12-24T00:00 2027-01-07T00:00']);
  });
});

describe('repetitions', () => {
  const weekly = ['UID:a', 'DTSTART;TZID=Europe/Madrid:20261012T090000', 'DURATION:PT1H'];

  test('keep their hour when the clocks change; exceptions and what is over stay out', () => {
    const lines = [
      ...weekly,
      'RRULE:FREQ=WEEKLY;COUNT=5',
      'EXDATE;TZID=Europe/Madrid:20261102T090000',
    ];
    expect(spans(event(...lines))).toEqual([
      '2026-10-26T09:00 2026-10-26T10:00',
      '2026-11-09T09:00 2026-11-09T10:00',
    ]);
  });

  test('of another zone move by the wall clock there', () => {
    const lines = ['UID:a', 'DTSTART;TZID=America/New_York:20261022T090000', 'DURATION:PT1H'];
    expect(
      spans(event(...lines, 'RRULE:FREQ=WEEKLY;COUNT=3')).map((each) => each.slice(0, 16)),
    ).toEqual(['2026-10-22T15:00', '2026-10-29T14:00', '2026-11-05T15:00']);
  });

  test('one of them at another hour, and one that is cancelled', () => {
    const series = event(...weekly, 'RRULE:FREQ=WEEKLY;COUNT=5');
    const moved = event(
      ...['UID:a', 'RECURRENCE-ID;TZID=Europe/Madrid:20261026T090000'],
      ...['DTSTART;TZID=Europe/Madrid:20261027T120000', 'DURATION:PT30M'],
    );
    const off = event(
      ...['UID:a', 'RECURRENCE-ID;TZID=Europe/Madrid:20261102T090000', 'STATUS:CANCELLED'],
      ...['DTSTART;TZID=Europe/Madrid:20261102T090000', 'DURATION:PT1H'],
    );
    expect(spans(series, moved, off)).toEqual([
      '2026-10-27T12:00 2026-10-27T12:30',
      '2026-11-09T09:00 2026-11-09T10:00',
    ]);
  });

  test('what one series changed, another of the same hour keeps', () => {
    const series = event(...weekly, 'RRULE:FREQ=WEEKLY;COUNT=3');
    const off = event(
      ...['UID:b', 'RECURRENCE-ID;TZID=Europe/Madrid:20261026T090000', 'STATUS:CANCELLED'],
      ...['DTSTART;TZID=Europe/Madrid:20261026T090000', 'DURATION:PT1H'],
    );
    const { entries } = read(series, series.replace('UID:a', 'UID:b'), off);
    expect(entries.map((each) => each.from)).toEqual(['2026-10-26T09:00']);
  });

  test('without an end go as far as a rota does', () => {
    const { entries } = read(event(...weekly, 'RRULE:FREQ=WEEKLY'));
    expect(entries).toHaveLength(53);
    expect(entries.at(-1)?.from).toBe('2027-10-25T09:00');
  });
});

describe('what isn’t taken, by event', () => {
  const good = event('UID:b', 'DTSTART:20261026T080000Z', 'DTEND:20261026T100000Z');
  test.each([
    ['uid', ['DTSTART:20261026T080000Z', 'DTEND:20261026T100000Z']],
    ['times', ['UID:a', 'SUMMARY:No times']],
    ['times', ['UID:a', 'DTSTART:20261026T100000Z', 'DTEND:20261026T080000Z']],
    ['times', ['UID:a', 'DTSTART:tomorrow', 'DTEND:later']],
    ['zone', ['UID:a', 'DTSTART;TZID=Neverland:20261026T080000', 'DURATION:PT1H']],
    ['long', ['UID:a', 'DTSTART;VALUE=DATE:20261026', 'DTEND;VALUE=DATE:20280101']],
    ['many', ['UID:a', 'DTSTART:20261026T080000Z', 'DURATION:PT1M', 'RRULE:FREQ=DAILY;BYHOUR=8,9']],
    ['many', ['UID:a', 'DTSTART:19700101T080000Z', 'DURATION:PT1S', 'RRULE:FREQ=DAILY']],
    ['times', ['UID:a', 'DTSTART:20000101T080000Z', 'DURATION:PT1S', 'RRULE:FREQ=SECONDLY']],
  ])('%s: %j', (reason, lines) => {
    const found = read(event(...lines, 'SUMMARY:Dentist'), good);
    expect(found.left.map((each) => each.why)).toEqual([reason]);
    expect(found.entries).toHaveLength(1);
  });

  test('a rule that never comes true ends', () => {
    const never = ['UID:a', 'DTSTART:20261026T080000Z', 'DURATION:PT1H'];
    const rule = 'RRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31';
    expect(spans(event(...never, rule)).length).toBeLessThan(3);
  });

  test.each([
    'DAILY;BYMONTHDAY=-1',
    'DAILY;BYMONTH=2;BYMONTHDAY=30',
    'DAILY;BYDAY=3MO',
    'DAILY;INTERVAL=1000000000',
    'MONTHLY;BYMONTH=2;BYMONTHDAY=30',
    'MONTHLY;INTERVAL=12;BYMONTH=2',
    'YEARLY;BYMONTH=2;BYMONTHDAY=30;BYDAY=MO',
    'YEARLY;BYMONTH=4;BYDAY=MO;BYSETPOS=9',
  ])('a rule that might be looked through for ever: %s', (rule) => {
    const lines = ['UID:a', 'DTSTART:20260326T080000Z', 'DURATION:PT1H', `RRULE:FREQ=${rule}`];
    expect(read(event(...lines), good)).toMatchObject({
      ...{ left: [{ why: 'times' }], entries: [{ from: '2026-10-26T09:00' }] },
    });
  });

  test.each([
    'DAILY;BYDAY=MO',
    'WEEKLY;BYDAY=MO;INTERVAL=2',
    'YEARLY;BYMONTH=4;BYDAY=MO;BYSETPOS=1',
  ])('but not what people write: %s', (rule) => {
    const lines = ['UID:a', 'DTSTART:20260406T080000Z', 'DURATION:PT1H', `RRULE:FREQ=${rule}`];
    const { left, entries } = read(event(...lines));
    expect(left).toEqual([]);
    expect(entries.length).toBeGreaterThan(0);
  });

  test('a file of more events than anybody has is none', () => {
    expect(readCalendar(file(...Array<string>(5001).fill(good)), HOW)).toBeNull();
  });

  test('a whole day is no shift', () => {
    const day = event('UID:a', 'DTSTART;VALUE=DATE:20261026');
    const found = readCalendar(file(day, good), { ...HOW, as: 'shift' });
    expect(found?.left.map((each) => each.why)).toEqual(['long']);
    expect(found?.entries).toHaveLength(1);
  });

  test('an event that is cancelled brings nothing, and takes back what it brought', () => {
    const { entries, uids } = read(
      event('UID:a', 'STATUS:CANCELLED', 'DTSTART:20261026T080000Z', 'DURATION:PT1H'),
    );
    expect([entries.length, uids.length]).toEqual([0, 1]);
  });

  test('what is no calendar', () => {
    for (const text of ['', 'hello', '<html>', 'BEGIN:VCARD\r\nEND:VCARD\r\n', 'BEGIN:VCALENDAR'])
      expect(readCalendar(text, HOW)?.entries ?? []).toEqual([]);
  });
});
