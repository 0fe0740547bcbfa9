/**
 * Cases whose answers other booking systems have settled: RDV Service Public (`RDV`), Cal.com
 * (`Cal`), Nextcloud Calendar (`NC`) and the NHS's appointments (`NHS`). Where their rules differ
 * from ours, their case is not here.
 */
import { describe, expect, it } from 'vitest';
import type { Absence, Shift } from '../../../domain/rota.ts';
import { findSlots, instantOf, mergeIntervals } from './rules.ts';
import type { SlotPolicy } from './types.ts';

interface Oracle {
  zone?: string;
  /** `YYYY-MM-DD` or `from/to`. */
  days: string;
  now?: string;
  hours: readonly string[];
  weekdays?: readonly number[];
  since?: string;
  duration: number;
  policy?: Partial<SlotPolicy>;
  absences?: readonly Absence[];
  busy?: readonly string[];
  closed?: readonly string[];
}

/** Starts as local `YYYY-MM-DDTHH:MM±hh:mm`. */
function answer(o: Oracle): string[] {
  const zone = o.zone ?? 'Europe/Paris';
  const [from = '', to = from] = o.days.split('/');
  const shifts: Shift[] = o.hours.map((hours) => ({
    weekdays: o.weekdays ?? [1, 2, 3, 4, 5, 6, 7],
    from: hours.slice(0, 5),
    to: hours.slice(6),
    since: o.since ?? from,
  }));
  const desk = {
    id: 1,
    code: 'a',
    skills: 'all',
    languages: ['fr'],
    channels: ['phone'],
  } as const;
  const rota = {
    timeZone: zone,
    desks: [{ ...desk, shifts, absences: o.absences ?? [] }],
    isClosed: (day: string) => (o.closed ?? []).includes(day),
  };
  const minute = (local: string) =>
    Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds / 60_000;
  const busy = (o.busy ?? []).flatMap((text) => text.split('/').map(minute));
  const policy: SlotPolicy = {
    leadMinutes: 0,
    horizonDays: 60,
    buffer: 0,
    starts: 'packed',
    ...o.policy,
  };
  const query = {
    procedure: 'p',
    channel: 'phone',
    language: 'fr',
    duration: o.duration,
    from,
    to,
  };
  const now = Temporal.PlainDateTime.from(o.now ?? `${from}T00:00`).toZonedDateTime(zone);
  return findSlots(rota, policy, query, new Map([[1, mergeIntervals(busy)]]), now.toInstant())
    .map(({ start }) => instantOf(start).toZonedDateTimeISO(zone).toString())
    .map((text) => text.slice(0, 16) + text.slice(19, 25));
}

const times = (o: Oracle) => answer(o).map((start) => start.slice(11, 16));

describe('RDV', () => {
  const days = '2021-05-03';
  const hour = { days, duration: 60 };
  const grid = { starts: 'grid' } as const;

  it('09:00-11:20, 60 min: 09, 10', () => {
    expect(times({ ...hour, hours: ['09:00-11:20'] })).toEqual(['09:00', '10:00']);
    expect(times({ ...hour, hours: ['09:00-11:20'], policy: grid })).toEqual(['09:00', '10:00']);
  });

  it('the same, 25 min', () => {
    expect(times({ days, duration: 25, hours: ['09:00-11:20'] })).toEqual([
      '09:00',
      '09:25',
      '09:50',
      '10:15',
      '10:40',
    ]);
  });

  it('an appointment and an absence over one another leave 10:00', () => {
    const absences = [{ from: '2021-05-03T09:15', to: '2021-05-03T09:45' }];
    const busy = ['2021-05-03T09:00/2021-05-03T10:00'];
    expect(times({ ...hour, hours: ['09:00-11:00'], absences, busy })).toEqual(['10:00']);
  });

  it('an opening that has begun gives its rest', () => {
    const c = { days: '2021-04-30', duration: 60, hours: ['07:00-11:00'], now: '2021-04-30T08:00' };
    expect(answer(c)[0]).toBe('2021-04-30T08:00+02:00');
  });

  it('at 15:03, openings in any order, the first start is 15:05', () => {
    const hours = ['09:00-12:00', '18:00-20:00', '14:00-17:00'];
    expect(times({ ...hour, hours, now: '2021-05-03T15:03' })).toEqual(['15:05', '18:00', '19:00']);
  });

  it('only the future of days asked for since the day before yesterday', () => {
    const c = { days: '2022-07-11/2022-07-20', hours: ['09:00-11:00'], weekdays: [1, 2, 3] };
    const found = answer({ ...c, duration: 60, now: '2022-07-13T00:00' });
    expect(found.slice(0, 3)).toEqual([
      '2022-07-13T09:00+02:00',
      '2022-07-13T10:00+02:00',
      '2022-07-18T09:00+02:00',
    ]);
    expect(
      answer({ ...c, days: '2022-07-03/2022-07-10', duration: 60, now: '2022-07-13T00:00' }),
    ).toEqual([]);
  });

  it('weekdays 10-18, Monday 15:34, a day of lead: Tuesday 16:00', () => {
    for (const starts of ['grid', 'packed'] as const) {
      const found = answer({
        days: '2020-10-19/2020-10-26',
        hours: ['10:00-18:00'],
        weekdays: [1, 2, 3, 4, 5],
        now: '2020-10-19T15:34',
        duration: 60,
        policy: { leadMinutes: 24 * 60, starts },
      });
      expect(found[0]).toBe('2020-10-20T16:00+02:00');
    }
  });

  it('a morning and an afternoon by the hour', () => {
    const hours = ['09:00-12:00', '14:00-18:00'];
    expect(times({ days: '2021-04-30', duration: 60, hours })).toEqual(
      ['09', '10', '11', '14', '15', '16', '17'].map((h) => `${h}:00`),
    );
  });

  it('ten minutes after each of thirty', () => {
    const hours = ['09:00-12:00', '14:00-18:00'];
    expect(times({ days: '2021-04-30', duration: 30, hours, policy: { buffer: 10 } })).toEqual(
      '09:00 09:40 10:20 11:00 14:00 14:40 15:20 16:00 16:40 17:20'.split(' '),
    );
  });

  it('two hours and an hour after, 09:00-12:00: still 09:00', () => {
    const c = { days: '2021-04-30', duration: 120, hours: ['09:00-12:00'] };
    expect(times({ ...c, policy: { buffer: 60 } })).toEqual(['09:00']);
  });

  it('an opening too short gives nothing', () => {
    expect(times({ days: '2021-04-30', duration: 30, hours: ['09:00-09:15'] })).toEqual([]);
  });

  it('an appointment that begins before the opening', () => {
    const busy = ['2021-10-27T08:30/2021-10-27T09:15'];
    const c = { days: '2021-10-27', hours: ['09:00-11:00'], busy };
    expect(times({ ...c, duration: 45 })).toEqual(['09:15', '10:00']);
    const two = [...busy, '2021-10-27T09:45/2021-10-27T10:30'];
    expect(times({ ...c, busy: two, duration: 30 })).toEqual(['09:15', '10:30']);
  });

  it('two absences leave 09:30-09:45 and 10:45-11:00', () => {
    const absences = [
      { from: '2021-10-27T08:30', to: '2021-10-27T09:30' },
      { from: '2021-10-27T09:45', to: '2021-10-27T10:45' },
    ];
    const c = { days: '2021-10-27', hours: ['09:00-11:00'], absences };
    expect(times({ ...c, duration: 15 })).toEqual(['09:30', '10:45']);
    expect(times({ ...c, duration: 16 })).toEqual([]);
  });

  it('Monday, Tuesday, Thursday and Friday since a Tuesday', () => {
    const c = { days: '2021-10-25/2021-10-30', hours: ['09:00-11:00'], weekdays: [1, 2, 4, 5] };
    expect(answer({ ...c, since: '2021-10-26', duration: 120 }).map((s) => s.slice(8, 10))).toEqual(
      ['26', '28', '29'],
    );
  });

  it('the week of Christmas without Christmas', () => {
    const c = { days: '2024-12-23/2024-12-27', hours: ['09:00-11:00'], closed: ['2024-12-25'] };
    expect(answer({ ...c, duration: 120 }).map((s) => s.slice(8, 10))).toEqual([
      '23',
      '24',
      '26',
      '27',
    ]);
  });
});

describe('Cal', () => {
  const open = { zone: 'UTC', hours: ['00:00-24:00'], policy: { starts: 'grid' } } as const;
  const next = { ...open, days: '2021-06-21', now: '2021-06-20T11:59:59' } as const;

  it('24 hours in an empty day, also of half an hour every hour', () => {
    expect(answer({ ...next, duration: 60 })).toHaveLength(24);
    const half = { ...next, duration: 30, policy: { starts: 'grid', step: 60 } } as const;
    expect(answer(half)).toHaveLength(24);
  });

  it('12 hours left of today one second before noon', () => {
    expect(answer({ ...next, days: '2021-06-20', duration: 60 })).toHaveLength(12);
  });

  it('11 hours of tomorrow after 1500 minutes of notice', () => {
    const policy = { starts: 'grid', leadMinutes: 1500 } as const;
    expect(answer({ ...next, duration: 60, policy })).toHaveLength(11);
  });

  it('72 times 20 minutes in a day, 71 in one that is 15 minutes shorter', () => {
    expect(answer({ ...next, duration: 20 })).toHaveLength(72);
    expect(answer({ ...next, hours: ['00:00-23:45'], duration: 20 })).toHaveLength(71);
  });

  it('several ranges, and ranges that overlap', () => {
    const c = { ...next, duration: 20 };
    expect(answer({ ...c, hours: ['11:00-12:00', '14:00-15:00'] })).toHaveLength(6);
    expect(answer({ ...c, hours: ['11:00-12:00', '11:20-12:40'] })).toHaveLength(5);
  });

  it('five, eight and ten minutes', () => {
    expect(answer({ ...next, hours: ['07:00-07:05', '07:10-07:30'], duration: 5 })).toHaveLength(5);
    expect(times({ ...next, hours: ['07:22-08:00'], duration: 8 })).toEqual([
      '07:22',
      '07:30',
      '07:38',
      '07:46',
    ]);
    expect(answer({ ...next, hours: ['00:10-02:00'], duration: 10 })).toHaveLength(11);
  });

  it('the last quarter of an hour of the day', () => {
    const c = { zone: 'Europe/Brussels', days: '2023-07-13', duration: 15 };
    const found = answer({ ...c, hours: ['09:00-17:00', '20:30-23:00'] });
    expect(found.at(-1)).toBe('2023-07-13T22:45+02:00');
  });

  it('busy 10:00-10:10 on a grid of hours', () => {
    const c = { zone: 'America/Los_Angeles', days: '2024-09-12', hours: ['08:00-12:30'] };
    const busy = ['2024-09-12T10:00/2024-09-12T10:10'];
    expect(times({ ...c, busy, duration: 60, policy: { starts: 'grid' } })).toEqual([
      '08:00',
      '09:00',
      '11:00',
    ]);
  });

  it('New York 09-17 after its clock went back', () => {
    const c = { zone: 'America/New_York', days: '2023-11-05/2023-11-30', hours: ['09:00-17:00'] };
    const found = answer({ ...c, weekdays: [1, 2, 3, 4, 5], duration: 480 });
    expect(found).toHaveLength(19);
    expect(found[0]).toBe('2023-11-06T09:00-05:00');
    expect(found.at(-1)).toBe('2023-11-30T09:00-05:00');
  });

  it('New York 08-17 every day of the month in which its clock goes back', () => {
    const c = { zone: 'America/New_York', days: '2023-11-01/2023-11-30', hours: ['08:00-17:00'] };
    const found = answer({ ...c, duration: 540 });
    expect(found.slice(0, 4).every((start) => start.endsWith('T08:00-04:00'))).toBe(true);
    expect(found.slice(4)).toHaveLength(26);
    expect(found.slice(4).every((start) => start.endsWith('T08:00-05:00'))).toBe(true);
  });

  it('London 08-17 on the last day of the month in which its clock goes back', () => {
    const c = { zone: 'Europe/London', days: '2023-10-24/2023-10-31', hours: ['08:00-17:00'] };
    expect(answer({ ...c, duration: 540 }).at(-1)).toBe('2023-10-31T08:00+00:00');
  });
});

describe('NC', () => {
  const quarters = { zone: 'UTC', days: '2021-11-22', duration: 60, policy: { step: 15 } };

  it('none, one, three and two hours every quarter', () => {
    expect(answer({ ...quarters, hours: [] })).toEqual([]);
    expect(answer({ ...quarters, hours: ['00:00-00:30'] })).toEqual([]);
    expect(answer({ ...quarters, hours: ['00:00-01:00'] })).toHaveLength(1);
    expect(answer({ ...quarters, hours: ['00:00-01:30'] })).toHaveLength(3);
    expect(answer({ ...quarters, hours: ['00:00-01:00', '01:40-02:40'] })).toHaveLength(2);
  });

  it('Vienna, a Monday of 08-12 and 14-18', () => {
    const c = { zone: 'Europe/Vienna', days: '2021-11-22', hours: ['08:00-12:00', '14:00-18:00'] };
    expect(answer({ ...c, duration: 240 })).toHaveLength(2);
  });
});

describe('NHS', () => {
  const session = { zone: 'Europe/London', days: '2025-01-01', hours: ['09:00-12:00'] };

  it('18 places of ten minutes, less what is booked', () => {
    const place = (time: string) => {
      const start = Temporal.PlainDateTime.from(`2025-01-01T${time}`);
      return `${start}/${start.add({ minutes: 10 })}`;
    };
    const c = { ...session, duration: 10, policy: { starts: 'grid' } as const };
    expect(answer(c)).toHaveLength(18);
    expect(answer({ ...c, busy: ['09:10', '09:20', '09:30'].map(place) })).toHaveLength(15);
    expect(answer({ ...c, busy: ['09:10', '09:10'].map(place) })).toHaveLength(17);
  });
});
