import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blocked, desksForCalls, impatient, mustWait, patient } from './erlang.ts';
import { numbersFrom } from './numbers.ts';

/** So many calls in half an hour. */
const perHalfHour = (calls: number, length: number) => ({ rate: calls / 1800, length });

describe('published cases', () => {
  test('2 erlangs, 3 desks: by hand', () => {
    expect(blocked(2, 3)).toBeCloseTo(4 / 19, 12);
    expect(mustWait(2, 3)).toBeCloseTo(4 / 9, 12);
  });

  test.each([
    [11, 0.682118, 0.389614, 122.78],
    [14, 0.1741319, 0.88835, 7.83594],
  ])('100 calls in half an hour, 180 s, %i agents (R ErlangC, pyworkforce)', (n, c, sl, asa) => {
    const how = patient(perHalfHour(100, 180), n, 20);
    expect(mustWait(10, n)).toBeCloseTo(c, 6);
    expect(how.served).toBeCloseTo(sl, 6);
    expect(how.meanWait).toBeCloseTo(asa, 2);
  });

  test.each([
    [12, 0.640158],
    [13, 0.795595],
    [15, 0.941453],
  ])('the same with %i agents', (n, served) =>
    expect(patient(perHalfHour(100, 180), n, 20).served).toBeCloseTo(served, 6),
  );

  test('the same: 14 for 80 % within 20 s, occupied 71 % of their time', () => {
    const load = perHalfHour(100, 180);
    expect(desksForCalls(load, { within: 20, share: 0.8 }, null)).toBe(14);
    expect(patient(load, 14, 20).occupied).toBeCloseTo(0.7142857, 7);
  });

  test('360 calls in half an hour, 240 s, 55 agents', () => {
    const how = patient(perHalfHour(360, 240), 55, 15);
    expect(mustWait(48, 55)).toBeCloseTo(0.238701, 6);
    expect(how.served).toBeCloseTo(0.845883, 6);
    expect(how.meanWait).toBeCloseTo(8.184, 3);
    expect(how.occupied).toBeCloseTo(0.872727, 6);
  });

  test('48 calls a minute, 60 s, 50 agents (Garnett, Mandelbaum & Reiman 2002, table 1)', () => {
    const load = { rate: 0.8, length: 60 };
    const c = patient(load, 50, 20);
    expect(mustWait(48, 50)).toBeCloseTo(0.694456, 6);
    expect(c.meanWait).toBeCloseTo(20.83, 2);
    const a = impatient(load, 50, 20, 120);
    expect(a.gaveUp).toBeCloseTo(0.0309, 4);
    expect(a.meanWait).toBeCloseTo(3.71, 2);
    expect(a.meanWait * load.rate).toBeCloseTo(2.968, 3);
    expect(a.occupied).toBeCloseTo(0.9303, 4);
    expect(a.served).toBeCloseTo(0.943, 3);
  });

  test.each([
    [100, 180, 180, 20, 11, 0.0834, 0.7054],
    [100, 180, 180, 20, 12, 0.0531, 0.8023],
    [30, 480, 120, 60, 9, 0.1268, 0.8134],
    [30, 480, 120, 60, 10, 0.0829, 0.8772],
  ])(
    '%i calls, %i s, patience %i s, within %i s, %i agents',
    (calls, length, patience, within, n, gaveUp, served) => {
      const how = impatient(perHalfHour(calls, length), n, within, patience);
      expect(how.gaveUp).toBeCloseTo(gaveUp, 4);
      expect(how.served).toBeCloseTo(served, 4);
    },
  );

  test('a small team planned for callers who never hang up is planned wrongly', () => {
    const load = perHalfHour(30, 480);
    expect(patient(load, 9, 60).meanWait).toBeCloseTo(314, 0);
    expect(impatient(load, 9, 60, 120).meanWait).toBeLessThan(16);
  });
});

/** A plain simulation, event by event, that shares nothing with the formulas: who calls, waits, is answered or hangs up. */
function simulate(
  load: { rate: number; length: number },
  agents: number,
  within: number,
  patience: number,
  calls: number,
) {
  const random = numbersFrom(20261125);
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const free = new Array<number>(agents).fill(0); // when each agent is free
  let now = 0;
  let [served, gaveUp, waited] = [0, 0, 0];
  for (let i = 0; i < calls; i++) {
    now += exponential(1 / load.rate);
    // First come, first served: who comes now is answered by whoever is free first.
    let first = 0;
    for (let k = 1; k < agents; k++) if (free[k]! < free[first]!) first = k;
    const wait = Math.max(0, free[first]! - now);
    const bears = exponential(patience);
    waited += Math.min(wait, bears);
    if (wait > bears) gaveUp++;
    else {
      if (wait <= within) served++;
      free[first] = now + wait + exponential(load.length);
    }
  }
  return { served: served / calls, gaveUp: gaveUp / calls, meanWait: waited / calls };
}

test.each([
  [30, 480, 120, 60, 9],
  [12, 240, 90, 20, 2],
  [40, 300, 200, 30, 5],
])(
  '%i calls, %i s, patience %i s, within %i s, %i desks: as the simulation has it',
  (calls, length, patience, within, n) => {
    const load = perHalfHour(calls, length);
    const seen = simulate(load, n, within, patience, 400_000);
    const said = impatient(load, n, within, patience);
    // Four standard errors of a share over 400,000 calls, twice over since neighbours wait together.
    expect(Math.abs(said.served - seen.served)).toBeLessThan(0.007);
    expect(Math.abs(said.gaveUp - seen.gaveUp)).toBeLessThan(0.007);
    expect(Math.abs(said.meanWait / seen.meanWait - 1)).toBeLessThan(0.03);
  },
);

describe('whatever the calls', () => {
  const load = fc.record({
    rate: fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
    length: fc.double({ min: 10, max: 1200, noNaN: true }),
  });
  const patience = fc.double({ min: 5, max: 3600, noNaN: true });
  const agents = fc.integer({ min: 1, max: 300 });

  test('one more person answers more, and fewer hang up', () => {
    fc.assert(
      fc.property(load, agents, patience, (calls, n, bears) => {
        const [one, more] = [impatient(calls, n, 20, bears), impatient(calls, n + 1, 20, bears)];
        expect(more.served).toBeGreaterThanOrEqual(one.served - 1e-9);
        expect(more.gaveUp).toBeLessThanOrEqual(one.gaveUp + 1e-9);
        for (const each of [one.served, one.gaveUp, one.occupied]) {
          expect(each).toBeGreaterThanOrEqual(0);
          expect(each).toBeLessThanOrEqual(1);
        }
        expect(one.served + one.gaveUp).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  test('the number that keeps the promise keeps it, and one fewer doesn’t', () => {
    const share = fc.double({ min: 0.5, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(load, share, patience, (calls, wanted, bears) => {
        const n = desksForCalls(calls, { within: 20, share: wanted }, bears);
        expect(impatient(calls, n, 20, bears).served).toBeGreaterThanOrEqual(wanted);
        expect(impatient(calls, n - 1, 20, bears).served).toBeLessThan(wanted);
      }),
    );
  });

  test('who bears it almost for ever is as who never hangs up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        (n, use) => {
          const calls = { rate: (n * use) / 180, length: 180 };
          const [a, c] = [impatient(calls, n, 20, 1e7), patient(calls, n, 20)];
          expect(a.served).toBeCloseTo(c.served, 3);
        },
      ),
    );
  });

  test('what never ends overflows nothing', () => {
    const how = impatient({ rate: 2, length: 3600 }, 1, 20, 3600);
    expect(how.gaveUp).toBeGreaterThan(0.99);
    expect(how.served).toBeLessThan(0.01);
    expect(desksForCalls({ rate: 0, length: 180 }, { within: 20, share: 0.8 }, 60)).toBe(0);
  });
});
