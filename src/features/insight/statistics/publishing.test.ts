import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cell, FEWEST, type Published, publish } from './publishing.ts';

type At = string;
const cell = (at: At, appointments: number, parts: Cell<At>[][] = []): Cell<At> => ({
  ...{ at, appointments, value: appointments, parts },
});
const flat = (values: readonly number[]): Cell<At> =>
  cell(
    'all',
    values.reduce((a, b) => a + b, 0),
    [values.map((appointments, at) => cell(String(at), appointments))],
  );
const view = (published: Published<At>[]) => published.map(({ value }) => value ?? '..').join(' ');

test('what is about fewer than five is kept back, with the smallest of the others', () => {
  expect(view(publish(flat([20, 3, 9]), () => 0))).toBe('32 20 .. ..');
  expect(view(publish(flat([20, 3, 1]), () => 0))).toBe('24 .. .. ..');
  expect(view(publish(flat([20, 7]), () => 0))).toBe('27 20 7');
  expect(view(publish(flat([20, 0]), () => 0))).toBe('20 20 ..');
  expect(view(publish(flat([2, 1]), () => 0))).toBe('.. .. ..');
});

test('nobody who knows the rule and all that is published finds a figure from one to four: every table of up to four parts', () => {
  const most = 8;
  for (let length = 1; length <= 4; length++) {
    // What each view may stand for: all tables that come to it, whatever chance chooses.
    const worlds = new Map<string, number[][]>();
    const tables = most ** length;
    for (let nth = 0; nth < tables; nth++) {
      const values = Array.from({ length }, (_, at) => Math.floor(nth / most ** at) % most);
      for (let chance = 0; chance < length; chance++) {
        const seen = view(publish(flat(values), (many) => chance % many));
        const known = worlds.get(seen);
        if (known) known.push(values);
        else worlds.set(seen, [values]);
      }
    }
    for (const [seen, possible] of worlds) {
      const shown = seen.split(' ').slice(1);
      if (seen.startsWith('..')) continue;
      const hidden = shown.flatMap((value, at) => (value === '..' ? [at] : []));
      for (const at of hidden) {
        const values = new Set(possible.map((each) => each[at]));
        const [only] = values.size === 1 ? [...values] : [];
        expect({ seen, at, only: only === undefined || only === 0 }).toEqual({
          seen,
          at,
          only: true,
        });
      }
      for (const each of possible) {
        const together = hidden.reduce((all, at) => all + each[at]!, 0);
        expect(together === 0 || together >= FEWEST, `${seen} of ${each}`).toBe(true);
      }
    }
  }
});

/** Records of appointments, counted in the ways in which a month is. */
const appointments = fc.array(
  fc.record({
    outcome: fc.constantFrom('attended', 'attended', 'attended', 'missed', 'cancelled'),
    channel: fc.constantFrom('phone', 'phone', 'video'),
    procedure: fc.constantFrom('a', 'a', 'a', 'b', 'b', 'c'),
    language: fc.constantFrom('ca', 'ca', 'ca', 'es', 'eu'),
  }),
  { maxLength: 80 },
);
type Appointment = typeof appointments extends fc.Arbitrary<(infer P)[]> ? P : never;

const by = <K extends keyof Appointment>(all: Appointment[], side: K, keys: Appointment[K][]) =>
  keys.map((key) => ({ key, of: all.filter((each) => each[side] === key) }));

function treeOf(all: Appointment[]): Cell<At> {
  const outcomes = by(all, 'outcome', ['attended', 'missed', 'cancelled']).map(({ key, of }) => {
    if (key !== 'attended') return cell(key, of.length);
    const channels = by(of, 'channel', ['phone', 'video']).map((channel) =>
      cell(channel.key, channel.of.length, [
        by(channel.of, 'procedure', ['a', 'b', 'c']).map((each) =>
          cell(`${channel.key} ${each.key}`, each.of.length),
        ),
      ]),
    );
    const languages = by(of, 'language', ['ca', 'es', 'eu']).map((each) =>
      cell(each.key, each.of.length),
    );
    return cell(key, of.length, [channels, languages]);
  });
  return cell('all', all.length, [outcomes]);
}

/** What follows of each figure from all that is published and what adds up to what: the least and the most that it can be. */
function bounds(root: Cell<At>, published: Published<At>[]): Map<At, [number, number]> {
  const known = new Map(published.map(({ at, value }) => [at, value]));
  const found = new Map<At, [number, number]>();
  const sums: [At, At[]][] = [];
  const walk = (each: Cell<At>) => {
    const value = known.get(each.at);
    found.set(each.at, value == null ? [0, Number.POSITIVE_INFINITY] : [value, value]);
    for (const parts of each.parts) {
      sums.push([each.at, parts.map((part) => part.at)]);
      parts.forEach(walk);
    }
  };
  walk(root);
  for (let isNew = true; isNew; ) {
    isNew = false;
    const narrow = (at: At, least: number, most: number) => {
      const [low, high] = found.get(at)!;
      const next: [number, number] = [Math.max(low, least), Math.min(high, most)];
      if (next[0] !== low || next[1] !== high) isNew = true;
      found.set(at, next);
    };
    const total = (ats: At[], which: 0 | 1) =>
      ats.reduce((all, at) => all + found.get(at)![which], 0);
    for (const [whole, parts] of sums) {
      narrow(whole, total(parts, 0), total(parts, 1));
      for (const part of parts) {
        const others = parts.filter((each) => each !== part);
        const [low, high] = found.get(whole)!;
        narrow(part, low - total(others, 1), high - total(others, 0));
      }
    }
  }
  return found;
}

describe('of any month', () => {
  test('no figure of one to four appointments follows, however its tables are put together', () => {
    fc.assert(
      fc.property(appointments, fc.nat(), (all, chance) => {
        const root = treeOf(all);
        const published = publish(root, (many) => chance % many);
        const found = bounds(root, published);
        const walk = (each: Cell<At>) => {
          const [least, most] = found.get(each.at)!;
          if (each.appointments > 0 && each.appointments < FEWEST) {
            expect(published.find(({ at }) => at === each.at)?.value).toBeNull();
            // It may be nobody, and it may be no few either.
            expect([each.at, least]).toEqual([each.at, 0]);
            if (root.appointments >= FEWEST) expect(most).toBeGreaterThanOrEqual(FEWEST);
          }
          each.parts.forEach((parts) => {
            parts.forEach(walk);
            const hidden = parts.filter(
              (part) => found.get(part.at)![0] !== found.get(part.at)![1],
            );
            const together = hidden.reduce((sum, part) => sum + part.appointments, 0);
            expect(together === 0 || each.appointments < FEWEST || together >= FEWEST).toBe(true);
          });
        };
        walk(root);
      }),
      { numRuns: 3000 },
    );
  });
});
