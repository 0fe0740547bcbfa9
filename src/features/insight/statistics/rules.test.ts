import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  comparedMonths,
  everyMonth,
  growth,
  isLikeForLike,
  isWholeMonth,
  type OpinionMonth,
  onlineYear,
  opinionOf,
  partsOf,
  readImport,
  scoreOf,
  settledUntil,
  untilToday,
  withinReach,
} from './rules.ts';
import type { Counts } from './types.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const TODAY = day('2026-11-25');

test.each([
  ['2026-11-25', '2026-10-01'],
  ['2026-12-01', '2026-10-01'],
  ['2026-12-02', '2026-11-01'],
  ['2026-03-03', '2026-01-01'],
  ['2026-03-04', '2026-02-01'],
])(
  'on %s months before %s are settled: nobody can answer their surveys any more',
  (today, first) => {
    expect(settledUntil(day(today)).toString()).toBe(first);
  },
);

test('a span is in parts that follow each other, and those that are whole are months', () => {
  const days = fc.integer({ min: 0, max: 1500 }).map((n) => day('2024-01-01').add({ days: n }));
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 900 }), (from, length) => {
      const to = from.add({ days: length });
      const parts = partsOf({ from, to });
      const bounds = parts.flatMap((part) => [
        part.from.toString(),
        part.to.add({ days: 1 }).toString(),
      ]);
      expect(bounds[0]).toBe(from.toString());
      expect(bounds.at(-1)).toBe(to.add({ days: 1 }).toString());
      for (let at = 1; at + 1 < bounds.length; at += 2) expect(bounds[at]).toBe(bounds[at + 1]);
      for (const part of parts) {
        if (part.isWhole) expect([part.from.day, part.to.add({ days: 1 }).day]).toEqual([1, 1]);
        // What isn't whole is shorter than what two months are.
        else expect(part.from.until(part.to).days).toBeLessThan(60);
      }
    }),
  );
});

describe('month by month', () => {
  test('those in which nothing was are there, until the last day looked at', () => {
    const of = (key: string) => ({ key, counts: { booked: 5 } as Counts });
    const nothing = { booked: 0 } as Counts;
    const found = everyMonth([of('2025-11-01'), of('2026-02-01')], day('2026-03-02'), nothing);
    expect(found.map(({ key, counts }) => [key, counts.booked])).toEqual([
      ['2025-11-01', 5],
      ['2025-12-01', 0],
      ['2026-01-01', 0],
      ['2026-02-01', 5],
      ['2026-03-01', 0],
    ]);
    expect(everyMonth([], day('2026-03-02'), nothing)).toEqual([]);
  });

  test.each([
    ['2026-10-01', '2026-01-01', '2026-11-25', true],
    ['2026-11-01', '2026-01-01', '2026-11-30', false],
    ['2026-10-01', '2026-10-02', '2026-11-25', false],
    ['2026-10-01', '2026-10-01', '2026-10-31', true],
    ['2026-10-01', '2026-10-01', '2026-10-30', false],
  ])('%s from %s to %s is whole: %s', (month, from, to, isWhole) => {
    expect(isWholeMonth(month, { from: day(from), to: day(to) }, TODAY)).toBe(isWhole);
  });

  test('days that are still to come are left out, unless none else was asked for', () => {
    const of = (from: string, to: string) => {
      const all = { channel: null, procedure: null, language: null };
      const span = untilToday({ from: day(from), to: day(to), ...all }, TODAY);
      return `${span.from} ${span.to}`;
    };
    expect(of('2026-10-01', '2099-12-31')).toBe('2026-10-01 2026-11-25');
    expect(of('2026-10-01', '2026-10-31')).toBe('2026-10-01 2026-10-31');
    expect(of('2027-01-01', '2027-12-31')).toBe('2027-01-01 2027-01-01');
  });

  test.each([
    ['2000-01-01', '2199-12-31', '2016-11-26', '2026-11-25'],
    ['2000-01-01', '2012-02-29', '2002-03-01', '2012-02-29'],
    ['2016-11-26', '2026-11-25', '2016-11-26', '2026-11-25'],
    ['2020-01-01', '2029-12-31', '2020-01-01', '2029-12-31'],
    ['2020-01-01', '2030-01-01', '2020-01-01', '2026-11-25'],
  ])('of %s to %s, ten years at most are counted: %s to %s', (from, to, first, last) => {
    const all = { channel: null, procedure: null, language: null };
    const span = withinReach({ from: day(from), to: day(to), ...all }, TODAY);
    expect([span.from.toString(), span.to.toString()]).toEqual([first, last]);
  });
});

test.each([
  [2025, 12],
  [2026, 10],
  [2027, 0],
])('of %i, %i months are over and compared with those of the year before', (year, months) => {
  expect(comparedMonths(year, TODAY)).toBe(months);
});

test('growth is told against something', () => {
  expect(growth(150, 100)).toBe(0.5);
  expect(growth(50, 100)).toBe(-0.5);
  expect(growth(7, 0)).toBeNull();
});

test('two years are compared where each channel has figures of the same months', () => {
  const of = (channel: string, ...months: number[]) => ({ channel, encounters: 5, months });
  expect(isLikeForLike([of('phone', 1, 2)], [of('phone', 1, 2)])).toBe(true);
  expect(isLikeForLike([of('phone', 1, 2)], [of('phone', 1, 3)])).toBe(false);
  expect(isLikeForLike([of('phone', 1, 2)], [of('phone', 1, 2), of('internet', 1)])).toBe(false);
  expect(isLikeForLike([of('phone', 1, 2), of('internet', 1)], [of('phone', 1, 2)])).toBe(false);
});

describe('what citizens said', () => {
  const month = (name: string, scores: number[], solved = [0, 0, 0]): OpinionMonth => ({
    month: name,
    answered: Math.max(
      scores.reduce((a, b) => a + b, 0),
      solved.reduce((a, b) => a + b, 0),
    ),
    ended: 100,
    ...{ scores, solved },
  });
  const ten = (many: number) => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, many];

  test('is the mean, and the share of eight and more', () => {
    expect(scoreOf([1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1])).toEqual({ n: 4, mean: 6.25, high: 0.5 });
    expect(scoreOf([0, 0])).toBeNull();
  });

  test('counts where at least five did, and each question by itself', () => {
    const months = [month('2026-01-01', ten(5), [2, 1, 1]), month('2026-02-01', ten(4))];
    expect(opinionOf(months, 3)).toEqual({
      ...{ answered: 5, ended: 100, scores: ten(5), solved: null },
      ...{ months: ['2026-01-01'], leftOut: 2 },
    });
  });

  test('never tells, by the difference of two spans, what fewer than five said', () => {
    const some = fc.array(fc.nat(3), { minLength: 11, maxLength: 11 });
    fc.assert(
      fc.property(
        fc.array(some, { minLength: 1, maxLength: 6 }),
        fc.nat(5),
        fc.nat(5),
        (all, a, b) => {
          const months = all.map((scores, at) => month(`2026-0${at + 1}-01`, scores));
          const n = (of: OpinionMonth[]) =>
            (opinionOf(of, of.length).scores ?? []).reduce((x, y) => x + y, 0);
          const [one, other] = [months.slice(0, a), months.slice(0, b)];
          const apart = Math.abs(n(one) - n(other));
          expect(apart === 0 || apart >= 5).toBe(true);
        },
      ),
    );
  });
});

describe('an import of other channels', () => {
  const read = (text: string) => readImport(text, TODAY);

  test.each([
    ['commas', 'month,channel,encounters\r\n2026-09,internet,1520\r\n2026-09,walk_in,38\r\n'],
    [
      'semicolons and quotes',
      '\uFEFF"Mes";"Canal";"Atencions"\n"2026-09";"internet";"1520"\n2026-09;walk_in;38',
    ],
    ['tabs, without headings', '2026-09\tinternet\t1520\n\n2026-09\twalk_in\t38\n'],
  ])('is read with %s', (_, text) => {
    expect(read(text)).toEqual({
      ok: true,
      figures: [
        { month: '2026-09-01', channel: 'internet', encounters: 1520 },
        { month: '2026-09-01', channel: 'walk_in', encounters: 38 },
      ],
    });
  });

  test('says what is wrong in which line', () => {
    const text = [
      'month,channel,encounters',
      '2026-09,internet',
      '2026-13,internet,5',
      '2026-11,internet,5',
      '2026-09,fax,5',
      '2026-09,internet,1.520',
      '2026-09,internet,5',
      '2026-09,internet,6',
    ].join('\n');
    expect(read(text)).toEqual({
      ok: false,
      mistakes: [
        { line: 2, why: 'columns' },
        { line: 3, why: 'month' },
        { line: 4, why: 'future' },
        { line: 5, why: 'channel' },
        { line: 6, why: 'number' },
        { line: 8, why: 'twice' },
      ],
    });
  });

  test('takes a figure back where a line has none', () => {
    expect(read('2026-09,internet,\n2026-08;internet;')).toEqual({
      ok: true,
      figures: [
        { month: '2026-09-01', channel: 'internet', encounters: null },
        { month: '2026-08-01', channel: 'internet', encounters: null },
      ],
    });
  });

  test.each([
    ['0000-05,internet,5', 'month'],
    ['1999-05,internet,5', 'month'],
    ['2026-09,internet,12345678', 'number'],
    ['2026-09,internet,-1', 'number'],
  ])('refuses what cannot be: %s', (line, why) => {
    expect(read(line)).toEqual({ ok: false, mistakes: [{ line: 1, why }] });
  });

  test('of nothing is none', () => {
    expect(read('month,channel,encounters\n')).toMatchObject({ ok: false, why: 'empty' });
    expect(read('2026-09,internet,5\n'.repeat(2001))).toMatchObject({ ok: false, why: 'too_long' });
  });
});

describe('cases on-line as a channel of a year', () => {
  const day = (text: string) => Temporal.PlainDate.from(text);
  const some = [
    { procedure: 1, door: 'online', month: 2, cases: 3 },
    { procedure: 2, door: 'online', month: 3, cases: 4 },
    { procedure: 1, door: 'phone', month: 3, cases: 50 },
  ];
  test('count what was begun on-line, from the month of the first case on', () => {
    expect(onlineYear(some, day('2026-02-17'), { year: 2026, months: 4 })).toEqual({
      channel: 'online',
      encounters: 7,
      months: [2, 3, 4],
    });
    expect(onlineYear([], day('2025-11-02'), { year: 2026, months: 2 })).toEqual({
      channel: 'online',
      encounters: 0,
      months: [1, 2],
    });
  });
  test('are none before the office had any', () => {
    expect(onlineYear([], null, { year: 2026, months: 4 })).toBeNull();
    expect(onlineYear([], day('2026-01-02'), { year: 2025, months: 12 })).toBeNull();
    expect(onlineYear([], day('2026-06-02'), { year: 2026, months: 3 })).toBeNull();
  });
});
