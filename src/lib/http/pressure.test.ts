import { describe, expect, it, test } from 'vitest';
import { createPressure as create, type Pressure, type Rank, rankOf } from './pressure.ts';

test.each<[string, string, Rank]>([
  ['GET', '/healthz', 'always'],
  ['GET', '/assets/console-abc.css', 'always'],
  ['GET', '/ca/oac/volant-padro/times', 'page'],
  ['GET', '/console/oac', 'page'],
  ['POST', '/ca/oac/volant-padro/times', 'sent'],
  ['GET', '/ca/oac/booking/x/details', 'begun'],
  ['GET', '/ca/appointment/x', 'begun'],
  ['GET', '/ca/appointment/x/room/stream', 'begun'],
  ['GET', '/console/oac/stream', 'begun'],
  ['PATCH', '/files/x', 'sent'],
  ['GET', '/console/oac/figures', 'figures'],
  ['GET', '/console/oac/figures.csv', 'figures'],
  ['GET', '/console/oac/planning/chats', 'figures'],
  ['GET', '/staff/month', 'figures'],
  ['GET', '/ca/oac/open-data/appointments.csv', 'figures'],
])('%s %s is %s', (method, path, rank) => {
  expect(rankOf(method, path)).toBe(rank);
});

/** Each request is in a turn of its own, unless the test says otherwise. */
const createPressure = () => create((end) => end());

/** Has so many people ask for pages all the time, of which so many are answered in a second. Returns how many are under way in the end. */
function crowd(pressure: Pressure, people: number, perSecond: number, seconds: number, from = 0) {
  let active = 0;
  let refused = 0;
  const step = 1_000 / perSecond;
  for (let now = from; now < from + seconds * 1_000; now += step) {
    for (let idle = people - active; idle > 0; idle--) {
      if (pressure.enter('page', now)) active++;
      else refused++;
    }
    if (active > 0) {
      pressure.leave('page', now, true);
      active--;
    }
  }
  return { active, refused };
}

describe('more requests than a process can answer', () => {
  it('of a few, none is refused, however slow it is', () => {
    const pressure = createPressure();
    expect(crowd(pressure, 30, 1, 60)).toMatchObject({ refused: 0 });
  });

  it('pages wait for a second and no more, and what is under way goes first', () => {
    const pressure = createPressure();
    const { active, refused } = crowd(pressure, 1_000, 100, 20);
    expect(refused).toBeGreaterThan(0);
    expect(active).toBeGreaterThan(60);
    expect(active).toBeLessThan(150);
    expect(pressure.enter('figures', 20_000)).toBe(false);
    expect([1, 2].map(() => pressure.enter('page', 20_000))).toContain(false);
    expect(pressure.enter('sent', 20_000)).toBe(true);
    expect(pressure.enter('always', 20_000)).toBe(true);
  });

  it('a process that answers nothing refuses, and one that does again takes all at once', () => {
    const pressure = createPressure();
    for (let n = 0; n < 60; n++) pressure.enter('page', n);
    for (let now = 1_000; now < 5_000; now += 100) pressure.enter('page', now);
    expect(pressure.enter('page', 5_000)).toBe(false);
    for (let n = 0; n < 60; n++) pressure.leave('page', 5_100, true);
    expect(pressure.enter('page', 5_101)).toBe(true);
    expect(pressure.enter('figures', 5_101)).toBe(true);
  });

  it('of requests that come together, the last are refused', () => {
    const ends: (() => void)[] = [];
    const pressure = create((end) => ends.push(end));
    const answer = (rank: Rank, now: number) => {
      const isTaken = pressure.enter(rank, now);
      if (isTaken) pressure.leave(rank, now, true);
      return isTaken;
    };
    const taken = Array.from({ length: 400 }, (_, n) => answer('page', n * 5));
    expect(taken.indexOf(false)).toBe(200);
    expect(answer('figures', 700)).toBe(false);
    expect(answer('begun', 2_000)).toBe(true);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    expect(answer('page', 2_001)).toBe(true);
  });

  it('many at one moment are taken by a process that was idle for hours', () => {
    const pressure = createPressure();
    const { active } = crowd(pressure, 40, 300, 5);
    for (let n = 0; n < active; n++) pressure.leave('page', 5_000, true);
    const later = 8 * 3_600_000;
    const taken = Array.from({ length: 200 }, () => pressure.enter('page', later));
    expect(taken.filter(Boolean).length).toBe(200);
  });

  it('after a stall, many at one moment are taken again once it is calm', () => {
    const pressure = createPressure();
    let active = 0;
    for (let now = 0; now < 9_000; now += 10) if (pressure.enter('page', now)) active++;
    for (; active > 0; active--) pressure.leave('page', 9_000, true);
    for (const now of [20_000, 30_000]) {
      const taken = Array.from({ length: 200 }, () => pressure.enter('page', now));
      expect(taken.filter(Boolean).length).toBe(200);
      for (let n = 0; n < 200; n++) pressure.leave('page', now + 32, true);
    }
  });

  it('cheap answers don’t make a process look quick', () => {
    const pressure = createPressure();
    for (let n = 0; n < 90; n++) pressure.enter('page', 0);
    for (let now = 0; now < 2_000; now += 1) {
      if (pressure.enter('page', now)) pressure.leave('page', now, false);
    }
    expect(pressure.enter('page', 2_000)).toBe(false);
  });

  it('who sends something slowly does not make it look slow', () => {
    const pressure = createPressure();
    for (let n = 0; n < 500; n++) expect(pressure.enter('sent', n)).toBe(true);
    expect(pressure.enter('figures', 60_000)).toBe(true);
  });
});

test('who waits for something else is no pressure, and counts again afterwards', () => {
  const pressure = createPressure();
  const isFree = () => {
    const entered = pressure.enter('page', 10_000);
    if (entered) pressure.leave('page', 10_000, false);
    return entered;
  };
  for (let nth = 0; nth < 300; nth++) pressure.enter('begun', 0);
  expect(isFree()).toBe(false);
  const goOn = Array.from({ length: 300 }, () => pressure.pause('begun'));
  expect(isFree()).toBe(true);
  for (const each of goOn) each();
  expect(isFree()).toBe(false);
});
