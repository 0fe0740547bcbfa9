import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Turn } from '../delays/types.ts';
import type { Standing, State } from '../presence/types.ts';
import {
  compareOutlooks,
  hasCome,
  isPromiseBroken,
  type LateCall,
  lateCallFor,
  outlookOf,
  owedOf,
} from './rules.ts';
import type { Outlook } from './types.ts';

/** Minutes after nine. */
const NINE = Temporal.Instant.from('2026-11-30T09:00:00+01:00');
const at = (minute: number) => NINE.add({ minutes: minute });

const turn = (id: string, start: number, more: Partial<Turn> & { minutes?: number } = {}): Turn => {
  const { minutes = 15, ...rest } = more;
  return {
    id,
    desk: 1,
    start: at(start),
    end: at(start + minutes),
    status: 'booked',
    startedAt: null,
    attempts: 0,
    told: { times: 0, minutes: 0, announced: 0 },
    ...rest,
  };
};
const stands = (state: State, since = 0, appointment: string | null = null): Standing => {
  const work = {
    appointment: appointment ?? '',
    procedure: 'volant',
    channel: 'phone',
    startedAt: at(since),
    callEndedAt: null,
    endedAt: null,
  } as const;
  return { state, since: at(since), why: 'call', work: appointment ? work : null };
};
const outlook = (standing: Standing | null, turns: Turn[], now: number) => {
  const found = outlookOf({ standing, turns, windowMinutes: 60 }, at(now));
  const minute = (moment: Temporal.Instant | null) => moment && NINE.until(moment).total('minutes');
  return { free: minute(found.freeAt), until: minute(found.until) };
};

describe('when the agent of a desk is free', () => {
  test('now, whatever was booked for this hour and is over', () => {
    const over = turn('over', 0, { minutes: 60, status: 'fulfilled', startedAt: at(0) });
    expect(outlook(stands('available'), [over], 10)).toEqual({ free: 10, until: null });
  });

  test('when the call that goes on has lasted as long as it was booked for, or any moment', () => {
    const call = turn('call', 40, { status: 'in_progress', startedAt: at(42) });
    expect(outlook(stands('in_call', 42, 'call'), [call], 50)).toEqual({ free: 57, until: null });
    expect(outlook(stands('in_call', 42, 'call'), [call], 58)).toEqual({ free: 58, until: null });
  });

  test('after those of its own whose hour has come, and until its next one', () => {
    const turns = [turn('late', 30), turn('next', 50), turn('later', 90)];
    expect(outlook(stands('available'), turns, 40)).toEqual({ free: 70, until: 90 });
    expect(outlook(stands('available'), [turn('next', 60)], 40)).toEqual({ free: 40, until: 60 });
  });

  test('not in a pause that is too short for anybody', () => {
    expect(outlook(stands('available'), [turn('next', 44)], 40)).toEqual({ free: 59, until: null });
  });

  test('never, where nobody is: on a break, away, or not seen today', () => {
    for (const standing of [stands('break'), stands('away'), null])
      expect(outlook(standing, [], 40)).toEqual({ free: null, until: null });
  });

  test('who writes up a call can take another one', () => {
    expect(outlook(stands('wrap_up', 30), [], 40)).toEqual({ free: 40, until: null });
  });
});

test('an hour has come five minutes before it', () => {
  expect([hasCome(at(6), at(0)), hasCome(at(5), at(0)), hasCome(at(-90), at(0))]).toEqual([
    false,
    true,
    true,
  ]);
});

const free = (from: number | null, until: number | null, state: State = 'available'): Outlook => ({
  standing: stands(state),
  freeAt: from === null ? null : at(from),
  until: until === null ? null : at(until),
});

test('the desk that has the time comes first, then the soonest, then the one that is at nothing', () => {
  const desks = {
    nobody: free(null, null, 'away'),
    short: free(0, 10),
    call: free(12, null, 'in_call'),
    writes: free(0, 40, 'wrap_up'),
    idle: free(0, 40),
  };
  const order = Object.entries(desks)
    .toSorted(([, a], [, b]) => compareOutlooks(a, b, 15))
    .map(([name]) => name);
  expect(order).toEqual(['idle', 'writes', 'call', 'short', 'nobody']);
});

const DESK = {
  id: 2,
  skills: ['volant'],
  languages: ['ca'],
  channels: ['phone', 'video'],
  site: null,
} as const;
const call = (id: string, start: number, more: Partial<LateCall> = {}): LateCall => ({
  id,
  reference: id,
  desk: 1,
  start: at(start),
  end: at(start + 15),
  procedure: 'volant',
  channel: 'phone',
  language: 'ca',
  site: null,
  owedSince: at(start),
  expected: null,
  ...more,
});
const offered = (calls: LateCall[], now: number, mine = free(now, null)) =>
  lateCallFor({ desk: DESK, outlook: mine }, calls, at(now))?.id ?? null;

describe('a colleague’s call that is offered to a free agent', () => {
  test('is late, and the one that is owed longest', () => {
    expect(offered([call('a', 10), call('b', 5)], 20)).toBe('b');
    expect(offered([call('a', 10)], 14)).toBeNull();
  });

  test('is one that its own desk won’t begin with in the next minutes', () => {
    expect(offered([call('a', 0, { expected: at(24) })], 20)).toBeNull();
    expect(offered([call('a', 0, { expected: at(25) })], 20)).toBe('a');
  });

  test('is one that the desk can serve', () => {
    expect(offered([call('a', 0, { language: 'eu' })], 20)).toBeNull();
    expect(offered([call('a', 0, { procedure: 'obres' })], 20)).toBeNull();
    expect(offered([call('a', 0, { channel: 'in_person', site: 'ajuntament' })], 20)).toBeNull();
    expect(offered([call('a', 0, { desk: 2 })], 20)).toBeNull();
  });

  test('is over before the agent’s own next one', () => {
    expect(offered([call('a', 0)], 20, free(20, 34))).toBeNull();
    expect(offered([call('a', 0)], 20, free(20, 35))).toBe('a');
  });

  test('is none for whoever is in a call, writes, rests or has somebody waiting', () => {
    for (const state of ['in_call', 'wrap_up', 'break', 'away'] as const)
      expect(offered([call('a', 0)], 20, free(20, null, state))).toBeNull();
    expect(offered([call('a', 0)], 20, free(30, null))).toBeNull();
  });

  test('is the same whatever the order in which the calls are read', () => {
    const random = fc.record({
      start: fc.integer({ min: -60, max: 30 }),
      wait: fc.option(fc.integer({ min: 0, max: 30 })),
      fits: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(random, { maxLength: 8 }), (some) => {
        const calls = some.map(({ start, wait, fits }, nth) =>
          call(`${nth}`, start, {
            expected: wait === null ? null : at(20 + wait),
            language: fits ? 'ca' : 'eu',
          }),
        );
        // Counted plainly.
        const plain = some
          .map((each, nth) => ({ ...each, id: `${nth}` }))
          .filter(({ start, wait, fits }) => fits && start <= 15 && (wait === null || wait >= 5))
          .sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))[0];
        expect(offered(calls, 20)).toBe(plain?.id ?? null);
        expect(offered(calls.toReversed(), 20)).toBe(plain?.id ?? null);
      }),
    );
  });
});

test('a call is owed at the hour, and again when the next try is due', () => {
  const owed = (due: number, more: { endsAt?: number; lacksNumber?: boolean } = {}) => {
    const { endsAt, lacksNumber = false } = more;
    const turn = { dueAt: at(due), endsAt: endsAt ? at(endsAt) : null, lacksNumber };
    const found = owedOf([{ id: 'a' }], new Map([['a', turn]]), at(10));
    return found.map((each) => NINE.until(each.owedSince).total('minutes'));
  };
  expect(owed(0)).toEqual([0]);
  expect(owed(10)).toEqual([10]);
  expect(owed(11)).toEqual([]);
  // The last call failed too, or there is no number.
  expect(owed(5, { endsAt: 30 })).toEqual([]);
  expect(owed(5, { lacksNumber: true })).toEqual([]);
  expect(owedOf([{ id: 'b' }], new Map(), at(10))).toEqual([]);
});

test.each<[string, { told?: number; undone?: number; state?: State | null }, number]>([
  ['nobody has been at the desk', {}, 30],
  ['its agent went home', { state: 'away' }, 30],
  ['its citizen was told that it would be late', { told: 20 }, 50],
  ['a call was taken back just now', { undone: 28 }, 33],
  ['a call was taken back before', { undone: 10 }, 30],
  ['its agent is in a long call', { state: 'in_call' }, 150],
  ['its agent has a break', { state: 'break' }, 150],
])('a promise to call is broken, where %s', (_, { told = 0, undone, state = null }, minute) => {
  const undoneAt = undone === undefined ? null : at(undone);
  const isBroken = (now: number) =>
    isPromiseBroken({ start: at(0), told, undoneAt }, state && { state }, 30, at(now));
  expect([isBroken(minute - 1), isBroken(minute)]).toEqual([false, true]);
});
