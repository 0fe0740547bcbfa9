import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { impatient } from '../erlang.ts';
import { numbersFrom } from '../numbers.ts';
import { chatting, desksForChats, lengthAtOnce, ratesOf } from './model.ts';

const perHour = (chats: number, attention: number, person: number) => ({
  rate: chats / 3600,
  attention,
  person,
});

describe('a desk', () => {
  test('with one conversation has it for as long as both write', () => {
    expect(ratesOf({ attention: 120, person: 240 }, 1)).toEqual([0, 1 / 360]);
  });

  test('with two: by hand', () => {
    // Alone, a third of a conversation's time is the agent's. The second finds the agent at the first for 1/3 of the time.
    const [, , two] = ratesOf({ attention: 120, person: 240 }, 2);
    expect(two).toBeCloseTo(2 / (240 + 120 * (1 + 1 / 3)), 12);
  });

  test('is never done with more than the agent can write, nor than as many desks with one each', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 600, noNaN: true }),
        fc.double({ min: 0, max: 1800, noNaN: true }),
        fc.integer({ min: 1, max: 10 }),
        (attention, person, atOnce) => {
          const rates = ratesOf({ attention, person }, atOnce);
          for (const [k, rate] of rates.entries()) {
            expect(rate).toBeLessThanOrEqual(1 / attention + 1e-9);
            expect(rate).toBeLessThanOrEqual(k / (attention + person) + 1e-9);
            if (k > 0) expect(rate).toBeGreaterThanOrEqual(rates[k - 1]! - 1e-12);
          }
          expect(lengthAtOnce({ attention, person }, atOnce)).toBeGreaterThanOrEqual(
            attention + person - 1e-6,
          );
        },
      ),
    );
  });
});

interface Talk {
  begins: number;
  left: number;
  gives: number;
}

/**
 * A plain simulation, event by event, that shares nothing with the formulas. Each desk answers its conversations one at a time, in the order in
 * which their words came; each conversation has eight turns on average. A new one goes to the desk with the most room.
 */
function simulate(
  load: { rate: number; attention: number; person: number },
  { desks, atOnce }: { desks: number; atOnce: number },
  within: number,
  patience: number,
  all: number,
) {
  const random = numbersFrom(20261130);
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const TURNS = 8;
  const team = Array.from({ length: desks }, () => ({
    has: 0,
    asks: [] as Talk[],
    busyUntil: Number.POSITIVE_INFINITY,
    at: null as Talk | null,
  }));
  const thinking: { at: number; desk: number; talk: Talk }[] = [];
  const line: Talk[] = [];
  let [now, next, come] = [0, exponential(1 / load.rate), 0];
  let [served, gaveUp, waited, answered] = [0, 0, 0, 0];
  const work = (desk: (typeof team)[number]) => {
    if (desk.at || desk.asks.length === 0) return;
    desk.at = desk.asks.shift()!;
    desk.busyUntil = now + exponential(load.attention / TURNS);
  };
  const take = () => {
    while (line.length > 0) {
      if (line[0]!.gives <= now) {
        gaveUp++;
        waited += line[0]!.gives - line[0]!.begins;
        line.shift();
        continue;
      }
      const desk = team.reduce((best, each) => (each.has < best.has ? each : best));
      if (desk.has >= atOnce) return;
      const talk = line.shift()!;
      if (now - talk.begins <= within) served++;
      answered++;
      waited += now - talk.begins;
      desk.has++;
      desk.asks.push(talk);
      work(desk);
    }
  };
  while (come < all || line.length > 0) {
    const desk = team.reduce((first, each) => (each.busyUntil < first.busyUntil ? each : first));
    let soonest = -1;
    for (const [k, each] of thinking.entries())
      if (soonest < 0 || each.at < thinking[soonest]!.at) soonest = k;
    const thought = soonest < 0 ? Number.POSITIVE_INFINITY : thinking[soonest]!.at;
    const arrives = come < all ? next : Number.POSITIVE_INFINITY;
    now = Math.min(desk.busyUntil, thought, arrives);
    if (now === arrives) {
      come++;
      line.push({ begins: now, left: 1, gives: now + exponential(patience) });
      next = now + exponential(1 / load.rate);
    } else if (now === thought) {
      const { desk: at, talk } = thinking.splice(soonest, 1)[0]!;
      team[at]!.asks.push(talk);
      work(team[at]!);
    } else {
      const talk = desk.at!;
      [desk.at, desk.busyUntil] = [null, Number.POSITIVE_INFINITY];
      // Each answer is the last one with the same chance, so that there are eight turns on average.
      const isLast = random() < 1 / TURNS;
      if (isLast) desk.has--;
      else
        thinking.push({
          at: now + exponential(load.person / (TURNS - 1)),
          desk: team.indexOf(desk),
          talk,
        });
      work(desk);
    }
    take();
  }
  return { served: served / all, gaveUp: gaveUp / all, meanWait: waited / all, answered };
}

describe('all desks together', () => {
  test.each([
    // Conversations an hour, the agent's seconds, the person's, at once, desks, within, patience.
    [30, 150, 300, 1, 4, 60, 300],
    [40, 150, 300, 2, 3, 60, 300],
    [60, 150, 300, 3, 3, 60, 300],
    [20, 120, 360, 3, 1, 60, 240],
    [200, 120, 300, 3, 8, 45, 180],
    [90, 60, 600, 4, 5, 60, 300],
  ])('%i an hour, %i s and %i s, %i at once, %i desks: as a simulation', (...of) => {
    const [chats, attention, person, atOnce, desks, within, patience] = of;
    const load = perHour(chats, attention, person);
    const said = chatting(load, { desks, atOnce }, within, patience);
    const seen = simulate(load, { desks, atOnce }, within, patience, 40_000);
    expect(Math.abs(said.served - seen.served)).toBeLessThan(0.02);
    expect(Math.abs(said.gaveUp - seen.gaveUp)).toBeLessThan(0.02);
  });

  it('with one at once is as calls of that length', () => {
    const load = perHour(100, 60, 120);
    const calls = impatient({ rate: load.rate, length: 180 }, 7, 20, 180);
    const chats = chatting(load, { desks: 7, atOnce: 1 }, 20, 180);
    for (const key of ['served', 'gaveUp', 'meanWait', 'occupied'] as const)
      expect(chats[key]).toBeCloseTo(calls[key], 9);
  });

  it('answers more with more desks, or with more at once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        (chats, desks, atOnce) => {
          const load = perHour(chats, 120, 300);
          const served = (d: number, k: number) =>
            chatting(load, { desks: d, atOnce: k }, 60, 300).served;
          expect(served(desks + 1, atOnce)).toBeGreaterThanOrEqual(served(desks, atOnce) - 1e-9);
          expect(served(desks, atOnce + 1)).toBeGreaterThanOrEqual(served(desks, atOnce) - 1e-9);
          const { occupied } = chatting(load, { desks, atOnce }, 60, 300);
          expect(occupied).toBeGreaterThanOrEqual(0);
          expect(occupied).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('needs fewer desks with more at once, and never fewer than the words to be written', () => {
    const load = perHour(60, 150, 300);
    const promise = { within: 60, share: 0.8 };
    const needed = [1, 2, 3, 6].map((atOnce) => desksForChats(load, atOnce, promise, 300));
    expect(needed.toSorted((a, b) => b - a)).toEqual(needed);
    // 60 × 150 s of writing are two and a half agents' hours; some give up, so that two could be said to be enough.
    expect(needed.at(-1)).toBeGreaterThanOrEqual(2);
    expect(needed[0]).toBeGreaterThan(needed[2]!);
    expect(desksForChats({ ...load, rate: 0 }, 3, promise, 300)).toBe(0);
    expect(desksForChats(load, 0, promise, 300)).toBe(0);
  });

  it('a flood overflows nothing', () => {
    const how = chatting(perHour(100_000, 600, 600), { desks: 2, atOnce: 3 }, 20, 3600);
    expect(how.served).toBeLessThan(0.01);
    expect(how.occupied).toBeGreaterThan(0.99);
    const idle = chatting(perHour(1, 10, 10), { desks: 500, atOnce: 10 }, 20, 300);
    expect(idle.served).toBeCloseTo(1, 9);
  });
});
