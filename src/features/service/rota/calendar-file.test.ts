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

/** A time zone as Outlook writes it: a name that is not an IANA name, and its rules. */
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

  test('a whole day is a day of the office, also the day of 25 hours', () => {
    expect(spans(event('UID:a', 'DTSTART;VALUE=DATE:20261025'))).toEqual([
      '2026-10-25T00:00 2026-10-26T00:00',
    ]);
    const days = event('UID:a', 'DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20270107');
    expect(spans(days)).toEqual(['2026-12-24T00:00 2027-01-07T00:00']);
  });
});

describe('repetitions of an event', () => {
  const weekly = ['UID:a', 'DTSTART;TZID=Europe/Madrid:20261012T090000', 'DURATION:PT1H'];

  test('keep their local time when the clocks change; exceptions and past occurrences are left out', () => {
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

  test('of another zone follow the wall clock of that zone', () => {
    const lines = ['UID:a', 'DTSTART;TZID=America/New_York:20261022T090000', 'DURATION:PT1H'];
    expect(
      spans(event(...lines, 'RRULE:FREQ=WEEKLY;COUNT=3')).map((each) => each.slice(0, 16)),
    ).toEqual(['2026-10-22T15:00', '2026-10-29T14:00', '2026-11-05T15:00']);
  });

  test('keep the changes of single occurrences: one at another time, one cancelled', () => {
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

  test('are not changed by the exception of another series at the same time', () => {
    const series = event(...weekly, 'RRULE:FREQ=WEEKLY;COUNT=3');
    const off = event(
      ...['UID:b', 'RECURRENCE-ID;TZID=Europe/Madrid:20261026T090000', 'STATUS:CANCELLED'],
      ...['DTSTART;TZID=Europe/Madrid:20261026T090000', 'DURATION:PT1H'],
    );
    const { entries } = read(series, series.replace('UID:a', 'UID:b'), off);
    expect(entries.map((each) => each.from)).toEqual(['2026-10-26T09:00']);
  });

  test('with dates only (RDATE) include the start of the event (3.8.5.2)', () => {
    const dates = ['UID:a', 'DTSTART:20261026T080000Z', 'DURATION:PT1H', 'RDATE:20261028T090000Z'];
    expect(spans(event(...dates))).toEqual([
      '2026-10-26T09:00 2026-10-26T10:00',
      '2026-10-28T10:00 2026-10-28T11:00',
    ]);
    expect(spans(event(...dates, 'EXDATE:20261026T080000Z'))).toHaveLength(1);
  });

  test('go on when the first occurrence is moved beyond the planned rota', () => {
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

  test('include an occurrence that was moved to the future, with or without its series', () => {
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
  ])('accept exceptions and an end in UTC, in the zone %s', (zone, more) => {
    // 9:00 is 7:00 UTC until 25 October, then 8:00 UTC.
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

  test('that end on a day include the occurrence of that day', () => {
    const days = (until: string) =>
      read(event(...weekly, `RRULE:FREQ=WEEKLY;UNTIL=${until}`)).entries.map(({ from }) => from);
    expect(days('20261102')).toEqual(['2026-10-26T09:00', '2026-11-02T09:00']);
    expect(days('20261101')).toEqual(['2026-10-26T09:00']);
  });

  test('move and last longer from one occurrence on, except those that were changed alone', () => {
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

  test('without an end go as far as a rota is planned', () => {
    const { entries } = read(event(...weekly, 'RRULE:FREQ=WEEKLY'));
    expect(entries).toHaveLength(53);
    expect(entries.at(-1)?.from).toBe('2027-10-25T09:00');
  });
});

describe('events that the diary marks as free (TRANSP)', () => {
  const weekly = [
    'UID:a',
    'DTSTART:20261026T080000Z',
    'DURATION:PT1H',
    'RRULE:FREQ=WEEKLY;COUNT=2',
  ];
  const second = ['UID:a', 'RECURRENCE-ID:20261102T080000Z', 'DTSTART:20261102T080000Z'];

  test('are not absences, remove earlier imported ones, and are counted', () => {
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

  test('are marked by each changed occurrence; an occurrence without the mark is busy', () => {
    const busy = event(...second, 'DURATION:PT1H');
    const free = event(...second, 'DURATION:PT1H', 'TRANSP:TRANSPARENT');
    expect(spans(event(...weekly, 'TRANSP:TRANSPARENT'), busy)).toEqual([
      '2026-11-02T09:00 2026-11-02T10:00',
    ]);
    expect(spans(event(...weekly), free)).toEqual(['2026-10-26T09:00 2026-10-26T10:00']);
  });
});

describe('files that could hang the process', () => {
  const zone = (rule: string) =>
    ROMANCE.replaceAll('Romance Standard Time', 'Custom Zone')
      .replaceAll(/RRULE:.*/g, `RRULE:${rule}`)
      .replaceAll('16010101', '19700101');
  const custom = ['UID:a', 'DTSTART;TZID=Custom Zone:20261026T080000', 'DURATION:PT1H'];

  test.each(['FREQ=SECONDLY', 'FREQ=HOURLY', 'FREQ=DAILY'])('a zone with the rule %s', (rule) => {
    expect(read(zone(rule), event(...custom)).left.map((each) => each.why)).toEqual(['zone']);
    // This also holds where the name is an IANA name, and only a comparison would read the rule.
    const named = zone(rule).replace('Custom Zone', 'Europe/Madrid');
    const weekly = ['RRULE:FREQ=WEEKLY;COUNT=2', 'EXDATE:20261102T070000Z'];
    const lines = custom.map((each) => each.replace('Custom Zone', 'Europe/Madrid'));
    expect(spans(named, event(...lines, ...weekly))).toEqual(['2026-10-26T08:00 2026-10-26T09:00']);
  });

  test.each(['P99999999W', 'P99999999999999W', 'P99999999999999D', 'PT99999999999999S'])(
    'an event that lasts %s',
    (duration) => {
      const lines = ['UID:a', 'DTSTART:20261026T080000Z', `DURATION:${duration}`];
      for (const more of [[], ['RRULE:FREQ=WEEKLY;COUNT=2']])
        expect(read(event(...lines, ...more)).left.map((each) => each.why)).toEqual(['long']);
      const series = event('UID:a', lines[1]!, 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=2');
      const later = event('RECURRENCE-ID;RANGE=THISANDFUTURE:20261102T080000Z', ...lines);
      expect(read(series, later).left.map((each) => each.why)).toEqual(['long']);
    },
  );

  test('too many exceptions or rules in an event', () => {
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

describe('events that are left out', () => {
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

  test('a rule that has no occurrence ends', () => {
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
  ])('a rule that could be searched without end: %s', (rule) => {
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
  ])('common rules are accepted: %s', (rule) => {
    const lines = ['UID:a', 'DTSTART:20260406T080000Z', 'DURATION:PT1H', `RRULE:FREQ=${rule}`];
    const { left, entries } = read(event(...lines));
    expect(left).toEqual([]);
    expect(entries.length).toBeGreaterThan(0);
  });

  test('a file with too many events is refused', () => {
    expect(readCalendar(file(...Array<string>(5001).fill(good)), HOW)).toBeNull();
  });

  test('a whole day is not a shift', () => {
    const day = event('UID:a', 'DTSTART;VALUE=DATE:20261026');
    const found = readCalendar(file(day, good), { ...HOW, as: 'shift' });
    expect(found?.left.map((each) => each.why)).toEqual(['long']);
    expect(found?.entries).toHaveLength(1);
  });

  test('a cancelled event adds nothing, and removes what it added before', () => {
    const { entries, uids } = read(
      event('UID:a', 'STATUS:CANCELLED', 'DTSTART:20261026T080000Z', 'DURATION:PT1H'),
    );
    expect([entries.length, uids.length]).toEqual([0, 1]);
  });

  test('texts that are not a calendar', () => {
    for (const text of ['', 'hello', '<html>', 'BEGIN:VCARD\r\nEND:VCARD\r\n', 'BEGIN:VCALENDAR'])
      expect(readCalendar(text, HOW)?.entries ?? []).toEqual([]);
  });
});
