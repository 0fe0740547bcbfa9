import {
  array,
  assert,
  constantFrom,
  integer,
  nat,
  option,
  property,
  record,
  uniqueArray,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allot,
  dayAndPart,
  endingOf,
  expiryOf,
  freeTime,
  inTurn,
  isQuiet,
  isTooLate,
  keyOfAsk,
  mostOpen,
  readFrom,
  suits,
  withinRoom,
} from './rules.ts';
import type { FreeTime, Queued, Tally } from './types.ts';

const ZONE = 'Europe/Madrid';
const NOW = Temporal.Instant.from('2026-11-25T09:00:00+01:00');
const POLICY = { offerMinutes: 60, offersPerDay: 3, leadMinutes: 60 };
const at = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE).toInstant();

describe('which times are of use', () => {
  const any = { firstDay: null, lastDay: null, part: null, before: null };
  const morning = dayAndPart(at('2026-12-02T13:59'), ZONE);
  const afternoon = dayAndPart(at('2026-12-02T14:00'), ZONE);
  test.each([
    ['any time, to who has no wish', any, morning, true],
    ['a part of the day', { ...any, part: 'morning' }, morning, true],
    ['two in the afternoon is no morning', { ...any, part: 'morning' }, afternoon, false],
    ['two in the afternoon', { ...any, part: 'afternoon' }, afternoon, true],
    ['the first day', { ...any, firstDay: '2026-12-02' }, morning, true],
    ['before the first day', { ...any, firstDay: '2026-12-03' }, morning, false],
    ['the last day', { ...any, lastDay: '2026-12-02' }, morning, true],
    ['after the last day', { ...any, lastDay: '2026-12-01' }, morning, false],
    ['the eve of the appointment', { ...any, before: '2026-12-03' }, morning, true],
    ['the day of the appointment itself', { ...any, before: '2026-12-02' }, morning, false],
  ] as const)('%s', (_, wish, time, isOfUse) => {
    expect(suits(wish, time)).toBe(isOfUse);
  });

  test('the local day counts, not that of the clock in Greenwich', () => {
    expect(dayAndPart(Temporal.Instant.from('2026-12-01T23:30:00Z'), ZONE).day).toBe('2026-12-02');
  });

  test('too late is when no day is left, and not before', () => {
    expect(isTooLate({ ...any, lastDay: '2026-11-25' }, '2026-11-25')).toBe(false);
    expect(isTooLate({ ...any, lastDay: '2026-11-24' }, '2026-11-25')).toBe(true);
    expect(isTooLate({ ...any, before: '2026-11-26' }, '2026-11-25')).toBe(false);
    expect(isTooLate({ ...any, before: '2026-11-25' }, '2026-11-25')).toBe(true);
    expect(isTooLate({ ...any, firstDay: '2026-11-30', before: '2026-11-30' }, '2026-11-25')).toBe(
      true,
    );
    expect(isTooLate(any, '2026-11-25')).toBe(false);
  });

  test.each([
    ['booked', '2026-12-02T09:00', null],
    ['cancelled', '2026-12-02T09:00', 'appointment_ended'],
    ['arrived', '2026-12-02T09:00', 'appointment_ended'],
    ['booked', '2026-11-25T09:00', 'appointment_ended'],
    ['booked', '2026-11-25T18:00', 'too_late'],
  ])('an appointment that is %s at %s: %s', (status, start, why) => {
    const appointment = { id: 'a', link: 0, start: at(start), isDisplaced: false };
    const waiting = { ...any, appointment, isDisplaced: false };
    expect(endingOf(waiting, status, { today: '2026-11-25', now: NOW, timeZone: ZONE })).toBe(why);
  });

  test.each([
    ['while nobody attends it, its hour over', 'booked', true, null],
    ['once it has another hour', 'booked', false, 'served'],
    ['once it is cancelled', 'cancelled', false, 'appointment_ended'],
  ])('whose appointment was displaced, %s', (_, status, isDisplaced, why) => {
    const start = at(isDisplaced ? '2026-11-25T08:00' : '2026-11-26T08:00');
    const waiting = {
      ...any,
      appointment: { id: 'a', link: 0, start, isDisplaced },
      isDisplaced: true,
    };
    expect(endingOf(waiting, status, { today: '2026-11-25', now: NOW, timeZone: ZONE })).toBe(why);
  });
});

test.each([
  ['2026-11-25T07:59', true],
  ['2026-11-25T08:00', false],
  ['2026-11-25T20:59', false],
  ['2026-11-25T21:00', true],
])('nobody is woken: at %s it is quiet: %s', (local, quiet) => {
  expect(isQuiet(at(local), ZONE)).toBe(quiet);
});

test.each([
  ['2026-11-25T07:30', '2026-11-25T08:00'],
  ['2026-11-25T08:00', '2026-11-25T08:00'],
  ['2026-11-25T20:59', '2026-11-25T20:59'],
  ['2026-11-25T21:00', '2026-11-26T08:00'],
  ['2026-10-24T23:00', '2026-10-25T08:00'], // the night in which the clocks change
])('what is written at %s is read from %s on', (local, from) => {
  expect(readFrom(at(local), ZONE)).toEqual(at(from));
});

describe('until when an offer lasts', () => {
  test.each([
    ['a whole hour', '2026-11-25T12:00', 60, '2026-11-25T10:00'],
    ['until it can still be booked', '2026-11-25T10:30', 60, '2026-11-25T09:30'],
    ['ten minutes at least', '2026-11-25T10:10', 60, '2026-11-25T09:10'],
    ['else it isn’t made', '2026-11-25T10:09', 60, null],
    ['unless the office says less than ten', '2026-11-25T10:09', 5, '2026-11-25T09:05'],
  ])('%s', (_, start, offerMinutes, end) => {
    const expiresAt = expiryOf(at(start), { ...POLICY, offerMinutes }, NOW);
    expect(expiresAt?.toString()).toBe(end === null ? undefined : at(end).toString());
  });
});

test.each([
  [0, 1],
  [1, 1],
  [5, 1],
  [6, 2],
  [200, 66],
])('of an office with %i desks at most %i times are on offer at once', (desks, most) => {
  expect(mostOpen(desks)).toBe(most);
});

test('who has no appointment and left two offers unanswered comes after the others', () => {
  const one = (id: string, unanswered: number, before: string | null = null): Queued => ({
    ...{ id, procedure: 'volant', channel: 'phone', language: 'ca', person: id },
    ...{ firstDay: null, lastDay: null, part: null, before, seen: new Set() },
    isDisplaced: false,
    unanswered,
  });
  const people = [
    ...[one('silent', 2), one('once', 1), one('has one', 3, '2026-12-02')],
    ...[one('more', 5), one('new', 0)],
  ];
  const turns = inTurn(people).map((each) => each.id);
  expect(turns).toEqual(['once', 'has one', 'new', 'silent', 'more']);
});

test('whose hour we took comes before all others, and is offered a time however many are on offer', () => {
  const one = (id: string, isDisplaced: boolean): Queued => ({
    ...{ id, procedure: 'volant', channel: 'phone', language: 'ca', person: id },
    ...{ firstDay: null, lastDay: null, part: null, before: null, seen: new Set() },
    isDisplaced,
    unanswered: isDisplaced ? 5 : 0,
  });
  const people = inTurn([one('first', false), one('taken', true), one('second', false)]);
  expect(people.map((each) => each.id)).toEqual(['taken', 'first', 'second']);
  const start = at('2026-11-26T09:00');
  const all = people.map((entry) => ({ entry, start, expiresAt: start }));
  const names = (room: number) => withinRoom(all, room).map((each) => each.entry.id);
  expect([names(1), names(0), names(-1)]).toEqual([['taken', 'first'], ['taken'], ['taken']]);
});

const ASKS = ['volant', 'baixa'] as const;
const day = integer({ min: 26, max: 30 }).map((each) => `2026-11-${each}`);

const queue = uniqueArray(
  record({
    id: nat(999).map(String),
    procedure: constantFrom(...ASKS),
    firstDay: option(day),
    lastDay: option(day),
    before: option(day),
    part: option(constantFrom('morning', 'afternoon')),
    person: constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    seen: array(integer({ min: 0, max: 19 }), { maxLength: 3 }),
  }),
  { selector: (each) => each.id, maxLength: 12 },
);
/** Twenty times over five days, four a day. */
const TIMES = Array.from({ length: 20 }, (_, index) =>
  at(`2026-11-${26 + Math.floor(index / 4)}T${['09:00', '12:00', '15:00', '18:00'][index % 4]}`),
);
const free = record({
  volant: uniqueArray(integer({ min: 0, max: 19 }), { maxLength: 6 }),
  baixa: uniqueArray(integer({ min: 0, max: 19 }), { maxLength: 6 }),
  capacity: integer({ min: 1, max: 2 }),
});
const tallies = array(
  record({
    person: constantFrom('a', 'b', 'c', 'd'),
    today: integer({ min: 0, max: 4 }),
    isOpen: constantFrom(true, false),
  }),
  { maxLength: 4 },
);

const situation = record({ queue, free, tallies }).map((drawn) => {
  const people = drawn.queue.map(
    (each): Queued => ({
      ...each,
      channel: 'phone',
      language: 'ca',
      seen: new Set(each.seen.map((index) => TIMES[index]!.epochMilliseconds)),
      isDisplaced: false,
      unanswered: 0,
    }),
  );
  const times = new Map(
    ASKS.map((procedure) => [
      plainKey(procedure, 'phone', 'ca'),
      drawn.free[procedure]
        .toSorted((a, b) => a - b)
        .map(
          (index): FreeTime =>
            freeTime({ start: TIMES[index]!, capacity: drawn.free.capacity }, ZONE),
        ),
    ]),
  );
  const told = new Map(
    drawn.tallies.map(({ person, ...tally }): [string, Tally] => [person, tally]),
  );
  return { people, times, told };
});

const plainKey = (procedure: string, channel: string, language: string): string =>
  `{"procedure":"${procedure}","channel":"${channel}","language":"${language}"}`;

/** The same in the plainest way: a list of single places, struck out one by one. */
function plainly(
  people: readonly Queued[],
  times: ReadonlyMap<string, readonly FreeTime[]>,
  told: ReadonlyMap<string, Tally>,
): string[] {
  const places: { ask: string; start: string; local: Temporal.ZonedDateTime }[] = [];
  for (const [ask, list] of times)
    for (const { start, capacity } of list)
      for (let desk = 0; desk < capacity; desk++)
        places.push({ ask, start: start.toString(), local: start.toZonedDateTimeISO(ZONE) });
  const thinking = new Set([...told].filter(([, each]) => each.isOpen).map(([person]) => person));
  const said: string[] = [];
  for (const one of people) {
    if (thinking.has(one.person)) continue;
    if ((told.get(one.person)?.today ?? 0) >= 3) continue;
    const index = places.findIndex(({ ask, start, local }) => {
      const date = local.toPlainDate().toString();
      const isMorning = local.hour < 14;
      return (
        ask === plainKey(one.procedure, one.channel, one.language) &&
        !(one.part === 'morning' && !isMorning) &&
        !(one.part === 'afternoon' && isMorning) &&
        !(one.firstDay && Temporal.PlainDate.compare(date, one.firstDay) < 0) &&
        !(one.lastDay && Temporal.PlainDate.compare(date, one.lastDay) > 0) &&
        !(one.before && Temporal.PlainDate.compare(date, one.before) >= 0) &&
        ![...one.seen].includes(Temporal.Instant.from(start).epochMilliseconds)
      );
    });
    const [place] = index < 0 ? [] : places.splice(index, 1);
    if (!place) continue;
    thinking.add(one.person);
    said.push(`${one.id} ${place.start}`);
  }
  return said;
}

describe('who is offered what', () => {
  test('as the plain way says', () => {
    assert(
      property(situation, ({ people, times, told }) => {
        const made = allot(people, times, told, POLICY, NOW);
        expect(made.map((each) => `${each.entry.id} ${each.start}`)).toEqual(
          plainly(people, times, told),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('nobody is passed over by a later one for a time that would have suited both', () => {
    assert(
      property(situation, ({ people, times, told }) => {
        const made = allot(people, times, told, POLICY, NOW);
        const got = new Map(made.map((each) => [each.entry.id, each.start]));
        const persons = new Set(made.map((each) => each.entry.person));
        for (const [index, one] of people.entries()) {
          const tally = told.get(one.person);
          if (tally?.isOpen || (tally?.today ?? 0) >= 3) continue;
          if (persons.has(one.person) && !got.has(one.id)) continue; // by another entry of theirs
          const own = got.get(one.id);
          for (const { entry, start } of made) {
            if (people.indexOf(entry) <= index || keyOfAsk(entry) !== keyOfAsk(one)) continue;
            const wanted =
              suits(one, dayAndPart(start, ZONE)) && !one.seen.has(start.epochMilliseconds);
            // What a later one got, this one didn't want, or has something no later.
            expect(!wanted || (own && Temporal.Instant.compare(own, start) <= 0)).toBe(true);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('never more of a time than there are desks, nor two at once to one person, nor one seen', () => {
    assert(
      property(situation, ({ people, times, told }) => {
        const made = allot(people, times, told, POLICY, NOW);
        const persons = made.map((each) => each.entry.person);
        expect(new Set(persons).size).toBe(persons.length);
        for (const { entry, start } of made) {
          const same = made.filter(
            (each) => each.start.equals(start) && keyOfAsk(each.entry) === keyOfAsk(entry),
          );
          const time = times.get(keyOfAsk(entry))?.find((each) => each.start.equals(start));
          expect(same.length).toBeLessThanOrEqual(time?.capacity ?? 0);
          expect(entry.seen.has(start.epochMilliseconds)).toBe(false);
          expect(told.get(entry.person)?.today ?? 0).toBeLessThan(3);
        }
      }),
    );
  });

  test('a time that must be answered at once is offered to nobody', () => {
    const soon = freeTime({ start: at('2026-11-25T10:05'), capacity: 1 }, ZONE);
    const one: Queued = {
      ...{ id: '1', procedure: 'volant', channel: 'phone', language: 'ca', person: 'a' },
      ...{
        firstDay: null,
        lastDay: null,
        part: null,
        before: null,
        isDisplaced: false,
        seen: new Set(),
      },
      unanswered: 0,
    };
    expect(allot([one], new Map([[keyOfAsk(one), [soon]]]), new Map(), POLICY, NOW)).toEqual([]);
  });
});
