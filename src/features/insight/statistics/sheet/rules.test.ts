import { describe, expect, test } from 'vitest';
import type { Counts, RequestCounts } from '../types.ts';
import {
  daysOfMonth,
  growthOf,
  monthAsked,
  opinionMonth,
  type SheetSums,
  seesMonthSomewhere,
  sheetCounts,
  sheetOpinion,
  sheetRequests,
  sumOfSheets,
  yearBefore,
} from './rules.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const TODAY = day('2026-11-30');

test.each([
  ['none asked: the last whole one', undefined, '2026-10-01'],
  ['one asked', '2026-03', '2026-03-01'],
  ['the present one', '2026-11', '2026-11-01'],
  ['one to come', '2026-12', '2026-10-01'],
  ['no month', '2026-13', '2026-10-01'],
  ['no date', 'yesterday', '2026-10-01'],
])('the month of a page: %s', (_, asked, month) => {
  expect(monthAsked(asked, TODAY).toString()).toBe(month);
});

test.each([
  ['a month that is over', '2026-10-01', '2026-11-01', '2026-10-31', true, '2025-10-31'],
  [
    'the present one, until yesterday',
    '2026-11-01',
    '2026-11-30',
    '2026-11-29',
    false,
    '2025-11-29',
  ],
  [
    'a February of a leap year: all of it',
    '2028-02-01',
    '2028-03-01',
    '2028-02-29',
    true,
    '2027-02-28',
  ],
  [
    'the February after one: all of it',
    '2029-02-01',
    '2029-03-05',
    '2029-02-28',
    true,
    '2028-02-29',
  ],
  ['the second day of a month', '2026-11-01', '2026-11-02', '2026-11-01', false, '2025-11-01'],
])('the days of a month: %s', (_, month, today, to, isOver, before) => {
  const days = daysOfMonth(day(month), day(today))!;
  expect([days.from.toString(), days.to.toString(), days.isOver]).toEqual([month, to, isOver]);
  const { from, to: last } = yearBefore(days);
  expect(from.toString()).toBe(day(month).subtract({ years: 1 }).toString());
  expect(last.toString()).toBe(before);
});

test('of a month that begins today, no day is over', () => {
  expect(daysOfMonth(day('2026-11-01'), day('2026-11-01'))).toBeNull();
});

test('opinions are of the month, or of the last one about which nobody can answer any more', () => {
  const shown = (month: string, today: string) => opinionMonth(day(month), day(today)).toString();
  expect(shown('2026-03-01', '2026-11-30')).toBe('2026-03-01');
  expect(shown('2026-10-01', '2026-11-30')).toBe('2026-09-01');
  expect(shown('2026-10-01', '2026-12-02')).toBe('2026-10-01');
});

const opinions = (answered: number) => ({
  ...{ month: '2026-09-01', answered, ended: 50 },
  scores: [0, 0, 0, 0, 0, 0, 0, 0, answered, 0, 0],
  solved: [answered, 0, 0],
});

test('fewer than five opinions of an office say nothing, in no sum either', () => {
  const month = day('2026-09-01');
  expect(sheetOpinion([opinions(4)], month)).toBeNull();
  expect(sheetOpinion([], month)).toBeNull();
  const five = sheetOpinion([opinions(5)], month);
  expect(five).toMatchObject({ month: '2026-09-01', answered: 5, solved: [5, 0, 0] });
  const none = sheetOpinion([opinions(4)], month);
  expect(sumOfSheets([office(five), office(none)]).opinion).toEqual(five);
  expect(sumOfSheets([office(five), office(five)]).opinion).toMatchObject({
    ...{ answered: 10, solved: [10, 0, 0] },
  });
  expect(sumOfSheets([office(none)]).opinion).toBeNull();
});

const NOTHING = {
  ...{ booked: 0, cancelled: 0, noshow: 0, unkept: 0, waitDays: 0, contacted: 0, punctual: 0 },
  ...{ served: 0, unbooked: 0, remote: 0 },
};
const office = (opinion: SheetSums['opinion']): SheetSums => ({
  now: { ...NOTHING, served: 3, remote: 2 },
  before: { ...NOTHING, served: 1 },
  opinion,
  requests: null,
});

describe('sums', () => {
  test('of served people: with and without an appointment, and those who did not have to come', () => {
    const counts = (fulfilled: number, unbooked: number) => ({ fulfilled, unbooked }) as Counts;
    const by = [
      { key: 'phone', counts: counts(4, 1) },
      { key: 'video', counts: counts(2, 0) },
      { key: 'chat', counts: counts(0, 3) },
      { key: 'in_person', counts: counts(7, 5) },
    ];
    expect(sheetCounts(counts(13, 9), by)).toMatchObject({ served: 22, unbooked: 9, remote: 10 });
  });

  test('of offices', () => {
    const request = { came: 3, open: 1, closed: 2, withTerm: 2, inTime: 1 } as RequestCounts;
    const requests = sheetRequests([request, request]);
    expect(requests).toEqual({ came: 6, open: 2, closed: 4, withTerm: 4, inTime: 2 });
    const sum = sumOfSheets([office(null), { ...office(null), requests }]);
    expect(sum).toMatchObject({ now: { served: 6, remote: 4 }, before: { served: 2 }, requests });
    expect(sumOfSheets([]).now).toEqual(NOTHING);
  });

  test('grow against enough', () => {
    expect(growthOf(110, 100)).toBeCloseTo(0.1);
    expect(growthOf(90, 100)).toBeCloseTo(-0.1);
    expect(growthOf(90, 3)).toBeNull();
  });
});

test('the month is for whoever governs or coordinates somewhere', () => {
  expect(seesMonthSomewhere([{ role: 'agent' }, { role: 'councillor' }])).toBe(true);
  expect(seesMonthSomewhere([{ role: 'coordinator' }])).toBe(true);
  expect(seesMonthSomewhere([{ role: 'agent' }, { role: 'governor' }])).toBe(false);
  expect(seesMonthSomewhere([])).toBe(false);
});
