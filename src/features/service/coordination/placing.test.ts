import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ineligibilityFor, placeAll } from './placing.ts';
import type { DeskState, ToPlace } from './types.ts';

const DAY = '2026-11-30';
const desk = (id: number, more: Partial<DeskState> = {}): DeskState => ({
  id,
  code: `taula-${id}`,
  skills: 'all',
  languages: ['ca', 'es'],
  channels: ['phone', 'video'],
  work: [0, 600],
  away: [],
  elsewhere: [],
  busy: [],
  minutes: new Map(),
  assignedAt: null,
  ...more,
});
const need = (id: string, from: number, more: Partial<ToPlace> = {}): ToPlace => ({
  id,
  procedure: 'volant-padro',
  channel: 'phone',
  language: 'ca',
  desk: 9,
  day: DAY,
  from,
  to: from + 15,
  busyUntil: from + 20,
  ...more,
});

describe('why a desk can’t take an appointment', () => {
  test.each([
    ['it can', {}, {}, null],
    ['it has it', { id: 9 }, {}, 'here'],
    ['it is taken', { busy: [114, 116] }, {}, 'taken'],
    ['its next begins within the buffer', { busy: [119, 140] }, {}, 'taken'],
    ['its next begins after the buffer', { busy: [120, 140] }, {}, null],
    ['it is away', { work: [0, 110, 130, 600], away: [110, 130] }, {}, 'away'],
    ['its calendar is busy', { away: [110, 130], elsewhere: [110, 130] }, {}, 'calendar'],
    ['it is away, and its calendar busy', { away: [90, 130], elsewhere: [90, 102] }, {}, 'away'],
    ['it goes away within the buffer', { work: [0, 115], away: [115, 600] }, {}, 'away'],
    ['the buffer may run over the end of its day', { work: [0, 115] }, {}, null],
    ['its day ends before', { work: [0, 114] }, {}, 'not_working'],
    ['it hasn’t learnt it', { skills: ['alta'] }, {}, 'skill'],
    ['it doesn’t speak it', {}, { language: 'eu' }, 'language'],
    ['it doesn’t do it so', { channels: ['phone'] }, { channel: 'video' }, 'channel'],
  ] as const)('%s', (_, state, wanted, why) => {
    expect(ineligibilityFor(desk(1, state as Partial<DeskState>), need('a', 100, wanted))).toBe(
      why,
    );
  });
});

describe('which desk', () => {
  const of = (desks: DeskState[]) => placeAll([need('a', 100)], desks).get('a');
  const busyFor = (count: number) => ({ minutes: new Map([[DAY, count]]) });

  test('that with the fewest minutes that day, whatever other days are like', () => {
    const elsewhere = { minutes: new Map([['2026-12-01', 500]]) };
    expect(of([desk(1, busyFor(30)), desk(2, elsewhere), desk(3, busyFor(15))])).toBe(2);
  });

  test('of those, that to which one fell longest ago, or never', () => {
    expect(of([desk(1, { assignedAt: 5 }), desk(2, { assignedAt: 3 })])).toBe(2);
    expect(of([desk(1, { assignedAt: 5 }), desk(2)])).toBe(2);
  });

  test('of those, the first by code', () => {
    expect(of([desk(2), desk(1)])).toBe(1);
  });

  test('what it is given counts at once, so that the next goes to another', () => {
    const placed = placeAll([need('a', 100), need('b', 200)], [desk(1), desk(2)]);
    expect([...placed]).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test('none where none can', () => {
    expect(of([desk(9), desk(1, { busy: [0, 600] })])).toBe(null);
  });

  test('who can go to one desk alone gets it from who has the choice', () => {
    const wanted = [need('any', 100), need('basque', 105, { language: 'eu' })];
    const desks = [desk(1, { languages: ['ca', 'eu'] }), desk(2, busyFor(100))];
    expect(placeAll(wanted, desks)).toEqual(
      new Map([
        ['basque', 1],
        ['any', 2],
      ]),
    );
  });
});

/** Every way there is, without a thought. */
function mostKept(wanted: readonly ToPlace[], desks: readonly DeskState[]): number {
  const ways = wanted.reduce<(number | null)[][]>(
    (all, each) =>
      all.flatMap((way) =>
        [null, ...desks.filter((one) => can(one, each)).map((one) => one.id)].map((one) => [
          ...way,
          one,
        ]),
      ),
    [[]],
  );
  const counts = ways
    .filter((way) => isPossible(wanted, way))
    .map((way) => way.filter((each) => each !== null).length);
  return Math.max(...counts);
}

/** Minute by minute. */
function can(state: DeskState, { from, to, busyUntil, language, desk: own }: ToPlace): boolean {
  const isIn = (set: readonly number[] | Int32Array, minute: number) =>
    [...set].filter((bound) => bound <= minute).length % 2 === 1;
  if (state.id === own || !state.languages.includes(language)) return false;
  for (let minute = from; minute < busyUntil; minute++) {
    if (isIn(state.busy, minute) || isIn(state.away, minute)) return false;
    if (minute < to && !isIn(state.work, minute)) return false;
  }
  return true;
}

function isPossible(wanted: readonly ToPlace[], way: readonly (number | null)[]): boolean {
  const used = new Set<string>();
  return way.every((one, i) => {
    if (one === null) return true;
    const { from, busyUntil } = wanted[i]!;
    for (let minute = from; minute < busyUntil; minute++) {
      if (used.has(`${one} ${minute}`)) return false;
      used.add(`${one} ${minute}`);
    }
    return true;
  });
}

const stretch = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 30 }));
const wantedOf = fc
  .array(
    fc.record({
      from: fc.nat(60),
      length: fc.integer({ min: 1, max: 25 }),
      buffer: fc.nat(5),
      language: fc.constantFrom('ca', 'eu'),
    }),
    { maxLength: 6 },
  )
  .map((list) =>
    list.map(({ from, length, buffer, language }, nth) =>
      need(`${nth}`, from, {
        language,
        to: from + length,
        busyUntil: from + length + buffer,
        desk: nth % 2,
      }),
    ),
  );
const desksOf = fc
  .array(
    fc.record({
      busy: stretch,
      end: fc.integer({ min: 20, max: 120 }),
      away: stretch,
      speaks: fc.boolean(),
      minutes: fc.nat(3),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((list) =>
    list.map(({ busy, end, away, speaks, minutes }, id) =>
      desk(id, {
        busy: [busy[0], busy[0] + busy[1]],
        work: [0, end],
        away: [end, end + away[1]],
        languages: speaks ? ['ca', 'eu'] : ['ca'],
        minutes: new Map([[DAY, minutes]]),
      }),
    ),
  );

describe('of random days', () => {
  test('as many keep their hour as can, and nothing is promised twice', () => {
    let lost = 0;
    fc.assert(
      fc.property(wantedOf, desksOf, (wanted, desks) => {
        const placed = placeAll(wanted, desks);
        const way = wanted.map((each) => placed.get(each.id) ?? null);
        expect([...placed.keys()].sort()).toEqual(wanted.map((each) => each.id).sort());
        expect(isPossible(wanted, way)).toBe(true);
        for (const [i, one] of way.entries())
          expect(one === null || can(desks[one]!, wanted[i]!)).toBe(true);
        const kept = way.filter((each) => each !== null).length;
        expect(kept).toBe(mostKept(wanted, desks));
        if (kept < wanted.length) lost++;
      }),
      { numRuns: 1500 },
    );
    expect(lost, 'in some not everybody can').toBeGreaterThan(100);
  });

  test('a desk’s own, which don’t overlap, each go by the rule alone', () => {
    const wanted = [0, 20, 40, 60].map((from) => need(`${from}`, from));
    const placed = placeAll(wanted, [desk(1, { busy: [20, 40] }), desk(2, { busy: [60, 80] })]);
    expect([...placed.values()]).toEqual([1, 2, 1, 1]);
  });

  test('many at once take no longer than a moment’s patience, and most keep their hour', () => {
    const wanted = Array.from({ length: 60 }, (_, nth) => need(`${nth}`, nth % 7));
    const placed = placeAll(
      wanted,
      Array.from({ length: 25 }, (_, id) => desk(100 + id)),
    );
    expect([...placed.values()].filter((each) => each !== null)).toHaveLength(25);
  });
});
