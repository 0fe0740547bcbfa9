import { describe, expect, test } from 'vitest';
import { type Suspension, workingDaysOf } from './working-days.ts';

/*
 * The year 2027 of Vilaclara by hand: the calendar of working days of the Generalitat, and the two local feasts. Saturdays and Sundays are
 * not listed.
 */
const HOLIDAYS_2027 = [
  '2027-01-01',
  '2027-01-06',
  '2027-02-12',
  '2027-03-26',
  '2027-03-29',
  '2027-05-01',
  '2027-05-17',
  '2027-06-24',
  '2027-08-15',
  '2027-09-11',
  '2027-10-12',
  '2027-11-01',
  '2027-12-06',
  '2027-12-08',
  '2027-12-25',
];

/** Working days a month, counted by hand on a paper calendar of 2027. */
const BY_MONTH = [19, 19, 21, 22, 20, 21, 22, 22, 22, 20, 21, 21];

const feast = (date: string) => ({ from: date, to: date });
const days = workingDaysOf({
  holidays: 'ES-CT',
  feastDays: [feast('2027-02-12'), feast('2027-05-17')],
  // The library moves 1 May, a Saturday, to the Monday. Catalonia does not.
  openDays: ['2027-05-03'],
});

const day = (text: string) => Temporal.PlainDate.from(text);
const said = (found: Temporal.PlainDate | null) => found?.toString() ?? null;

describe('a working day', () => {
  test('is no Saturday, no Sunday, no holiday of the country and no feast of the town', () => {
    const found = HOLIDAYS_2027.filter((each) => days.counts(day(each)));
    expect(found).toEqual([]);
    expect(days.counts(day('2027-03-27'))).toBe(false);
    expect(days.counts(day('2027-03-28'))).toBe(false);
    expect(days.counts(day('2027-03-30'))).toBe(true);
  });

  test('comes as often in each month of the year as on paper', () => {
    const counted = BY_MONTH.map((_, month) => {
      const first = Temporal.PlainDate.from({ year: 2027, month: month + 1, day: 1 });
      const all = Array.from({ length: first.daysInMonth }, (_, nth) => first.add({ days: nth }));
      return all.filter(days.counts).length;
    });
    expect(counted).toEqual(BY_MONTH);
  });
});

describe('what is handed in', () => {
  // Ley 39/2015, art. 31.2.b.
  test.each([
    ['2027-03-25', '2027-03-25'],
    ['2027-03-26', '2027-03-30'],
    ['2027-03-27', '2027-03-30'],
    ['2027-02-12', '2027-02-15'],
    ['2027-12-24', '2027-12-24'],
    ['2027-12-25', '2027-12-27'],
  ])('on %s counts from %s', (at, from) => {
    expect(said(days.handedInOn(day(at)))).toBe(from);
  });
});

describe('a period', () => {
  // Each end was counted with a finger on the calendar.
  test.each([
    // Ten days to amend (art. 68.1), over Easter: 23, 24, 25, 30, 31 March; 1, 2, 5, 6, 7 April.
    ['2027-03-22', { workingDays: 10 }, '2027-04-07'],
    ['2027-02-01', { workingDays: 10 }, '2027-02-16'],
    ['2027-12-03', { workingDays: 3 }, '2027-12-10'],
    ['2027-05-14', { workingDays: 1 }, '2027-05-18'],
    // Three months (art. 21.3): the same day, or the first working one after it.
    ['2027-01-11', { months: 3 }, '2027-04-12'],
    ['2027-01-15', { months: 3 }, '2027-04-15'],
    // No 31st of April: its last day (art. 30.4).
    ['2027-01-31', { months: 3 }, '2027-04-30'],
    ['2026-11-30', { months: 3 }, '2027-03-01'],
    ['2027-06-11', { months: 3 }, '2027-09-13'],
  ] as const)('from %s for %o ends on %s', (begin, period, end) => {
    expect(said(days.endOf(period, day(begin)))).toBe(end);
  });

  const suspended = (from: string, until: string | null): Suspension => ({
    from: day(from),
    until: until ? day(until) : null,
  });

  test('does not run while it is suspended', () => {
    const gap = suspended('2027-02-03', '2027-02-10');
    // 2 February; then 10, 11, 15, 16 (12 is a feast).
    expect(said(days.endOf({ workingDays: 5 }, day('2027-02-01'), [gap]))).toBe('2027-02-16');
    // 11 April and 7 days: a Sunday, so the 19th.
    expect(said(days.endOf({ months: 3 }, day('2027-01-11'), [gap]))).toBe('2027-04-19');
  });

  test('counts days that two suspensions share once', () => {
    const both = [suspended('2027-02-03', '2027-02-10'), suspended('2027-02-08', '2027-02-12')];
    expect(said(days.endOf({ months: 3 }, day('2027-01-11'), both))).toBe('2027-04-20');
    const inner = [suspended('2027-02-03', '2027-02-10'), suspended('2027-02-04', '2027-02-05')];
    expect(said(days.endOf({ months: 3 }, day('2027-01-11'), inner))).toBe('2027-04-19');
  });

  test('has no end while a suspension goes on', () => {
    expect(
      days.endOf({ months: 3 }, day('2027-01-11'), [suspended('2027-02-03', null)]),
    ).toBeNull();
  });
});

test('the days that are left are counted in both directions', () => {
  expect(days.between(day('2027-03-22'), day('2027-04-07'))).toBe(10);
  expect(days.between(day('2027-04-07'), day('2027-03-22'))).toBe(-10);
  expect(days.between(day('2027-03-26'), day('2027-03-26'))).toBe(0);
});
