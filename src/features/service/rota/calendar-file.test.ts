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

  test('a whole day is one of the office’s, on the day of 25 hours too', () => {
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

  test('of dates alone begin with the event’s own (3.8.5.2)', () => {
    const dates = ['UID:a', 'DTSTART:20261026T080000Z', 'DURATION:PT1H', 'RDATE:20261028T090000Z'];
    expect(spans(event(...dates))).toEqual([
      '2026-10-26T09:00 2026-10-26T10:00',
      '2026-10-28T10:00 2026-10-28T11:00',
    ]);
    expect(spans(event(...dates, 'EXDATE:20261026T080000Z'))).toHaveLength(1);
  });

  test('go on when the first is moved beyond any rota', () => {
    const series = event(
      ...['UID:a', 'DTSTART;TZID=Europe/Madrid:20261026T090000', 'DURATION:PT1H'],
      'RRULE:FREQ=WEEKLY;COUNT=3',
    );
    const moved = event(
      ...['UID:a', 'RECURRENCE-ID;TZID=Europe/Madrid:20261026T090000'],
      ...['DTSTART;TZID=Europe/Madrid:20290101T090000', 'DURATION:PT1H'],
    );
    expect(spans(series, moved)).toEqual([
      '2026-11-02T09:00 2026-11-02T10:00',
      '2026-11-09T09:00 2026-11-09T10:00',
    ]);
  });

  test('one that was moved here from afar, with or without its series', () => {
    const series = event(...weekly, 'RRULE:FREQ=WEEKLY;UNTIL=20261019T070000Z');
    const moved = event(
      ...['UID:a', 'RECURRENCE-ID;TZID=Europe/Madrid:20261012T090000'],
      ...['DTSTART;TZID=Europe/Madrid:20261103T120000', 'DURATION:PT30M'],
    );
    for (const each of [[series, moved], [moved]])
      expect(spans(...each)).toEqual(['2026-11-03T12:00 2026-11-03T12:30']);
  });

  test.each([
    ['Europe/Madrid', ''],
    ['Romance Standard Time', ROMANCE],
  ])('with exceptions and an end in UTC, in the zone %s', (zone, more) => {
    // 9:00 is 7:00 UTC up to 25 October, then 8:00 UTC.
    const series = event(
      ...['UID:a', `DTSTART;TZID=${zone}:20261022T090000`, 'DURATION:PT1H'],
      'RRULE:FREQ=WEEKLY;UNTIL=20261119T080000Z',
      ...['EXDATE:20261022T070000Z', 'EXDATE;VALUE=DATE:20261112'],
    );
    const off = event(
      ...['UID:a', 'RECURRENCE-ID:20261105T080000Z', 'STATUS:CANCELLED'],
      ...['DTSTART:20261105T080000Z', 'DURATION:PT1H'],
    );
    expect(spans(...(more ? [more] : []), series, off)).toEqual([
      '2026-10-29T09:00 2026-10-29T10:00',
      '2026-11-19T09:00 2026-11-19T10:00',
    ]);
  });

  test('up to a day have that day’s too', () => {
    const days = (until: string) =>
      read(event(...weekly, `RRULE:FREQ=WEEKLY;UNTIL=${until}`)).entries.map(({ from }) => from);
    expect(days('20261102')).toEqual(['2026-10-26T09:00', '2026-11-02T09:00']);
    expect(days('20261101')).toEqual(['2026-10-26T09:00']);
  });

  test('all of them later and longer from one on, but for what was changed by itself', () => {
    const series = event(...weekly, 'RRULE:FREQ=WEEKLY;COUNT=6');
    const later = event(
      ...['UID:a', 'RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Madrid:20261102T090000'],
      ...['DTSTART;TZID=Europe/Madrid:20261103T100000', 'DURATION:PT2H'],
    );
    const off = event(
      ...['UID:a', 'RECURRENCE-ID;TZID=Europe/Madrid:20261109T090000', 'STATUS:CANCELLED'],
      ...['DTSTART;TZID=Europe/Madrid:20261109T090000', 'DURATION:PT1H'],
    );
    expect(spans(series, later, off)).toEqual([
      '2026-10-26T09:00 2026-10-26T10:00',
      '2026-11-03T10:00 2026-11-03T12:00',
      '2026-11-17T10:00 2026-11-17T12:00',
    ]);
  });

  test('without an end go as far as a rota does', () => {
    const { entries } = read(event(...weekly, 'RRULE:FREQ=WEEKLY'));
    expect(entries).toHaveLength(53);
    expect(entries.at(-1)?.from).toBe('2027-10-25T09:00');
  });
});

describe('what the diary marks as free (TRANSP)', () => {
  const weekly = [
    'UID:a',
    'DTSTART:20261026T080000Z',
    'DURATION:PT1H',
    'RRULE:FREQ=WEEKLY;COUNT=2',
  ];
  const second = ['UID:a', 'RECURRENCE-ID:20261102T080000Z', 'DTSTART:20261102T080000Z'];

  test('is no absence, and takes back what it brought; it is said how many', () => {
    const over = event('UID:b', 'DTSTART:20261001T080000Z', 'DURATION:PT1H', 'TRANSP:TRANSPARENT');
    const found = read(event(...weekly, 'TRANSP:TRANSPARENT'), over);
    expect(found).toMatchObject({ entries: [], left: [], free: 1 });
    expect(found.uids).toHaveLength(2);
    expect(read(event(...weekly, 'TRANSP:OPAQUE'))).toMatchObject({ free: 0 });
    const shifts = readCalendar(file(event(...weekly, 'TRANSP:TRANSPARENT')), {
      ...HOW,
      as: 'shift',
    });
    expect(shifts?.entries).toHaveLength(2);
  });

  test('is so by each changed occurrence’s own word; who says nothing is busy', () => {
    const busy = event(...second, 'DURATION:PT1H');
    const free = event(...second, 'DURATION:PT1H', 'TRANSP:TRANSPARENT');
    expect(spans(event(...weekly, 'TRANSP:TRANSPARENT'), busy)).toEqual([
      '2026-11-02T09:00 2026-11-02T10:00',
    ]);
    expect(spans(event(...weekly), free)).toEqual(['2026-10-26T09:00 2026-10-26T10:00']);
  });
});

describe('what would hang the process', () => {
  const zone = (rule: string) =>
    ROMANCE.replaceAll('Romance Standard Time', 'Custom Zone')
      .replaceAll(/RRULE:.*/g, `RRULE:${rule}`)
      .replaceAll('16010101', '19700101');
  const custom = ['UID:a', 'DTSTART;TZID=Custom Zone:20261026T080000', 'DURATION:PT1H'];

  test.each(['FREQ=SECONDLY', 'FREQ=HOURLY', 'FREQ=DAILY'])('a zone by the rule %s', (rule) => {
    expect(read(zone(rule), event(...custom)).left.map((each) => each.why)).toEqual(['zone']);
    // Not even where a name says which zone it is, and only comparing would look.
    const named = zone(rule).replace('Custom Zone', 'Europe/Madrid');
    const weekly = ['RRULE:FREQ=WEEKLY;COUNT=2', 'EXDATE:20261102T070000Z'];
    const lines = custom.map((each) => each.replace('Custom Zone', 'Europe/Madrid'));
    expect(spans(named, event(...lines, ...weekly))).toEqual(['2026-10-26T08:00 2026-10-26T09:00']);
  });

  test.each(['P99999999W', 'P99999999999999W', 'P99999999999999D', 'PT99999999999999S'])(
    'an event of %s',
    (duration) => {
      const lines = ['UID:a', 'DTSTART:20261026T080000Z', `DURATION:${duration}`];
      for (const more of [[], ['RRULE:FREQ=WEEKLY;COUNT=2']])
        expect(read(event(...lines, ...more)).left.map((each) => each.why)).toEqual(['long']);
      const series = event('UID:a', lines[1]!, 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=2');
      const later = event('RECURRENCE-ID;RANGE=THISANDFUTURE:20261102T080000Z', ...lines);
      expect(read(series, later).left.map((each) => each.why)).toEqual(['long']);
    },
  );

  test('more exceptions or rules than an event has', () => {
    const dates = Array<string>(30_001).fill('20261026T080000Z').join(',');
    const lines = [
      'UID:a',
      'DTSTART:20261026T080000Z',
      'DURATION:PT1H',
      'RRULE:FREQ=DAILY;COUNT=2',
    ];
    const rules = Array<string>(4).fill('RRULE:FREQ=DAILY;COUNT=2');
    for (const more of [[`EXDATE:${dates}`], [`RDATE:${dates}`], rules])
      expect(read(event(...lines, ...more)).left.map((each) => each.why)).toEqual(['many']);
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
    'YEARLY;BYMONTH=4;BYDAY=2MO;BYSETPOS=5',
    'YEARLY;BYMONTH=4;BYDAY=9MO',
    'YEARLY;BYWEEKNO=20',
    'YEARLY;BYYEARDAY=100;BYDAY=1MO',
    'MONTHLY;BYDAY=MO;BYSETPOS=0',
    'MONTHLY;BYDAY=-5FR;BYSETPOS=-5',
    'MONTHLY;INTERVAL=48;BYDAY=5MO',
    'WEEKLY;INTERVAL=1000',
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
    'MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'MONTHLY;BYDAY=5MO',
    'MONTHLY;INTERVAL=2;BYDAY=-1MO',
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
