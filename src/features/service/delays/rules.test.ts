import { assert, constantFrom, integer, property, record, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delayOf, expectedStarts, isToBeTold } from './rules.ts';
import type { Turn } from './types.ts';

const ZONE = 'Europe/Madrid';
const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}:00+01:00`);
const hour = (instant: Temporal.Instant | undefined) =>
  instant?.toZonedDateTimeISO(ZONE).toPlainTime().toString().slice(0, 5);

/** Fifteen minutes from `time` on. */
function turn(time: string, more: Partial<Turn> = {}): Turn {
  const start = at(time);
  return {
    id: time,
    desk: 1,
    start,
    end: start.add({ minutes: 15 }),
    status: 'booked',
    startedAt: null,
    attempts: 0,
    told: { times: 0, minutes: 0, announced: 0 },
    ...more,
  };
}

const attended = (time: string, startedAt = time) =>
  turn(time, { status: 'in_progress', startedAt: at(startedAt) });

describe('when it is whose turn', () => {
  const cases: [string, string, Turn[], Record<string, string>][] = [
    [
      'nothing goes on',
      '8:50',
      [turn('09:00'), turn('09:20')],
      { '09:00': '09:00', '09:20': '09:20' },
    ],
    ['its hour has come and nobody began', '09:12', [turn('09:00')], { '09:00': '09:12' }],
    ['and the next waits for it', '09:12', [turn('09:00'), turn('09:20')], { '09:20': '09:27' }],
    [
      'one that goes on, in time',
      '09:05',
      [attended('09:00'), turn('09:20')],
      { '09:20': '09:20' },
    ],
    [
      'one that began late pushes',
      '09:14',
      [attended('09:00', '09:12'), turn('09:20'), turn('09:40'), turn('10:00')],
      { '09:20': '09:27', '09:40': '09:42', '10:00': '10:00' },
    ],
    [
      'one that is past its end ends any moment',
      '09:31',
      [attended('09:00'), turn('09:20')],
      { '09:20': '09:31' },
    ],
    [
      'one that is over pushes nobody',
      '09:18',
      [turn('09:00', { status: 'fulfilled' }), turn('09:20')],
      { '09:20': '09:20' },
    ],
    [
      'one that was called waits for no turn',
      '09:05',
      [turn('09:00', { attempts: 1 }), turn('09:20')],
      { '09:20': '09:20' },
    ],
    [
      'one that was passed over keeps a turn and pushes nobody',
      '09:25',
      [turn('09:00'), attended('09:20'), turn('09:40')],
      { '09:00': '09:35', '09:40': '09:40' },
    ],
    [
      'one that nobody began within what was promised pushes nobody',
      '09:30',
      [turn('09:00'), turn('09:40')],
      { '09:00': '09:30', '09:40': '09:40' },
    ],
    [
      'the one who waits in the room has their turn too',
      '09:10',
      [turn('09:00', { status: 'arrived' }), turn('09:20')],
      { '09:00': '09:10', '09:20': '09:25' },
    ],
    [
      'one begun ahead of its hour passes over nobody',
      '09:05',
      [turn('09:00'), attended('10:00', '09:02')],
      { '09:00': '09:17' },
    ],
  ];
  test.each(cases)('%s', (_, now, desk, expected) => {
    const found = expectedStarts(desk, 30, at(now.padStart(5, '0')));
    for (const [id, when] of Object.entries(expected)) expect(hour(found.get(id)), id).toBe(when);
  });

  test('a desk walked through minute by minute says the same', () => {
    const entry = record({
      start: integer({ min: 0, max: 300 }),
      length: integer({ min: 5, max: 40 }),
      state: constantFrom('booked', 'booked', 'booked', 'called', 'fulfilled', 'arrived'),
    });
    const desks = uniqueArray(entry, { maxLength: 9, selector: (each) => each.start });
    const midnight = at('00:00');
    const minute = (after: number) => midnight.add({ minutes: after });
    assert(
      property(
        desks,
        integer({ min: 0, max: 300 }),
        integer({ min: 0, max: 60 }),
        (entries, now, ago) => {
          const sorted = entries.toSorted((a, b) => a.start - b.start);
          // The first goes on since `ago` minutes, if its hour has come.
          const turns = sorted.map(({ start, length, state }, index): Turn => {
            const goesOn = index === 0 && start <= now;
            return {
              ...turn('00:00'),
              id: String(index),
              start: minute(start),
              end: minute(start + length),
              status: goesOn ? 'in_progress' : state === 'called' ? 'booked' : state,
              startedAt: goesOn ? minute(now - ago) : null,
              attempts: state === 'called' && !goesOn ? 1 : 0,
            };
          });
          const found = expectedStarts(turns, 30, minute(now));
          const seen = new Map(
            [...found].map(([id, when]) => [id, midnight.until(when).total('minutes')]),
          );
          expect(seen).toEqual(walk(sorted, now, ago));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

/** Goes minute by minute, and begins with whoever is next as soon as the desk is free. */
function walk(
  entries: { start: number; length: number; state: string }[],
  now: number,
  ago: number,
): Map<string, number> {
  const begins = new Map<string, number>();
  const goesOn = entries[0] && entries[0].start <= now ? entries[0] : null;
  let left = goesOn ? Math.max(0, goesOn.length - ago) : 0;
  const isBegun = (index: number) =>
    (index === 0 && goesOn !== null) ||
    ['called', 'fulfilled'].includes(entries[index]?.state ?? '');
  const lastBegun = Math.max(
    -1,
    ...entries.flatMap((each, index) => (isBegun(index) && each.start <= now ? [each.start] : [])),
  );
  const queue = entries
    .map((each, index) => ({ ...each, index }))
    .filter(({ index }) => !isBegun(index));
  for (let time = now; queue.length > 0; time++, left = Math.max(0, left - 1)) {
    while (left === 0 && queue[0] && queue[0].start <= time) {
      const [next] = queue.splice(0, 1);
      if (!next) break;
      begins.set(String(next.index), time);
      if (next.start >= lastBegun && now - next.start < 30) left = next.length;
    }
  }
  return begins;
}

test.each([
  [9, null],
  [10, 15],
  [14, 15],
  [15, 20],
  [61, 65],
])('%s minutes late are told as %s, so that the moment is still to come', (minutes, told) => {
  const delay = delayOf(at('09:00'), at('09:00').add({ minutes, seconds: 59 }), 10);
  expect(delay?.minutes ?? null).toBe(told);
  if (told !== null) expect(delay?.at).toEqual(at('09:00').add({ minutes: told }));
});

describe('who is written to', () => {
  const told = (minutes: number, times = 1) => ({ told: { times, minutes, announced: 0 } });
  const cases: [string, boolean, string, Partial<Turn>, number][] = [
    ['their hour is near', true, '08:45', {}, 15],
    ['their hour is far', false, '08:44', {}, 15],
    ['their hour is over', true, '09:10', {}, 15],
    ['their hour is long over', false, '11:00', {}, 125],
    ['they were called', false, '09:10', { attempts: 1 }, 15],
    ['they wait in the room', false, '09:10', { status: 'arrived' }, 15],
    ['it began', false, '09:10', { status: 'in_progress' }, 15],
    ['it was cancelled', false, '09:10', { status: 'cancelled' }, 15],
    ['they know', false, '09:20', told(15), 25],
    ['it has grown much', true, '09:30', told(15), 35],
    ['they know, and were told twice', false, '09:55', told(35, 2), 60],
  ];
  test.each(cases)('%s: %s', (_, expected, now, more, minutes) => {
    const delay = { minutes, at: at('09:00').add({ minutes }) };
    expect(isToBeTold(turn('09:00', more), delay, ZONE, at(now))).toBe(expected);
  });

  test('nobody is woken in the night, unless their call was to be in it', () => {
    const isTold = (start: string, now: string) => {
      const delay = { minutes: 15, at: at(start).add({ minutes: 15 }) };
      return isToBeTold(turn(start), delay, ZONE, at(now));
    };
    expect(isTold('21:45', '21:59')).toBe(true);
    expect(isTold('21:45', '22:00')).toBe(false);
    expect(isTold('07:10', '06:59')).toBe(false);
    expect(isTold('23:00', '23:15')).toBe(true);
  });
});
