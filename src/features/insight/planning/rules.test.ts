import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byChannel } from '../../../domain/channel.ts';
import type { Rota } from '../../../domain/rota.ts';
import { readAssumptions } from './assumptions.ts';
import { ordinaryWeek } from './rota.ts';
import { planWeek } from './rules.ts';
import type { Assumptions, ChannelHistory, History, Plan } from './types.ts';

const WEEKDAYS = [1, 2, 3, 4, 5];
const MONDAY = Temporal.PlainDate.from('2026-11-30');
const FRIDAY = Temporal.PlainDate.from('2026-12-25');

/** Desks from 9 to 14 on working days; those from `video` on attend by video only. */
const rotaOf = (desks: number, video = desks, isClosed = (_day: string) => false): Rota => ({
  timeZone: 'Europe/Madrid',
  isClosed,
  desks: Array.from({ length: desks }, (_, i) => ({
    id: i + 1,
    code: `taula-${i + 1}`,
    skills: 'all' as const,
    languages: ['ca'],
    channels: i < video ? ['phone', 'video'] : ['video'],
    shifts: [{ weekdays: WEEKDAYS, from: '09:00', to: '14:00', since: '2026-01-01' }],
    absences: [],
  })),
});
const weekOf = (desks: number, video?: number) =>
  ordinaryWeek(rotaOf(desks, video), MONDAY, FRIDAY);

const NO_LENGTHS = { count: 0, mean: 0, spread: 0 };
const NO_CHANNEL: ChannelHistory = {
  weeks: [0, 0, 0, 0],
  taken: [],
  place: null,
  lengths: NO_LENGTHS,
};
const NOTHING: History = {
  openDays: [5, 5, 5, 5],
  openWeekdays: [0, 4, 4, 4, 4, 4, 0, 0],
  ...byChannel(() => NO_CHANNEL),
  calls: { weeks: [0, 0, 0, 0], begun: [], lengths: NO_LENGTHS },
  came: 0,
  missed: 0,
};
/** So many appointments by telephone in each of four weeks, of 20 minutes with their buffer, evenly from 9 to 14. */
const seen = (weekly: number): History => ({
  ...NOTHING,
  phone: {
    weeks: [weekly, weekly, weekly, weekly],
    taken: WEEKDAYS.flatMap((weekday) =>
      Array.from({ length: 10 }, (_, i) => ({
        weekday,
        half: 18 + i,
        minutes: (weekly * 4 * 20) / 50,
      })),
    ),
    place: 20,
    lengths: { count: weekly * 4, mean: 12, spread: 4 },
  },
  came: weekly * 3,
  missed: weekly,
});
const CATALOGUE = { place: { ...byChannel(() => 20), video: 25 }, policy: { buffer: 5 } };

const typed = (more: Partial<Record<keyof Assumptions, string>> = {}): Assumptions => {
  const read = readAssumptions((name) => more[name] ?? (name === 'shrinkage' ? '0' : ''));
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  return read.assumptions;
};
const at = (plan: Plan, weekday: number, half: number) =>
  plan.halves.find((each) => each.weekday === weekday && each.half === half);
const inWeek = (plan: Plan, kind: string) => plan.weeks.find((each) => each.kind === kind);

describe('the rota', () => {
  test('is counted by half hours: three desks from 9 to 14, two by telephone', () => {
    const { halves, deskHours } = weekOf(3, 2);
    expect(halves).toHaveLength(50);
    expect(halves[0]).toEqual({
      weekday: 1,
      half: 18,
      desks: { phone: 2, video: 3, in_person: 0, calls: 2, all: 3 },
    });
    expect(deskHours).toBe(25);
  });

  test('closed days count for nothing, absences for what they take', () => {
    const rota = rotaOf(2, 2, (day) => day === '2026-12-08');
    const away = { from: '2026-12-01T09:00', to: '2026-12-01T09:15' };
    const [one, two] = rota.desks;
    const some = { ...rota, desks: [{ ...one!, absences: [away] }, two!] };
    const { halves } = ordinaryWeek(some, MONDAY, FRIDAY);
    const tuesday = halves.find((each) => each.weekday === 2 && each.half === 18);
    // Three open Tuesdays, and half of a half hour is missing on one of them.
    expect(tuesday?.desks.all).toBeCloseTo(2 - 0.5 / 3, 10);
    expect(ordinaryWeek({ ...rota, desks: [] }, MONDAY, FRIDAY)).toEqual({
      halves: [],
      deskHours: null,
    });
  });

  test('is the same by the wall clock when the clock is changed', () => {
    const dst = ordinaryWeek(
      rotaOf(1),
      Temporal.PlainDate.from('2026-10-19'),
      Temporal.PlainDate.from('2026-11-01'),
    );
    expect(new Set(dst.halves.map((each) => each.half))).toEqual(
      new Set([18, 19, 20, 21, 22, 23, 24, 25, 26, 27]),
    );
  });
});

describe('appointments', () => {
  test('60 a week of 20 minutes take 20 hours and what the promise wants, more or less', () => {
    const plan = planWeek(seen(60), weekOf(2), typed(), CATALOGUE);
    const week = inWeek(plan, 'phone');
    // By hand: 12 a day, ln 10 / 3 = 0.7675 a day to spare, 0.7675 / ln(1 + 0.7675/12) = 12.38 places.
    expect(week?.demand.low).toBeLessThan(60);
    expect(week?.demand.high).toBeGreaterThan(60);
    expect(((week?.hours.low ?? 0) + (week?.hours.high ?? 0)) / 2).toBeCloseTo(
      (20 * 12.38) / 12,
      0,
    );
    // 240 were seen: a standard error of 1/√240, 8 % to either side.
    expect((week?.demand.high ?? 0) / 60 - 1).toBeCloseTo(1.2816 / Math.sqrt(240), 1);
    expect(week?.rota).toBe(50);
    expect(week?.verdict).toBe('enough');
    // 1.2 a half hour, 0.8 of a desk.
    expect(at(plan, 1, 18)?.needs.phone).toEqual({ low: 1, high: 1 });
    expect(plan.known).toMatchObject({
      weeks: { phone: 4, calls: 0 },
      perWeek: { phone: 60, video: null },
      show: 75,
    });
    // 12 minutes of 20, to three of four.
    expect(plan.attending).toBeCloseTo(0.45, 10);
  });

  test('which is short where the rota has less than the least of it', () => {
    expect(inWeek(planWeek(seen(150), weekOf(1), typed(), CATALOGUE), 'phone')?.verdict).toBe(
      'short',
    );
    expect(inWeek(planWeek(seen(72), weekOf(1), typed(), CATALOGUE), 'phone')?.verdict).toBe(
      'tight',
    );
  });

  test('that take longer than they are planned widen the band upwards alone', () => {
    const history = seen(60);
    const long = {
      ...history,
      phone: { ...history.phone, lengths: { count: 240, mean: 25, spread: 5 } },
    };
    const [one, other] = [history, long].map((each) =>
      inWeek(planWeek(each, weekOf(2), typed(), CATALOGUE), 'phone'),
    );
    expect(other?.hours.low).toBe(one?.hours.low);
    expect((other?.hours.high ?? 0) / (one?.hours.high ?? 1)).toBeCloseTo(
      (25 + (1.2816 * 5) / Math.sqrt(240) + 5) / 20,
      3,
    );
  });

  test('beyond the places there are only where that is asked for, and it is said when too many would come', () => {
    const of = (overbooking: string) =>
      planWeek(seen(60), weekOf(2), typed({ overbooking }), CATALOGUE);
    const [none, some, many] = [of(''), of('20'), of('40')];
    expect(none).toMatchObject({ overbooked: false });
    expect(
      (inWeek(none, 'phone')?.hours.low ?? 0) / (inWeek(some, 'phone')?.hours.low ?? 1),
    ).toBeCloseTo(1.2, 10);
    expect(some.overbooked).toBe(false); // 1.2 × 0.75
    expect(many.overbooked).toBe(true); // 1.4 × 0.75
  });

  test('by two channels may be taken by whoever is free: together they need less than each alone', () => {
    const plan = planWeek(NOTHING, weekOf(3), typed({ phone: '40', video: '40' }), CATALOGUE);
    const [phone, video, all] = ['phone', 'video', 'all'].map(
      (kind) => inWeek(plan, kind)?.hours.high ?? 0,
    );
    expect(all).toBeLessThan((phone ?? 0) + (video ?? 0));
    expect(all).toBeGreaterThan(Math.max(phone ?? 0, video ?? 0));
  });

  test('that are supposed lie where the rota has somebody, give or take', () => {
    const plan = planWeek(NOTHING, weekOf(2), typed({ phone: '100', give: '10' }), CATALOGUE);
    expect(inWeek(plan, 'phone')?.demand).toEqual({ low: 90, high: 110.00000000000001 });
    expect(plan.halves).toHaveLength(50);
    expect(plan.weeks).toHaveLength(1);
  });
});

describe('calls', () => {
  test('are answered by as many as the reference says, give or take', () => {
    const exactly = { calls: '100', callMinutes: '3', give: '0', seconds: '20', answered: '80' };
    const plan = planWeek(NOTHING, weekOf(20), typed({ ...exactly, patience: '180' }), CATALOGUE);
    // 12 at a patience of 180 s (80.23 %); the impatient lose patience sooner, so more are needed to keep them.
    const { low, high } = at(plan, 3, 20)?.needs.calls ?? { low: 0, high: 0 };
    expect(low).toBeLessThanOrEqual(12);
    expect(high).toBeGreaterThanOrEqual(12);
    expect(high - low).toBeLessThanOrEqual(2);
    expect(inWeek(plan, 'calls')?.demand.low).toBe(5000);
  });

  test('of whom 30 % are away at any time: 14 to answer take 20', () => {
    const needs = (shrinkage: string) => {
      const exactly = {
        calls: '100',
        callMinutes: '3',
        give: '0',
        patience: '3600',
        answered: '85',
      };
      return at(planWeek(NOTHING, weekOf(30), typed({ ...exactly, shrinkage }), CATALOGUE), 1, 18)
        ?.needs.calls;
    };
    expect(needs('0')).toEqual({ low: 14, high: 14 });
    expect(needs('30')).toEqual({ low: 20, high: 20 });
  });

  test('that were seen are planned for when they came', () => {
    const begun = [
      { weekday: 1, half: 18, calls: 80 },
      { weekday: 1, half: 19, calls: 8 },
    ];
    const history: History = {
      ...NOTHING,
      calls: { weeks: [22, 22, 22, 22], begun, lengths: { count: 88, mean: 4, spread: 2 } },
    };
    const plan = planWeek(history, weekOf(2), typed(), CATALOGUE);
    // 22 a week, over the 50 half hours of the rota: in what they are typed.
    expect(plan.known).toMatchObject({ callsPerHalfHour: 22 / 50, callMinutes: 4 });
    const same = planWeek(history, weekOf(2), typed({ calls: '0.44', give: '0' }), CATALOGUE);
    expect(inWeek(same, 'calls')?.demand).toEqual({ low: 22, high: 22 });
    expect(at(plan, 1, 18)?.needs.calls.high).toBeGreaterThan(
      at(plan, 1, 19)?.needs.calls.high ?? 9,
    );
    expect(at(plan, 2, 18)?.needs.calls).toEqual({ low: 0, high: 0 });
    expect(at(plan, 1, 18)?.verdict).not.toBe('enough');
  });
});

test('where nothing is known and nothing supposed there is no plan', () => {
  expect(planWeek(NOTHING, weekOf(2), typed(), CATALOGUE)).toMatchObject({ weeks: [], halves: [] });
  expect(
    planWeek(NOTHING, { halves: [], deskHours: null }, typed({ phone: '10' }), CATALOGUE).weeks,
  ).toEqual([]);
});

test('whatever is supposed: bands are whole and in order, and more of anything needs no fewer', () => {
  const some = fc.record({
    phone: fc.integer({ min: 0, max: 2000 }),
    video: fc.integer({ min: 0, max: 500 }),
    calls: fc.integer({ min: 0, max: 60 }),
    shrinkage: fc.integer({ min: 0, max: 50 }),
    days: fc.integer({ min: 1, max: 20 }),
    give: fc.integer({ min: 0, max: 50 }),
  });
  const rota = weekOf(6, 4);
  const asked = (each: object) =>
    typed(Object.fromEntries(Object.entries(each).map(([name, value]) => [name, String(value)])));
  fc.assert(
    fc.property(some, (one) => {
      const plan = planWeek(NOTHING, rota, asked(one), CATALOGUE);
      const more = planWeek(
        NOTHING,
        rota,
        asked({ ...one, phone: one.phone + 50, calls: one.calls + 2 }),
        CATALOGUE,
      );
      for (const [i, { needs }] of plan.halves.entries()) {
        for (const band of Object.values(needs)) {
          expect(Number.isInteger(band.low) && Number.isInteger(band.high)).toBe(true);
          expect(band.low).toBeLessThanOrEqual(band.high);
        }
        expect(more.halves[i]?.needs.all.high).toBeGreaterThanOrEqual(needs.all.high);
      }
      for (const { hours } of plan.weeks) expect(hours.low).toBeLessThanOrEqual(hours.high);
    }),
    { numRuns: 60 },
  );
});

describe('what is typed', () => {
  const read = (typed: Record<string, string>) => readAssumptions((name) => typed[name] ?? '');

  test('nothing: what is usual, and overbooking is off', () => {
    expect(read({})).toEqual({
      ok: true,
      assumptions: {
        ...{
          weeks: 8,
          phone: null,
          video: null,
          in_person: null,
          calls: null,
          callMinutes: null,
          give: 15,
        },
        ...{ days: 3, often: 90, seconds: 20, answered: 80, patience: 120 },
        ...{ show: null, overbooking: 0, shrinkage: 15 },
      },
    });
  });

  test('a comma is a point, and mistakes are said by field', () => {
    expect(read({ callMinutes: '3,5', weeks: '13' })).toMatchObject({
      assumptions: { callMinutes: 3.5, weeks: 13 },
    });
    expect(read({ phone: 'x', show: '120', days: '1.5', weeks: '99', patience: '-1' })).toEqual({
      ok: false,
      mistakes: { phone: 'number', show: 'range', days: 'whole', patience: 'range' },
    });
  });
});
