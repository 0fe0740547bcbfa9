import { describe, expect, test } from 'vitest';
import { workingDaysOf } from '../../../domain/office/calendar/working-days.ts';
import {
  appealOf,
  canReject,
  expiryOf,
  isExpired,
  isInTime,
  isTold,
  lastDayOf,
  metOn,
  type Opener,
  paperMistake,
  recordable,
  recordedBy,
  sendBy,
  wayTo,
  whyNotOpen,
} from './rules.ts';
import type { Notification, PaperResult } from './types.ts';

const ZONE = 'Europe/Madrid';
const day = (text: string) => Temporal.PlainDate.from(text);
const at = (text: string) => Temporal.Instant.from(text);
const days = workingDaysOf({ holidays: 'ES-CT', feastDays: [] } as never);

const of = (more: Partial<Notification> = {}): Notification => ({
  ...{ id: 'n', office: 1, case: 'c', way: 'electronic', reason: 'chosen', chosenAt: null },
  ...{ person: 'rosa', organisation: null, level: 'substantial', hash: '' },
  ...{ madeAt: at('2026-12-01T09:00:00+01:00'), decideBy: null, state: 'available' },
  ...{ expiresAt: at('2026-12-12T00:00:00+01:00'), attemptedOn: null, notifiedOn: null },
  ...{ attemptedAgainOn: null, recordedOn: null, via: 'folder', here: null, depositedAt: null },
  ...{ settledAt: null, stopped: null, metAt: null },
  ...more,
});

describe('how a decision is notified', () => {
  const rosa = { isIdentified: true, represents: null, electronic: null };
  test.each([
    ['who chose nothing', rosa, 'paper', 'not_chosen'],
    ['who chose it', { ...rosa, electronic: true }, 'electronic', 'chosen'],
    ['who took it back', { ...rosa, electronic: false }, 'paper', 'not_chosen'],
    // The NIF of an organisation obliges, whatever the person chose.
    ['an organisation', { ...rosa, represents: 'B12345674' }, 'electronic', 'obliged'],
    ['who acts for a person', { ...rosa, represents: '***4567**' }, 'paper', 'not_chosen'],
    [
      'nobody knows who',
      { ...rosa, isIdentified: false, electronic: true },
      'paper',
      'unidentified',
    ],
  ] as const)('%s', (_, to, way, reason) => {
    expect(wayTo(to)).toEqual({ way, reason });
  });
});

describe('ten days', () => {
  // Counted by hand on a calendar: the first of the ten is the day after.
  test.each([
    ['2026-12-01T00:00:00+01:00', '2026-12-12T00:00:00+01:00', '2026-12-11'],
    ['2026-12-01T23:59:59+01:00', '2026-12-12T00:00:00+01:00', '2026-12-11'],
    // The last day is Christmas, and counts.
    ['2026-12-15T12:00:00+01:00', '2026-12-26T00:00:00+01:00', '2026-12-25'],
    // Over the end of February, and over the change to summer time.
    ['2027-02-20T12:00:00+01:00', '2027-03-03T00:00:00+01:00', '2027-03-02'],
    ['2027-03-20T12:00:00+01:00', '2027-03-31T00:00:00+02:00', '2027-03-30'],
  ])('from %s', (made, expires, last) => {
    expect(expiryOf(at(made), ZONE).equals(at(expires))).toBe(true);
    expect(lastDayOf({ expiresAt: at(expires), depositedAt: null }, ZONE)?.toString()).toBe(last);
  });

  test('are those of e-NOTUM for what it has, from when it is available there', () => {
    const there = of({ via: 'enotum', expiresAt: null });
    expect(lastDayOf(there, ZONE)).toBeNull();
    expect(metOn(there, ZONE)).toBeNull();
    const deposited = { ...there, depositedAt: at('2026-12-03T23:30:00+01:00') };
    expect(lastDayOf(deposited, ZONE)?.toString()).toBe('2026-12-13');
    expect(metOn(deposited, ZONE)?.toString()).toBe('2026-12-03');
    // It tells when they have passed.
    expect(isExpired(deposited, at('2027-02-01T00:00:00Z'))).toBe(false);
    expect(isTold(deposited, at('2027-02-01T00:00:00Z'))).toBe(false);
    expect(canReject(deposited)).toBe(false);
    const told = { ...there, state: 'accepted', notifiedOn: day('2026-12-09') } as const;
    expect(metOn(told, ZONE)?.toString()).toBe('2026-12-09');
  });

  test('pass at midnight, and only for what waits in the folder', () => {
    expect(isExpired(of(), at('2026-12-11T23:59:59+01:00'))).toBe(false);
    expect(isExpired(of(), at('2026-12-12T00:00:00+01:00'))).toBe(true);
    expect(isExpired(of({ state: 'accepted' }), at('2027-01-01T00:00:00Z'))).toBe(false);
    const paper = of({ way: 'paper', expiresAt: null });
    expect(isExpired(paper, at('2030-01-01T00:00:00Z'))).toBe(false);
    expect(lastDayOf(paper, ZONE)).toBeNull();
  });
});

describe('a notification opens', () => {
  const rosa = {
    ...{ person: 'rosa', level: 'substantial', organisation: null, authorised: null },
  } as const satisfies Opener;
  const hers = {
    ...{ id: 'a', office: of().office, represented: 'rosa', procedures: null },
    since: at('2026-12-02T10:00:00+01:00'),
  };
  const settled = (on: string) => of({ state: 'accepted', settledAt: at(on) });
  const pere: Opener = { ...rosa, person: 'pere', authorised: hers };
  const bar = of({ organisation: 'B12345674' });
  test.each([
    ['to its person', of(), rosa, null],
    ['to its person at a higher level', of(), { ...rosa, level: 'high' }, null],
    ['not at a lower one', of(), { ...rosa, level: 'low' }, 'level'],
    ['not to somebody else', of(), { ...rosa, person: 'amina' }, 'other'],
    // Their own, though they came with the certificate of a company.
    ['to its person as anybody', of(), { ...rosa, organisation: 'B12345674' }, null],
    ['of a company, not to the person alone', bar, rosa, 'other'],
    [
      'of a company, to whoever acts for it',
      bar,
      { ...rosa, person: 'pere', level: 'high', organisation: 'B12345674' },
      null,
    ],
    ['of a company, not for another one', bar, { ...rosa, organisation: 'A58818501' }, 'other'],
    ['of nobody known, to nobody', of({ person: null }), rosa, 'other'],
    ['to whoever acts for its person', of(), pere, null],
    ['to them at a lower level', of(), { ...pere, level: 'low' }, 'level'],
    ['of another office', of(), { ...pere, authorised: { ...hers, office: 9 } }, 'other'],
    ['of the procedure', of(), { ...pere, authorised: { ...hers, procedures: [7] } }, null],
    ['of another procedure', of(), { ...pere, authorised: { ...hers, procedures: [8] } }, 'other'],
    ['that had counted before', settled('2026-12-02T09:59:59+01:00'), pere, 'other'],
    ['that counts since then', settled('2026-12-02T10:00:00+01:00'), pere, null],
    ['of another person', of({ person: 'amina' }), pere, 'other'],
    ['of her company, to whoever acts for her alone', bar, pere, 'other'],
  ] as const)('%s', (_, notification, by, obstacle) => {
    expect(whyNotOpen({ ...notification, procedure: 7 }, by)).toBe(obstacle);
  });

  test('and its case tells what was decided from when it counts', () => {
    const before = at('2026-12-11T23:59:59+01:00');
    expect(isTold(of(), before)).toBe(false);
    expect(isTold(of({ state: 'failed', expiresAt: null }), before)).toBe(false);
    expect(isTold(of({ state: 'accepted' }), before)).toBe(true);
    expect(isTold(of(), at('2026-12-12T00:00:00+01:00'))).toBe(true);
    expect(isTold(of({ person: null, expiresAt: null }), before)).toBe(true);
  });

  test('and is rejected only where that counts', () => {
    expect(canReject(of())).toBe(true);
    expect(canReject(of({ state: 'expired' }))).toBe(false);
    expect(canReject(of({ way: 'paper' }))).toBe(false);
  });
});

describe('the office’s term', () => {
  test('was met when e-NOTUM had made it available, whatever stopped it there later', () => {
    const metAt = at('2026-12-02T10:00:00+01:00');
    const again = { via: 'enotum', expiresAt: null, metAt } as const;
    expect(String(metOn(of(again), ZONE))).toBe('2026-12-02');
    const here = of({ metAt, here: 'failed', madeAt: at('2026-12-09T10:00:00+01:00') });
    expect(String(metOn(here, ZONE))).toBe('2026-12-02');
    const when = at('2026-12-03T10:00:00+01:00');
    const there = { via: 'enotum', expiresAt: null, depositedAt: metAt } as const;
    const stopped = (state: 'failed' | 'cancelled') =>
      of({ ...there, stopped: { state, at: when } });
    expect(String(metOn(stopped('failed'), ZONE))).toBe('2026-12-02');
    // What the office cancelled was not available for ten days.
    expect(metOn(stopped('cancelled'), ZONE)).toBeNull();
  });

  test('is met when it is made available, also just before midnight', () => {
    const late = of({ decideBy: day('2026-12-01'), madeAt: at('2026-12-01T23:59:00+01:00') });
    expect(metOn(late, ZONE)?.toString()).toBe('2026-12-01');
    expect(isInTime(late, ZONE, day('2026-12-20'))).toBe(true);
    const after = of({ decideBy: day('2026-12-01'), madeAt: at('2026-12-02T00:01:00+01:00') });
    expect(isInTime(after, ZONE, day('2026-12-20'))).toBe(false);
    expect(isInTime(of(), ZONE, day('2026-12-20'))).toBeNull();
  });

  test('is met on paper by the first attempt', () => {
    const paper = of({ way: 'paper', expiresAt: null, decideBy: day('2026-12-05') });
    expect(metOn(paper, ZONE)).toBeNull();
    expect(isInTime(paper, ZONE, day('2026-12-05'))).toBeNull();
    expect(isInTime(paper, ZONE, day('2026-12-06'))).toBe(false);
    const tried = { ...paper, attemptedOn: day('2026-12-04'), notifiedOn: day('2027-01-15') };
    expect(metOn(tried, ZONE)?.toString()).toBe('2026-12-04');
    expect(isInTime(tried, ZONE, day('2027-01-15'))).toBe(true);
    const opened = { ...paper, notifiedOn: day('2026-12-03') };
    expect(metOn(opened, ZONE)?.toString()).toBe('2026-12-03');
  });

  test('to send it is ten working days', () => {
    // 7 is no feast in Catalonia, 8 is; 5, 6, 12 and 13 are a weekend.
    expect(sendBy(of(), ZONE, days)?.toString()).toBe('2026-12-16');
  });
});

describe('an appeal', () => {
  test.each([
    ['2026-12-10', '2026-12-11', '2027-01-11'], // 10 January is a Sunday
    ['2027-01-31', '2027-02-01', '2027-03-01'], // no 31 February: the 28th, a Sunday
    ['2026-11-16', '2026-11-17', '2026-12-16'],
  ])('of what was notified on %s', (notified, from, until) => {
    const period = appealOf({ notifiedOn: day(notified) }, days);
    expect([period?.from.toString(), period?.until.toString()]).toEqual([from, until]);
  });
  test('of what does not count yet', () => {
    expect(appealOf({ notifiedOn: null }, days)).toBeNull();
  });
});

describe('on paper', () => {
  const on = {
    madeOn: day('2026-12-01'),
    triedOn: null,
    now: Temporal.PlainDateTime.from('2026-12-20T12:00'),
    days,
  };
  const delivered = (text: string): PaperResult => ({ result: 'delivered', on: day(text) });
  const failed = (first: string, second: string): PaperResult => ({
    result: 'failed',
    first: Temporal.PlainDateTime.from(first),
    second: Temporal.PlainDateTime.from(second),
  });
  test.each([
    [delivered('2026-12-01'), null],
    [delivered('2026-11-30'), 'early'],
    [delivered('2026-12-20'), null],
    [delivered('2026-12-21'), 'future'],
    [failed('2026-12-02T10:00', '2026-12-03T16:00'), null],
    [failed('2026-12-02T16:00', '2026-12-03T10:00'), null],
    [failed('2026-12-02T10:00', '2026-12-03T14:59'), 'half'],
    [failed('2026-12-02T16:00', '2026-12-03T15:00'), 'half'],
    [failed('2026-12-02T14:00', '2026-12-02T16:59'), 'near'],
    [failed('2026-12-02T14:00', '2026-12-02T17:00'), null],
    [failed('2026-12-03T16:00', '2026-12-02T10:00'), 'near'],
    // Three working days after Wednesday 2: 3, 4 and 7.
    [failed('2026-12-02T10:00', '2026-12-07T16:00'), null],
    [failed('2026-12-02T10:00', '2026-12-09T16:00'), 'late'],
    [failed('2026-11-30T10:00', '2026-12-01T16:00'), 'early'],
    [failed('2026-12-19T10:00', '2026-12-20T16:00'), 'future'],
  ] as const)('%o: %s', (given, mistake) => {
    expect(paperMistake(given, on)).toBe(mistake);
  });

  test.each([
    ['2026-12-02', 'early'],
    ['2026-12-03', null],
  ] as const)('what came of it on %s, after an attempt on the third: %s', (text, mistake) => {
    const tried = { ...on, triedOn: day('2026-12-03') };
    for (const result of ['delivered', 'refused', 'published'] as const)
      expect(paperMistake({ result, on: day(text) }, tried)).toBe(mistake);
  });

  test('each result follows what it can', () => {
    const can = (more: Partial<Notification>) => recordable(of({ way: 'paper', ...more }));
    expect(can({})).toEqual(['delivered', 'refused', 'failed', 'published']);
    expect(can({ state: 'failed' })).toEqual(['delivered', 'refused', 'published']);
    // The proof of the paper may come after it was opened in the folder, once.
    expect(can({ state: 'accepted' })).toEqual(['delivered', 'refused', 'failed', 'published']);
    expect(can({ state: 'accepted', attemptedOn: day('2026-12-02') })).not.toContain('failed');
    expect(can({ state: 'accepted', recordedOn: day('2026-12-02') })).toEqual([]);
    expect(can({ state: 'delivered' })).toEqual([]);
    expect(can({ way: 'electronic' })).toEqual([]);
  });

  test('the first day on which it came counts', () => {
    const opened = of({ way: 'paper', state: 'accepted', notifiedOn: day('2026-12-03') });
    const by = (given: PaperResult) => JSON.parse(JSON.stringify(recordedBy(opened, given)));
    const earlier = { state: 'delivered', notifiedOn: '2026-12-02', recordedOn: '2026-12-02' };
    expect(by(delivered('2026-12-02'))).toEqual(earlier);
    expect(by(delivered('2026-12-03'))).toEqual({ recordedOn: '2026-12-03' });
    expect(by(delivered('2026-12-04'))).toEqual({ recordedOn: '2026-12-04' });
    expect(by(failed('2026-12-02T10:00', '2026-12-03T16:00'))).toEqual({
      attemptedOn: '2026-12-02',
      attemptedAgainOn: '2026-12-03',
    });
  });
});
