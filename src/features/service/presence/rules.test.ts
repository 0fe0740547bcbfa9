import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesOf, isUnresponsive, mayHaveChanged, standingOf, wasGone } from './rules.ts';
import type { PresencePolicy, Said, Signs, State, Work } from './types.ts';

const NINE = Temporal.Instant.from('2026-11-30T09:00:00+01:00');
const at = (minute: number) => NINE.add({ minutes: minute });
const POLICY: PresencePolicy = { unresponsiveMinutes: 5, wrapUpMinutes: 10, awayMinutes: 5 };

/** Minutes after nine. */
interface PaperWork {
  from: number;
  hungUp: number | null;
  closed: number | null;
}

const workOf = ({ from, hungUp, closed }: PaperWork, nth: number, now = Infinity): Work => {
  const by = (minute: number | null) => (minute !== null && minute <= now ? at(minute) : null);
  return {
    ...{ appointment: `a${nth}`, procedure: 'volant-padro', channel: 'phone' },
    ...{ startedAt: at(from), callEndedAt: by(hungUp), endedAt: by(closed) },
  };
};

const signs = (
  said: [Said, number, Signs['said']['why']?],
  work: PaperWork[] = [],
  seen = 1_000,
): Signs => ({
  said: { state: said[0], at: at(said[1]), why: said[2] ?? 'self' },
  seenAt: at(seen),
  work: work.map((each, nth) => workOf(each, nth)),
});

const stands = (some: Signs, minute: number) => {
  const { state, since, why } = standingOf(some, POLICY, at(minute));
  return [state, NINE.until(since).total('minutes'), why];
};

describe('how a desk stands', () => {
  const call: PaperWork = { from: 20, hungUp: null, closed: null };

  test('is what they said', () => {
    expect(stands(signs(['available', 0, 'came']), 10)).toEqual(['available', 0, 'came']);
    expect(stands(signs(['break', 5]), 10)).toEqual(['break', 5, 'self']);
    expect(stands(signs(['away', 5]), 300)).toEqual(['away', 5, 'self']);
  });

  test('in call while an encounter goes on, whatever they said before or say meanwhile', () => {
    expect(stands(signs(['available', 0], [call]), 25)).toEqual(['in_call', 20, 'call']);
    expect(stands(signs(['break', 0], [call]), 25)).toEqual(['in_call', 20, 'call']);
    expect(stands(signs(['break', 24], [call]), 25)).toEqual(['in_call', 20, 'call']);
  });

  test('then wrap-up, until it is closed, some minutes have gone by or they say something', () => {
    const hungUp = { ...call, hungUp: 30 };
    expect(stands(signs(['available', 0], [hungUp]), 39)).toEqual(['wrap_up', 30, 'call']);
    expect(stands(signs(['available', 0], [hungUp]), 40)).toEqual(['available', 40, 'call']);
    const closed = { ...hungUp, closed: 34 };
    expect(stands(signs(['available', 0], [closed]), 33)).toEqual(['wrap_up', 30, 'call']);
    expect(stands(signs(['available', 0], [closed]), 34)).toEqual(['available', 34, 'call']);
    expect(stands(signs(['available', 32], [hungUp]), 33)).toEqual(['available', 32, 'self']);
  });

  test('a break that was said in a call is one after it; one from before is over', () => {
    const closed = { ...call, closed: 30 };
    expect(stands(signs(['break', 25], [closed]), 31)).toEqual(['break', 30, 'call']);
    expect(stands(signs(['break', 10], [closed]), 31)).toEqual(['available', 30, 'call']);
  });

  test('away once the console is gone, but not in the middle of a call', () => {
    expect(stands(signs(['available', 0], [], 10), 14)).toEqual(['available', 0, 'self']);
    expect(stands(signs(['available', 0], [], 10), 15)).toEqual(['away', 15, 'timeout']);
    expect(stands(signs(['break', 0], [], 10), 15)).toEqual(['away', 15, 'timeout']);
    expect(stands(signs(['available', 0], [call], 10), 60)).toEqual(['in_call', 20, 'call']);
    const closed = { ...call, closed: 30 };
    expect(stands(signs(['available', 0], [closed], 10), 35)).toEqual(['away', 35, 'timeout']);
  });

  test('an encounter that was left open is a call for three hours', () => {
    expect(stands(signs(['available', 0], [call]), 199)[0]).toBe('in_call');
    expect(stands(signs(['available', 0], [call]), 200)[0]).toBe('wrap_up');
    expect(stands(signs(['available', 0], [call]), 210)[0]).toBe('available');
  });

  test('whoever comes back after they were gone, or had signed out, is there again', () => {
    expect(wasGone(signs(['break', 0], [], 10), POLICY, at(14))).toBe(false);
    expect(wasGone(signs(['break', 0], [], 10), POLICY, at(15))).toBe(true);
    expect(wasGone(signs(['away', 10, 'signed_out'], [], 10), POLICY, at(10))).toBe(true);
  });
});

describe('a desk that doesn’t answer', () => {
  const silent = (
    standing: { state: State; why: 'self' | 'timeout' } | null,
    waits: number | null,
    acted: number | null,
    now: number,
  ) =>
    isUnresponsive(
      standing,
      { waitsSince: waits === null ? null : at(waits), actedAt: acted === null ? null : at(acted) },
      POLICY,
      at(now),
    );
  const free = { state: 'available', why: 'self' } as const;

  test('has somebody waiting for as long as the town says, and shows no sign', () => {
    expect(silent(free, 0, -20, 4)).toBe(false);
    expect(silent(free, 0, -20, 5)).toBe(true);
    expect(silent(free, null, -20, 60)).toBe(false);
  });

  test('a page that was asked for is a sign, and so is a call, a break, having said away', () => {
    expect(silent(free, 0, 2, 6)).toBe(false);
    expect(silent(free, 0, 2, 7)).toBe(true);
    for (const state of ['in_call', 'wrap_up', 'break'] as const)
      expect(silent({ state, why: 'self' }, 0, -60, 60)).toBe(false);
    expect(silent({ state: 'away', why: 'self' }, 0, -60, 60)).toBe(false);
    expect(silent({ state: 'away', why: 'timeout' }, 0, -60, 60)).toBe(true);
  });

  test('one where nobody has been neither', () => {
    expect(silent(null, 0, null, 5)).toBe(true);
    expect(silent(null, null, null, 5)).toBe(false);
  });
});

/** A desk's day on paper: what is said, and what is attended, one after the other. */
interface PaperDay {
  words: { minute: number; state: Said }[];
  work: PaperWork[];
  /** The console is open until then. */
  seen: number;
}

const LAST = 400;
const CALL_MINUTES = 180;

const paperDay: fc.Arbitrary<PaperDay> = fc
  .record({
    words: fc.array(
      fc.record({
        minute: fc.integer({ min: 1, max: LAST }),
        state: fc.constantFrom<Said>('available', 'break', 'away'),
      }),
      { maxLength: 6 },
    ),
    spans: fc.array(
      fc.record({
        wait: fc.integer({ min: 0, max: 60 }),
        talk: fc.option(fc.integer({ min: 1, max: 40 })),
        write: fc.option(fc.integer({ min: 0, max: 20 })),
      }),
      { maxLength: 6 },
    ),
    seen: fc.integer({ min: 0, max: LAST * 2 }),
  })
  .map(({ words, spans, seen }) => {
    let minute = 1;
    const work = spans.map(({ wait, talk, write }) => {
      const from = minute + wait;
      const hungUp = talk === null ? null : from + talk;
      const closed = write === null ? null : (hungUp ?? from + 1) + write;
      minute = Math.max(from + 1, hungUp ?? 0, closed ?? 0);
      return { from, hungUp, closed };
    });
    const sorted = words.toSorted((a, b) => a.minute - b.minute);
    return { words: sorted, work, seen };
  });

/** Two encounters were left open: the first is over before anybody looks, and what it was is still to be known. */
const OVERLAPPING: PaperDay = {
  words: [{ minute: 2, state: 'available' }],
  work: [
    { from: 1, hungUp: null, closed: null },
    { from: 38, hungUp: null, closed: null },
  ],
  seen: 0,
};

/** Lives a day forwards, minute by minute, and answers the state of each: nothing is derived from what comes later. */
function lived({ words, work, seen }: PaperDay): State[] {
  const states: State[] = [];
  let base: Said = 'available';
  let baseSince = 0;
  let writing: { nth: number; until: number }[] = [];
  const calls = new Set<number>();
  for (let minute = 0; minute <= LAST; minute++) {
    const wasBusy = calls.size > 0 || writing.length > 0;
    work.forEach(({ from, hungUp, closed }, nth) => {
      const isOver = hungUp === minute || from + CALL_MINUTES === minute;
      if (calls.has(nth) && isOver) {
        calls.delete(nth);
        writing.push({ nth, until: minute + POLICY.wrapUpMinutes });
      }
      if (closed === minute) {
        calls.delete(nth);
        writing = writing.filter((each) => each.nth !== nth);
      }
    });
    work.forEach(({ from }, nth) => {
      if (from !== minute) return;
      calls.add(nth);
      base = 'available';
    });
    writing = writing.filter(({ until }) => until > minute);
    for (const word of words.filter((each) => each.minute === minute)) {
      base = word.state;
      baseSince = minute;
      writing = [];
    }
    const isBusy = calls.size > 0 || writing.length > 0;
    if (wasBusy && !isBusy) baseSince = minute;
    const isGone = base !== 'away' && minute >= Math.max(seen, baseSince) + POLICY.awayMinutes;
    states.push(calls.size > 0 ? 'in_call' : isBusy ? 'wrap_up' : isGone ? 'away' : base);
  }
  return states;
}

/** What the database would know at that minute, of a desk whose state was written down last at `since`. */
function known({ words, work, seen }: PaperDay, minute: number, since = minute): Signs {
  const word = words.findLast((each) => each.minute <= minute);
  const said = word?.minute ?? 0;
  return {
    said: { state: word?.state ?? 'available', at: at(said), why: word ? 'self' : 'came' },
    seenAt: at(Math.min(seen, minute)),
    work: work
      .filter(({ from }) => from <= minute && (from >= said || from > since - 240))
      .filter(({ closed }) => closed === null || closed > minute || closed >= said)
      .map((each, nth) => workOf(each, nth, minute)),
  };
}

/** One change a minute: what lasted no time is left out. */
function perMinute(changes: readonly { minute: number; from: State; to: State }[]) {
  return [...Map.groupBy(changes, (each) => each.minute)].flatMap(([minute, some]) => {
    const [from, to] = [some[0]!.from, some.at(-1)!.to];
    return from === to ? [] : [{ minute, from, to }];
  });
}

describe('random days', () => {
  test('at each minute a desk stands as it would if the day were lived through on paper', () => {
    fc.assert(
      fc.property(paperDay, (day) => {
        const paper = lived(day);
        const found = paper.map((_, minute) => {
          const { state, since } = standingOf(known(day, minute), POLICY, at(minute));
          return Temporal.Instant.compare(since, at(minute)) <= 0 ? state : 'since later';
        });
        expect(found).toEqual(paper);
      }),
    );
  });

  test('however seldom somebody looks, the changes are those of the day, each at its minute', () => {
    fc.assert(
      fc.property(paperDay, fc.integer({ min: 1, max: 40 }), (day, every) => {
        const paper = lived(day);
        const expected = paper.flatMap((to, minute) => {
          const from = paper[minute - 1];
          return from && from !== to ? [{ minute, from, to }] : [];
        });
        let recorded: { state: State; since: Temporal.Instant } = {
          state: 'available',
          since: at(0),
        };
        const found: { minute: number; from: State; to: State }[] = [];
        const written = () => NINE.until(recorded.since).total('minutes');
        const keep = (from: State, to: State, moment: Temporal.Instant) => {
          found.push({ minute: NINE.until(moment).total('minutes'), from, to });
          recorded = { state: to, since: moment };
        };
        const look = (signs: Signs, minute: number) => {
          const changes = changesOf({ recorded, signs }, POLICY, at(minute));
          if (changes.length > 0)
            expect(mayHaveChanged({ recorded, signs }, POLICY, at(minute))).toBe(true);
          for (const each of changes) keep(each.from, each.to, each.at);
        };
        for (let minute = 1; minute <= LAST; minute++) {
          // Whoever says something has what came before written down first, as the service does.
          if (day.words.some((each) => each.minute === minute)) {
            const before = day.words.filter((each) => each.minute < minute);
            look(known({ ...day, words: before }, minute, written()), minute);
            const { state } = standingOf(known(day, minute), POLICY, at(minute));
            if (state !== recorded.state) keep(recorded.state, state, at(minute));
          } else if (minute % every === 0 || minute === LAST)
            look(known(day, minute, written()), minute);
        }
        expect(perMinute(found)).toEqual(expected);
      }),
      { examples: [[OVERLAPPING, 31]] },
    );
  });
});
