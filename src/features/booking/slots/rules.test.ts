import { describe, expect, it } from 'vitest';
import type { Absence, Rota, RotaDesk, Shift } from '../../../domain/rota.ts';
import { bookableDays, desksFor, instantOf, mergeIntervals } from './rules.ts';
import { slotsWithDesks } from './testing.ts';
import type { Busy, SlotPolicy, SlotQuery } from './types.ts';

const ALL_WEEK = [1, 2, 3, 4, 5, 6, 7];

function shift(hours: string, more: Partial<Shift> = {}): Shift {
  const [from = '', to = ''] = hours.split('-');
  return { weekdays: ALL_WEEK, from, to, since: '2020-01-01', ...more };
}

function absence(from: string, to: string): Absence {
  return { from, to };
}

/** A question about one desk open 09:00–11:00 on Monday 2027-05-03 in Madrid, and its answer. */
interface Case {
  zone?: string;
  shifts?: readonly Shift[];
  absences?: readonly Absence[];
  desks?: readonly Partial<RotaDesk>[];
  closed?: readonly string[];
  policy?: Partial<SlotPolicy>;
  query?: Partial<SlotQuery>;
  /** Local `YYYY-MM-DDTHH:MM/HH:MM` of agent 1, buffer included. */
  busy?: readonly string[];
  /** Local. */
  now?: string;
}

function setting(c: Case) {
  const zone = c.zone ?? 'Europe/Madrid';
  const minute = (local: string) =>
    Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds / 60_000;
  const desk = (more: Partial<RotaDesk>, i: number): RotaDesk => ({
    id: i + 1,
    code: `taula-${i + 1}`,
    skills: 'all',
    languages: ['ca'],
    channels: ['phone'],
    shifts: c.shifts ?? [shift('09:00-11:00')],
    absences: c.absences ?? [],
    ...more,
  });
  const rota: Rota = {
    timeZone: zone,
    desks: (c.desks ?? [{}]).map(desk),
    isClosed: (day) => (c.closed ?? []).includes(day),
  };
  const policy: SlotPolicy = {
    leadMinutes: 0,
    horizonDays: 30,
    buffer: 0,
    starts: 'grid',
    ...c.policy,
  };
  const day = c.query?.from ?? '2027-05-03';
  const need = { procedure: 'padro', channel: 'phone', language: 'ca', duration: 60 };
  const query: SlotQuery = { ...need, from: day, to: day, ...c.query };
  const times = (c.busy ?? []).flatMap((text) => {
    const [from = '', to = ''] = text.split('/');
    return [minute(from), minute(`${from.slice(0, 11)}${to}`)];
  });
  const busy: Busy = new Map([[1, mergeIntervals(times)]]);
  const now = Temporal.PlainDateTime.from(c.now ?? `${day}T00:00`)
    .toZonedDateTime(zone)
    .toInstant();
  return { zone, rota, policy, query, busy, now, minute };
}

function slotsOf(c: Case) {
  const { rota, policy, query, busy, now } = setting(c);
  return slotsWithDesks(rota, policy, query, busy, now);
}

/** Local times of the starts: `HH:MM`, or `MM-DDTHH:MM` when several days are asked. */
function starts(c: Case): string {
  const { zone, query } = setting(c);
  const cut = query.from === query.to ? 11 : 5;
  return slotsOf(c)
    .map(({ start }) => instantOf(start).toZonedDateTimeISO(zone).toPlainDateTime().toString())
    .map((local) => local.slice(cut, 16))
    .join(' ');
}

/** Starts with their offsets from UTC, for days on which the clock changes. */
function offsetStarts(c: Case): string {
  const { zone } = setting(c);
  return slotsOf(c)
    .map(({ start }) => instantOf(start).toZonedDateTimeISO(zone).toString().slice(11, 25))
    .map((text) => text.replace(':00+', '+').replace(':00-', '-'))
    .join(' ');
}

const packed = { starts: 'packed' } as const;

describe('who is qualified', () => {
  it('asks for the skill, the channel and the language', () => {
    const desks: Partial<RotaDesk>[] = [
      { skills: ['obres'] },
      { skills: ['obres', 'padro'] },
      { skills: 'all', channels: ['video'] },
      { skills: 'all', languages: ['es', 'eu'] },
      { skills: 'all', languages: ['es', 'ca'], channels: ['video', 'phone'] },
    ];
    expect(slotsOf({ desks }).map((slot) => slot.desks)).toEqual([
      [2, 5],
      [2, 5],
    ]);
    expect(starts({ desks: [{ skills: [] }] })).toBe('');
  });

  it('counts at each start only those who are free then', () => {
    const desks = [{ shifts: [shift('09:00-10:00')] }, {}, { shifts: [shift('10:00-12:00')] }];
    expect(slotsOf({ desks }).map((slot) => slot.desks)).toEqual([[1, 2], [2, 3], [3]]);
    const busy = ['2027-05-03T09:30/09:40'];
    expect(slotsOf({ desks, busy }).map((slot) => slot.desks)).toEqual([[2], [2, 3], [3]]);
  });
});

describe('free time', () => {
  it('is half-open: what ends at nine leaves nine free', () => {
    expect(starts({ busy: ['2027-05-03T08:00/09:00', '2027-05-03T10:00/10:01'] })).toBe('09:00');
    expect(starts({ absences: [absence('2027-05-03T10:00', '2027-05-03T10:01')] })).toBe('09:00');
    expect(starts({ busy: ['2027-05-03T08:00/09:01'] })).toBe('10:00');
  });

  it('must hold the whole duration', () => {
    expect(starts({ query: { duration: 120 } })).toBe('09:00');
    expect(starts({ query: { duration: 121 } })).toBe('');
  });

  it('starts a shift on its weekdays, from its first day to its last', () => {
    const week = { from: '2027-05-03', to: '2027-05-09', duration: 120 };
    const shifts = [shift('09:00-11:00', { weekdays: [1, 3, 5, 7] })];
    expect(starts({ shifts, query: week })).toBe('05-03T09:00 05-05T09:00 05-07T09:00 05-09T09:00');
    const some = [shift('09:00-11:00', { since: '2027-05-05', until: '2027-05-06' })];
    expect(starts({ shifts: some, query: week })).toBe('05-05T09:00 05-06T09:00');
  });

  it('loses whole local days to closures and holidays', () => {
    const query = { from: '2027-05-03', to: '2027-05-05', duration: 120 };
    expect(starts({ query, closed: ['2027-05-04'] })).toBe('05-03T09:00 05-05T09:00');
  });

  it('loses absences, over several days too', () => {
    const query = { from: '2027-05-03', to: '2027-05-05' };
    const absences = [absence('2027-05-03T10:00', '2027-05-05T10:00')];
    expect(starts({ query, absences })).toBe('05-03T09:00 05-05T10:00');
  });

  it('joins shifts that touch or overlap, each with its own grid', () => {
    const touching = [shift('09:00-10:30'), shift('10:30-12:00')];
    expect(starts({ shifts: touching })).toBe('09:00 10:00 10:30');
    const overlapping = [shift('09:00-11:00'), shift('10:15-12:00')];
    expect(starts({ shifts: overlapping })).toBe('09:00 10:00 10:15');
    expect(starts({ shifts: [shift('09:00-11:00'), shift('09:00-12:00')] })).toBe(
      '09:00 10:00 11:00',
    );
  });
});

describe('the grid', () => {
  it('counts duration plus buffer from the start of the shift, whatever is taken', () => {
    const c = { policy: { buffer: 5 }, query: { duration: 15 } };
    expect(starts(c)).toBe('09:00 09:20 09:40 10:00 10:20 10:40');
    const busy = ['2027-05-03T09:15/09:25'];
    expect(starts({ ...c, busy })).toBe('09:40 10:00 10:20 10:40');
    const absences = [absence('2027-05-03T09:00', '2027-05-03T09:10')];
    expect(starts({ ...c, absences })).toBe('09:20 09:40 10:00 10:20 10:40');
  });

  it('keeps to a step of its own', () => {
    expect(starts({ policy: { step: 30, buffer: 5 } })).toBe('09:00 09:30 10:00');
    expect(starts({ policy: { step: 90 } })).toBe('09:00');
  });

  it('counts a shift of 24 hours and one until midnight', () => {
    const query = { duration: 360 };
    expect(starts({ shifts: [shift('06:00-24:00')], query })).toBe('06:00 12:00 18:00');
    expect(starts({ shifts: [shift('00:00-00:00')], query })).toBe('00:00 06:00 12:00 18:00');
  });
});

describe('packed starts', () => {
  it('count anew from the start of every free interval', () => {
    const c = { policy: { ...packed, buffer: 5 }, query: { duration: 15 } };
    expect(starts(c)).toBe('09:00 09:20 09:40 10:00 10:20 10:40');
    const busy = ['2027-05-03T09:20/09:33', '2027-05-03T10:00/10:05'];
    expect(starts({ ...c, busy })).toBe('09:00 09:33 10:05 10:25 10:45');
  });

  it('count from now, rounded up to five minutes, in an interval that has begun', () => {
    const c = { policy: packed, query: { duration: 30 } };
    expect(starts({ ...c, now: '2027-05-03T09:03' })).toBe('09:05 09:35 10:05');
    expect(starts({ ...c, now: '2027-05-03T09:05' })).toBe('09:05 09:35 10:05');
    expect(starts({ ...c, now: '2027-05-03T09:05:01' })).toBe('09:10 09:40 10:10');
    expect(starts({ ...c, now: '2027-05-03T09:00' })).toBe('09:00 09:30 10:00 10:30');
    const shifts = [shift('09:03-10:00')];
    expect(starts({ ...c, shifts, now: '2027-05-03T09:03' })).toBe('09:03');
    expect(starts({ ...c, shifts, now: '2027-05-03T09:03:01' })).toBe('09:05');
  });

  it('count from now and leave out what comes before the lead', () => {
    const c = { policy: { ...packed, leadMinutes: 20 }, query: { duration: 30 } };
    expect(starts({ ...c, now: '2027-05-03T09:03' })).toBe('09:35 10:05');
  });

  it('count over touching shifts as over one', () => {
    const shifts = [shift('09:00-10:00'), shift('10:00-11:30')];
    expect(starts({ shifts, policy: packed, query: { duration: 40 } })).toBe('09:00 09:40 10:20');
  });
});

describe('the buffer', () => {
  it('may run over the end of the shift', () => {
    expect(starts({ policy: { buffer: 60 }, query: { duration: 120 } })).toBe('09:00');
  });

  it('never touches busy time, within the shift or beyond it', () => {
    const c = { policy: { buffer: 10, step: 60 } };
    expect(starts({ ...c, busy: ['2027-05-03T11:10/11:30'] })).toBe('09:00 10:00');
    expect(starts({ ...c, busy: ['2027-05-03T11:09/11:30'] })).toBe('09:00');
    expect(
      starts({ ...c, policy: { ...c.policy, ...packed }, busy: ['2027-05-03T11:09/11:30'] }),
    ).toBe('09:00');
  });

  it('never touches an absence or a closed day within a shift', () => {
    const c = { policy: { buffer: 10, step: 60 } };
    expect(starts({ ...c, absences: [absence('2027-05-03T10:09', '2027-05-03T10:30')] })).toBe('');
    expect(starts({ ...c, absences: [absence('2027-05-03T10:10', '2027-05-03T10:30')] })).toBe(
      '09:00',
    );
    const shifts = [shift('22:00-02:00')];
    expect(starts({ ...c, shifts, closed: ['2027-05-04'] })).toBe('00:00 01:00 22:00');
  });

  it('is that of the policy asked with, also on a rota asked before', () => {
    const absences = [absence('2027-05-03T10:05', '2027-05-03T11:00')];
    const { rota, policy, query, busy, now } = setting({ absences, policy: { step: 60 } });
    const found = [5, 6, 5].map((buffer) =>
      slotsWithDesks(rota, { ...policy, buffer }, query, busy, now),
    );
    expect(found.map((slots) => slots.length)).toEqual([1, 0, 1]);
  });

  it('passes over an absence or a closed day that begins when the shift has ended', () => {
    const c = { policy: { buffer: 10, step: 60 } };
    expect(starts({ ...c, absences: [absence('2027-05-03T11:00', '2027-05-03T12:00')] })).toBe(
      '09:00 10:00',
    );
    const shifts = [shift('22:00-24:00')];
    expect(starts({ ...c, shifts, closed: ['2027-05-04'] })).toBe('22:00 23:00');
  });
});

describe('shifts over midnight', () => {
  const weekend = { from: '2027-05-07', to: '2027-05-08' };
  const shifts = [shift('22:00-02:00', { weekdays: [5] })];

  it('belong to the weekday on which they start', () => {
    expect(starts({ shifts, query: weekend })).toBe(
      '05-07T22:00 05-07T23:00 05-08T00:00 05-08T01:00',
    );
  });

  it('reach into a day that is asked for alone', () => {
    expect(starts({ shifts, query: { from: '2027-05-08' }, now: '2027-05-07T00:00' })).toBe(
      '00:00 01:00',
    );
    expect(starts({ shifts, query: { from: '2027-05-08' }, now: '2027-05-08T00:30' })).toBe(
      '01:00',
    );
  });

  it('give appointments that end on the next day to the day on which they start', () => {
    const query = { from: '2027-05-07', duration: 90 };
    expect(starts({ shifts, query })).toBe('22:00 23:30');
  });

  it('that start on a closed day keep their part of the open one, on the same grid', () => {
    const query = { ...weekend, duration: 45 };
    expect(starts({ shifts, query, closed: ['2027-05-07'] })).toBe('05-08T00:15 05-08T01:00');
    expect(starts({ shifts, query, closed: ['2027-05-08'] })).toBe('05-07T22:00 05-07T22:45');
  });
});

describe('lead and horizon', () => {
  it('offers what is at least the lead away, to the nanosecond', () => {
    const policy = { leadMinutes: 60 };
    expect(starts({ policy, now: '2027-05-03T09:00' })).toBe('10:00');
    expect(starts({ policy, now: '2027-05-03T09:00:00.000000001' })).toBe('');
  });

  it('offers up to the end of the last local day of the horizon', () => {
    const query = { from: '2027-05-03', to: '2027-05-09', duration: 120 };
    const c = { query, now: '2027-05-03T23:59' };
    expect(starts({ ...c, policy: { horizonDays: 2 } })).toBe('05-04T09:00 05-05T09:00');
    expect(starts({ ...c, policy: { horizonDays: 0 } })).toBe('');
  });

  it('says which days may be asked for', () => {
    const policy = { leadMinutes: 60, horizonDays: 30, buffer: 0, starts: 'grid' } as const;
    const days = (zone: string, now: string) =>
      bookableDays(policy, zone, Temporal.Instant.from(now));
    expect(days('Europe/Madrid', '2027-05-03T20:59:59Z')).toEqual({
      first: '2027-05-03',
      last: '2027-06-02',
    });
    expect(days('Europe/Madrid', '2027-05-03T21:00Z')).toEqual({
      first: '2027-05-04',
      last: '2027-06-02',
    });
    expect(days('America/New_York', '2027-05-03T03:30Z')).toEqual({
      first: '2027-05-03',
      last: '2027-06-01',
    });
  });
});

describe('changes of the clock in Madrid', () => {
  const spring = { from: '2027-03-28' };
  const autumn = { from: '2026-10-25' };
  const night = [shift('00:00-06:00')];

  it('leave office hours on the wall clock', () => {
    const hours = { policy: { step: 60 } };
    expect(offsetStarts({ ...hours, query: spring })).toBe('09:00+02:00 10:00+02:00');
    expect(offsetStarts({ ...hours, query: autumn })).toBe('09:00+01:00 10:00+01:00');
  });

  it('skip starts that do not exist', () => {
    expect(offsetStarts({ shifts: night, query: spring })).toBe(
      '00:00+01:00 01:00+01:00 03:00+02:00 04:00+02:00 05:00+02:00',
    );
  });

  it('give the first of two times that are repeated', () => {
    expect(offsetStarts({ shifts: night, query: autumn })).toBe(
      '00:00+02:00 01:00+02:00 02:00+02:00 03:00+01:00 04:00+01:00 05:00+01:00',
    );
    const c = { shifts: night, policy: packed, query: { ...autumn, duration: 30 } };
    expect(offsetStarts({ ...c, now: '2026-10-25T01:20' })).toBe(
      '01:20+02:00 01:50+02:00 02:20+02:00 02:50+02:00 ' +
        '03:20+01:00 03:50+01:00 04:20+01:00 04:50+01:00 05:20+01:00',
    );
  });

  it('count a duration in elapsed time', () => {
    const c = { shifts: night, query: { ...spring, duration: 120 } };
    const [, over] = slotsOf({ ...c, policy: { step: 60 } });
    const { minute } = setting(c);
    expect(over).toMatchObject({
      start: minute('2027-03-28T01:00'),
      end: minute('2027-03-28T04:00'),
    });
  });

  it('move an edge that is skipped to the change, and keep the grid of the wall clock', () => {
    const shifts = [shift('02:30-05:00')];
    expect(offsetStarts({ shifts, query: { ...spring, duration: 30 }, policy: { step: 60 } })).toBe(
      '03:30+02:00 04:30+02:00',
    );
    expect(offsetStarts({ shifts, query: { ...spring, duration: 60 }, policy: packed })).toBe(
      '03:00+02:00 04:00+02:00',
    );
    const absences = [absence('2027-03-28T00:00', '2027-03-28T02:15')];
    expect(offsetStarts({ shifts: night, absences, query: spring })).toBe(
      '03:00+02:00 04:00+02:00 05:00+02:00',
    );
  });

  it('make the agent work one hour less in spring and one more in autumn', () => {
    const c = { shifts: night, policy: { ...packed, step: 1 } };
    expect(slotsOf({ ...c, query: { ...spring, duration: 300 } })).toHaveLength(1);
    expect(slotsOf({ ...c, query: { ...spring, duration: 301 } })).toHaveLength(0);
    expect(slotsOf({ ...c, query: { ...autumn, duration: 420 } })).toHaveLength(1);
    expect(slotsOf({ ...c, query: { ...autumn, duration: 421 } })).toHaveLength(0);
  });
});

describe('desksFor', () => {
  it('names who could take a start, and nobody for one that is not offered', () => {
    const { rota, policy, query, busy, now, minute } = setting({
      desks: [{}, {}, { skills: [] }],
      busy: ['2027-05-03T10:00/10:30'],
    });
    const at = (local: string) => desksFor(rota, policy, query, minute(local), busy, now);
    expect(at('2027-05-03T09:00')).toEqual([1, 2]);
    expect(at('2027-05-03T10:00')).toEqual([2]);
    expect(at('2027-05-03T09:30')).toEqual([]);
    expect(at('2027-05-02T09:00')).toEqual([]);
    expect(at('2027-06-03T09:00')).toEqual([]);
    expect(at('2027-06-02T09:00')).toEqual([1, 2]);
  });
});

describe('questions without sense', () => {
  it('find nothing when the days are turned round or past', () => {
    expect(starts({ query: { from: '2027-05-04', to: '2027-05-03' } })).toBe('');
    expect(
      starts({ query: { from: '2020-01-01', to: '2020-01-31' }, now: '2027-05-03T00:00' }),
    ).toBe('');
  });

  it('are refused when a number or a day is none', () => {
    expect(() => slotsOf({ query: { duration: 0 } })).toThrow(/duration/);
    expect(() => slotsOf({ policy: { step: 0 } })).toThrow(/step/);
    expect(() => slotsOf({ policy: { buffer: 2.5 } })).toThrow(/buffer/);
    expect(() => slotsOf({ query: { to: '2027-02-30' } })).toThrow(RangeError);
    expect(() => slotsOf({ shifts: [shift('9-14')] })).toThrow(/not a time/);
  });
});

describe('mergeIntervals', () => {
  it('sorts, joins what touches, and drops what is empty', () => {
    expect(mergeIntervals([30, 40, 10, 20, 20, 25, 35, 50, 60, 60, 80, 70, 12, 13])).toEqual([
      10, 25, 30, 50,
    ]);
    expect(mergeIntervals([])).toEqual([]);
  });
});
