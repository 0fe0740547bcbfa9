import { describe, expect, test } from 'vitest';
import { hoursOf, piecesOf, presenceOf, without } from './rules.ts';
import type { Booked } from './types.ts';

const ZONE = 'Europe/Madrid';
const DAY = Temporal.PlainDate.from('2026-11-30'); // a Monday
const at = (time: string, day = DAY) =>
  day.toZonedDateTime({ timeZone: ZONE, plainTime: time }).toInstant();
const open = { timeZone: ZONE, isClosed: (_day: string) => false };
const shift = (from: string, to: string, more = {}) => ({
  weekdays: [1],
  from,
  to,
  since: '2026-01-01',
  ...more,
});
const said = (some: readonly { from: Temporal.Instant; to: Temporal.Instant }[]) =>
  some.map(({ from, to }) =>
    [from, to]
      .map((each) => each.toZonedDateTimeISO(ZONE).toPlainTime().toString().slice(0, 5))
      .join('–'),
  );

const entry = (start: string, end: string, more: Partial<Booked> = {}): Booked => ({
  start: at(start),
  end: at(end),
  status: 'booked',
  dueAt: at(start),
  ...more,
});

describe('when a desk works', () => {
  const on = (
    shifts: ReturnType<typeof shift>[],
    absences: { from: string; to: string }[] = [],
    rota = open,
  ) => presenceOf({ shifts, absences }, rota, DAY);

  test('its shifts of that weekday, while they hold', () => {
    const some = [
      shift('15:00', '18:00'),
      shift('09:00', '14:00'),
      shift('08:00', '09:00', { weekdays: [2] }),
      shift('08:00', '09:00', { since: '2026-12-01' }),
      shift('08:00', '09:00', { until: '2026-11-29' }),
      shift('20:00', '21:00', { until: '2026-11-30' }),
    ];
    expect(said(on(some).shifts)).toEqual(['09:00–14:00', '15:00–18:00', '20:00–21:00']);
  });

  test('over midnight, as much as is of the day', () => {
    expect(said(on([shift('22:00', '02:00', { weekdays: [7, 1] })]).shifts)).toEqual([
      '00:00–02:00',
      '22:00–00:00',
    ]);
    expect(said(on([shift('20:00', '24:00')]).shifts)).toEqual(['20:00–00:00']);
    expect(said(on([shift('08:00', '08:00')]).shifts)).toEqual(['08:00–00:00']);
  });

  test('not in a day that is closed', () => {
    expect(
      on([shift('09:00', '14:00')], [], { ...open, isClosed: (day) => day === '2026-11-30' }),
    ).toEqual({ shifts: [], absences: [], elsewhere: [] });
  });

  test('absences, as much as is of the day', () => {
    const absences = [
      { from: '2026-11-29T10:00', to: '2026-11-30T10:00' },
      { from: '2026-11-30T12:00', to: '2026-11-30T13:00' },
      { from: '2026-12-01T00:00', to: '2026-12-02T00:00' },
    ];
    expect(said(on([shift('09:00', '14:00')], absences).absences)).toEqual([
      '00:00–10:00',
      '12:00–13:00',
    ]);
  });
});

test('a connected calendar is busy only within the shifts, and where nobody is absent or booked', () => {
  const presence = presenceOf(
    {
      shifts: [shift('09:00', '12:00')],
      absences: [{ from: '2026-11-30T10:00', to: '2026-11-30T10:30' }],
      elsewhere: [
        { from: at('08:00'), to: at('09:30') },
        { from: at('09:15'), to: at('09:45') },
        { from: at('10:15'), to: at('11:00') },
        { from: at('11:50'), to: at('14:00') },
      ],
    },
    open,
    DAY,
  );
  expect(said(presence.elsewhere)).toEqual(['09:00–09:45', '10:30–11:00', '11:50–12:00']);
  const pieces = piecesOf([entry('09:15', '09:30')], presence, null);
  expect(
    pieces.map(({ kind, at, until }) => `${kind} ${said([{ from: at, to: until }])[0]}`),
  ).toEqual([
    'elsewhere 09:00–09:15',
    'appointment 09:15–09:30',
    'elsewhere 09:30–09:45',
    'free 09:45–10:00',
    'absence 10:00–10:30',
    'elsewhere 10:30–11:00',
    'free 11:00–11:50',
    'elsewhere 11:50–12:00',
    'end 12:00–12:00',
  ]);
});

test('what is taken away leaves the rest', () => {
  const from9to14 = { from: at('09:00'), to: at('14:00') };
  const taken = [
    { from: at('08:00'), to: at('09:30') },
    { from: at('10:00'), to: at('11:00') },
    { from: at('12:00'), to: at('12:00') },
    { from: at('13:00'), to: at('15:00') },
  ];
  expect(said(without([from9to14], taken))).toEqual(['09:30–10:00', '11:00–12:00', '12:00–13:00']);
});

describe('a day’s line', () => {
  const presence = presenceOf(
    {
      shifts: [shift('09:00', '12:00')],
      absences: [{ from: '2026-11-30T11:00', to: '2026-11-30T11:30' }],
    },
    open,
    DAY,
  );
  const line = (entries: Booked[], now: string | null) =>
    piecesOf(entries, presence, now === null ? null : at(now)).map(
      ({ kind, at, until }) => `${kind} ${said([{ from: at, to: until }])[0]}`,
    );

  test('has appointments, free time, absences and the end of the shift, in order', () => {
    expect(
      line([entry('09:00', '09:15'), entry('09:20', '09:35', { status: 'fulfilled' })], null),
    ).toEqual([
      'appointment 09:00–09:15',
      'appointment 09:20–09:35', // the five minutes before are the pause after a call
      'free 09:35–11:00',
      'absence 11:00–11:30',
      'free 11:30–12:00',
      'end 12:00–12:00',
    ]);
  });

  test('says where it is now, and of the free time what is left', () => {
    expect(line([entry('09:00', '09:15')], '10:07')).toEqual([
      'appointment 09:00–09:15',
      'now 10:07–10:07',
      'free 10:07–11:00',
      'absence 11:00–11:30',
      'free 11:30–12:00',
      'end 12:00–12:00',
    ]);
  });

  test('who did not answer stands at their hour, and once more where they went', () => {
    const called = { dueAt: at('09:25') };
    const pieces = line([entry('09:00', '09:15', called), entry('09:20', '09:35')], '09:10');
    expect(pieces.slice(0, 4)).toEqual([
      'appointment 09:00–09:15',
      'now 09:10–09:10',
      'appointment 09:20–09:35',
      'again 09:25–09:25',
    ]);
    expect(line([entry('09:00', '09:15', { ...called, status: 'noshow' })], null)[1]).toBe(
      'free 09:15–11:00',
    );
  });

  test('who was cancelled frees the time', () => {
    expect(line([entry('09:00', '09:15', { status: 'cancelled' })], null)[0]).toBe(
      'free 09:00–11:00',
    );
  });

  test('now is no part of a day that ended long ago', () => {
    expect(line([], '13:01')).not.toContain('now 13:01–13:01');
    expect(line([], '12:59')).toContain('now 12:59–12:59');
    expect(line([], '07:59').join()).not.toContain('now');
  });

  test('is drawn hour by hour, to the minute', () => {
    const pieces = piecesOf([entry('09:50', '10:20'), entry('10:30', '10:45')], presence, null);
    const hours = hoursOf(pieces, ZONE).map(({ at, rest, pieces }) => ({
      at: said([{ from: at, to: at }])[0]?.slice(0, 5),
      rest: rest && `${rest.kind} ${rest.minutes}`,
      pieces: pieces.map(({ kind, before, minutes }) => `${kind} ${before} ${minutes}`),
    }));
    expect(hours).toEqual([
      { at: '09:00', rest: null, pieces: ['free 0 50', 'appointment 0 10'] },
      {
        at: '10:00',
        rest: 'appointment 20',
        pieces: ['free 0 10', 'appointment 0 15', 'free 0 15'],
      },
      { at: '11:00', rest: null, pieces: ['absence 0 30', 'free 0 30'] },
      { at: '12:00', rest: null, pieces: ['end 0 0'] },
    ]);
    expect(hoursOf([], ZONE)).toEqual([]);
  });

  test('an hour that the clocks repeat is there twice', () => {
    const day = Temporal.PlainDate.from('2026-10-25');
    const { shifts } = presenceOf(
      { shifts: [shift('01:00', '04:00', { weekdays: [7] })], absences: [] },
      open,
      day,
    );
    const hours = hoursOf(piecesOf([], { shifts, absences: [], elsewhere: [] }, null), ZONE);
    expect(hours.map(({ at }) => at.toZonedDateTimeISO(ZONE).hour)).toEqual([1, 2, 2, 3, 4]);
  });
});
