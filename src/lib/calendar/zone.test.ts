import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import { describedZone, namedZone } from './zone.ts';

const NOW = Temporal.Instant.from('2026-10-21T06:00:00Z');
type Part = [kind: string, start: string, from: string, to: string, ...lines: string[]];

const described = (...parts: Part[]) => {
  const lines = parts.flatMap(([kind, start, from, to, ...more]) => [
    ...[`BEGIN:${kind}`, `DTSTART:${start}`, `TZOFFSETFROM:${from}`, `TZOFFSETTO:${to}`, ...more],
    `END:${kind}`,
  ]);
  const text = ['BEGIN:VTIMEZONE', 'TZID:Z', ...lines, 'END:VTIMEZONE'].join('\r\n');
  return describedZone(new ICAL.Component(ICAL.parse(text)), NOW);
};
const at = (zone: ReturnType<typeof described>, wall: string) =>
  `${zone?.instantOf(Temporal.PlainDateTime.from(wall))}`;

/** The standard time of Madrid, since 1601. */
const WINTER: Part = [
  ...(['STANDARD', '16010101T030000', '+0200', '+0100'] as const),
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
];
const SUMMER: Part = [
  ...(['DAYLIGHT', '16010101T020000', '+0100', '+0200'] as const),
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
];

describe('a zone as a file describes it', () => {
  test.each([
    ['2026-07-01T12:00', '2026-07-01T10:00:00Z'],
    ['2026-12-01T12:00', '2026-12-01T11:00:00Z'],
    // The clocks go back on 25 October at 3: 2:30 occurs twice, and the first is meant.
    ['2026-10-25T02:30', '2026-10-25T00:30:00Z'],
    ['2026-10-25T03:00', '2026-10-25T02:00:00Z'],
    // The clocks go forward on 28 March at 2: 2:30 is read by the earlier offset.
    ['2027-03-28T02:30', '2027-03-28T01:30:00Z'],
    ['2027-03-28T03:00', '2027-03-28T01:00:00Z'],
  ])('%s is %s, as in the named zone', (wall, instant) => {
    const zone = described(WINTER, SUMMER);
    for (const each of [zone, namedZone('Europe/Madrid')]) expect(at(each, wall)).toBe(instant);
    const back = Temporal.Instant.from(instant);
    expect(zone?.wallOf(back)).toEqual(namedZone('Europe/Madrid')?.wallOf(back));
  });

  test('is read south of the equator, where the year begins in summer', () => {
    const zone = described(
      ['STANDARD', '20080406T030000', '+1100', '+1000', 'RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU'],
      ['DAYLIGHT', '20081005T020000', '+1000', '+1100', 'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU'],
    );
    expect(at(zone, '2027-01-10T12:00')).toBe('2027-01-10T01:00:00Z');
    expect(at(zone, '2027-06-10T12:00')).toBe('2027-06-10T02:00:00Z');
  });

  test('is read when its last change of the clocks has passed, with the end of a rule or with a date', () => {
    const ended = described(
      [
        ...(['STANDARD', '19961027T040000', '+0300', '+0200'] as const),
        'RRULE:FREQ=YEARLY;UNTIL=20151025T010000Z;BYMONTH=10;BYDAY=-1SU',
      ],
      [
        ...(['DAYLIGHT', '19970330T030000', '+0200', '+0300'] as const),
        'RRULE:FREQ=YEARLY;UNTIL=20150329T010000Z;BYMONTH=3;BYDAY=-1SU',
      ],
    );
    expect(at(ended, '2026-07-01T12:00')).toBe('2026-07-01T10:00:00Z');
    const once = described(
      ['STANDARD', '20000101T000000', '+0100', '+0100'],
      ['STANDARD', '20100101T000000', '+0100', '+0300', 'RDATE:20261101T000000'],
    );
    expect(at(once, '2026-10-30T12:00')).toBe('2026-10-30T09:00:00Z');
  });

  test('is read with a rule for the first Sunday on or after the eighth', () => {
    const zone = described(
      ['STANDARD', '20001101T000000', '+0100', '+0000', 'RRULE:FREQ=YEARLY'],
      [
        ...(['DAYLIGHT', '20000312T020000', '+0000', '+0100'] as const),
        'RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU',
      ],
    );
    // 14 March 2027 is a Sunday.
    expect(at(zone, '2027-03-13T12:00')).toBe('2027-03-13T12:00:00Z');
    expect(at(zone, '2027-03-14T12:00')).toBe('2027-03-14T11:00:00Z');
  });

  test.each([
    'FREQ=SECONDLY',
    'FREQ=HOURLY',
    'FREQ=DAILY',
    'FREQ=YEARLY;INTERVAL=2;BYMONTH=10;BYDAY=-1SU',
    'FREQ=YEARLY;COUNT=9;BYMONTH=10;BYDAY=-1SU',
    'FREQ=YEARLY;BYMONTH=1,2,3',
    'FREQ=YEARLY;BYDAY=SU',
    'FREQ=YEARLY;BYHOUR=1,2,3',
  ])('is refused with the rule %s', (rule) => {
    expect(
      described(['STANDARD', '19700101T000000', '+0100', '+0200', `RRULE:${rule}`]),
    ).toBeNull();
  });

  test('is refused with too many dates and parts', () => {
    const part: Part = ['STANDARD', '20000101T000000', '+0100', '+0100'];
    expect(described(...Array<Part>(101).fill(part))).toBeNull();
    const dates = Array<string>(101).fill('20010101T000000').join(',');
    expect(described([...part, `RDATE:${dates}`])).toBeNull();
    expect(described()).toBeNull();
  });
});
