import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Status } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import type { DayEntry } from '../../service/encounter/types.ts';
import type { Standing, State } from '../../service/presence/types.ts';
import {
  aheadOf,
  figuresOf,
  inBoardOrder,
  initialsOf,
  isShown,
  nextAt,
  owedSince,
  waitsOf,
  workLeft,
} from './rules.ts';
import type { DeskNow, Filter } from './types.ts';

/** Minutes after nine. */
const NINE = Temporal.Instant.from('2026-11-30T09:00:00+01:00');
const at = (minute: number) => NINE.add({ minutes: minute });
const EPOCH = NINE.epochMilliseconds / 60_000;

const entry = (id: string, start: number, more: Partial<DayEntry> = {}): DayEntry => ({
  ...{ id, reference: id, start: at(start), end: at(start + 15), status: 'booked' },
  ...{ channel: 'phone', desk: 1, name: 'Rosa Soler', procedure: 'volant', needs: [] },
  ...{ failedAttempts: 0, lastAttemptAt: null, dueAt: at(start), lacksNumber: false },
  ...{
    endsAt: null,
    undelivered: false,
    hasStoppedResult: false,
    isElsewhere: false,
    arrivedAt: null,
    startedAt: null,
  },
  ...more,
});

const deskNow = (id: number, state: State | null, more: Partial<DeskNow> = {}): DeskNow => {
  const work = state === 'in_call' ? { procedure: 'volant', channel: 'phone' } : null;
  return {
    desk: { id, code: `${id}`, name: `Taula ${id}`, retired: false },
    standing: state && ({ state, since: NINE, why: 'self', work } as Standing),
    ...{ isOnShift: true, waiting: 0, isUnresponsive: false, next: null },
    ...more,
  };
};

describe('who waits', () => {
  const ids = (entries: DayEntry[], now: number) =>
    waitsOf(entries, 5, at(now)).map(
      ({ entry: { id }, since, isLate, isAbsent }) =>
        `${id} ${NINE.until(since).total('minutes')}${isLate ? ' late' : ''}${isAbsent ? ' absent' : ''}`,
    );

  test('whose call is due, and whoever is in the room, the longest first', () => {
    const some = [
      entry('due', 10),
      entry('early', 30, { status: 'arrived', channel: 'video', arrivedAt: at(2) }),
      entry('late', 9),
      entry('later', 20),
      entry('done', 0, { status: 'fulfilled' }),
    ];
    expect(ids(some, 14)).toEqual(['early 2', 'late 9 late', 'due 10']);
  });

  test('not whom a call is tried again later, nor whose number is another person’s', () => {
    const again = entry('again', 0, { failedAttempts: 1, dueAt: at(20) });
    expect(ids([again, entry('number', 0, { lacksNumber: true })], 15)).toEqual([]);
  });

  test('a video call whose citizen hasn’t come is said as such, after those who wait', () => {
    const some = [entry('absent', 0, { channel: 'video' }), entry('due', 4)];
    expect(ids(some, 6)).toEqual(['due 4', 'absent 0 late absent']);
  });

  test('so is a visit whose citizen hasn’t come; who is at the site waits', () => {
    const visit = { channel: 'in_person' } as const;
    const here = { ...visit, status: 'arrived', arrivedAt: at(1) } as const;
    const waits = [entry('absent', 0, visit), entry('here', 2, here)];
    expect(ids(waits, 6)).toEqual(['here 1', 'absent 0 late absent']);
  });

  test('a desk is owed for since the hour, and not for who came early or hasn’t come', () => {
    const early = entry('early', 30, { status: 'arrived', channel: 'video' });
    const waits = waitsOf([early, entry('other', 0, { desk: 2 })], 5, at(31));
    expect(owedSince(waits.filter(({ entry: { desk } }) => desk === 1))).toEqual(at(30));
    expect(owedSince([])).toBeNull();
    const absent = waitsOf([entry('absent', 0, { channel: 'video' })], 5, at(9));
    expect(owedSince(absent)).toBeNull();
  });
});

test('whom a desk has next: of those that nobody has begun, who is due first', () => {
  const some = [
    entry('going on', 0, { status: 'in_progress' }),
    entry('two', 40),
    entry('one', 20),
  ];
  expect(nextAt(some, at(5))?.id).toBe('one');
  expect(nextAt([], at(5))).toBeNull();
});

test('desks: silent ones first; those off shift only where somebody is, or waits', () => {
  const desks = [
    deskNow(1, 'away'),
    deskNow(2, 'available'),
    deskNow(3, 'away', { isUnresponsive: true }),
    deskNow(4, 'in_call'),
  ];
  expect(inBoardOrder(desks).map(({ desk }) => desk.id)).toEqual([3, 4, 2, 1]);
  const off = { isOnShift: false };
  expect(isShown(deskNow(1, 'away', off))).toBe(false);
  expect(isShown(deskNow(1, null, off))).toBe(false);
  expect(isShown(deskNow(1, 'break', off))).toBe(true);
  expect(isShown(deskNow(1, null, { ...off, waiting: 1 }))).toBe(true);
  expect(isShown(deskNow(1, null))).toBe(true);
});

test('a desk that should be there and isn’t is not counted on until its work begins again', () => {
  const work = [EPOCH - 60, EPOCH + 60, EPOCH + 120, EPOCH + 180];
  expect(workLeft(work, true, at(0))).toEqual([EPOCH + 120, EPOCH + 180]);
  expect(workLeft(work, false, at(0))).toEqual(work);
});

test.each([
  ['Rosa Soler i Puig', 'R. S. P.'],
  ['maria', 'M.'],
  ['Itziar Ugalde-Etxeberria', 'I. U. E.'],
  ['Ángel de la Fuente', 'Á. F.'],
  ['王小明', '王.'],
  ['', ''],
])('%s is %j on a board', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

/* A random moment, and the board's numbers counted plainly, minute by minute and one by one. */

const STATUSES: Status[] = ['booked', 'arrived', 'in_progress', 'fulfilled', 'noshow', 'cancelled'];
const randomEntry = fc.record({
  start: fc.integer({ min: -120, max: 170 }),
  length: fc.integer({ min: 5, max: 60 }),
  status: fc.constantFrom(...STATUSES),
  channel: fc.constantFrom<Channel>('phone', 'video'),
  procedure: fc.constantFrom('volant', 'tributs'),
  desk: fc.integer({ min: 1, max: 4 }),
  retry: fc.integer({ min: 0, max: 30 }),
  lacksNumber: fc.boolean(),
  arrived: fc.integer({ min: -60, max: 0 }),
});
const randomDesk = fc.record({
  state: fc.constantFrom<State | null>('available', 'in_call', 'wrap_up', 'break', 'away', null),
  isUnresponsive: fc.boolean(),
  isQualified: fc.boolean(),
  work: fc.array(fc.integer({ min: -60, max: 200 }), { maxLength: 4 }),
});
const randomMoment = fc.record({
  now: fc.integer({ min: 0, max: 29 }),
  entries: fc.array(randomEntry, { maxLength: 25 }),
  desks: fc.array(randomDesk, { minLength: 4, maxLength: 4 }),
  filter: fc.record<Filter>({
    procedure: fc.constantFrom(null, 'volant', 'tributs'),
    channel: fc.constantFrom(null, 'phone', 'video'),
  }),
});

test('random moments: the numbers are those that one counts by hand', () => {
  fc.assert(
    fc.property(randomMoment, ({ now, entries, desks, filter }) => {
      const made = entries.map((each, nth) =>
        entry(`${nth}`.padStart(3, '0'), each.start, {
          ...{ status: each.status, channel: each.channel, procedure: each.procedure },
          ...{ desk: each.desk, lacksNumber: each.lacksNumber },
          ...{ end: at(each.start + each.length), dueAt: at(each.start + each.retry) },
          arrivedAt: at(each.arrived),
        }),
      );
      const board = desks.map((each, nth) =>
        deskNow(nth + 1, each.state, { isUnresponsive: each.isUnresponsive }),
      );
      const pairs = desks.map((each) => {
        const [a = 0, b = 0, c = 0, d = 0] = each.work.toSorted((x, y) => x - y);
        return each.work.length === 4 ? [a, b, c, d] : each.work.length > 1 ? [a, b] : [];
      });
      const waits = waitsOf(made, 5, at(now));
      const isQualified = (id: number) => desks[id - 1]!.isQualified;
      const figures = figuresOf(
        { waits, desks: board, withoutDesk: [], today: made, uncalled: made.slice(0, 3) },
        filter,
        isQualified,
        at(now),
      );

      // By hand.
      const plain = { waiting: 0, longest: null as number | null, late: 0, noshow: 0, uncalled: 0 };
      for (const [nth, each] of entries.entries()) {
        if (filter.procedure && each.procedure !== filter.procedure) continue;
        if (filter.channel && each.channel !== filter.channel) continue;
        const due = each.start + each.retry;
        const isHere = each.status === 'arrived';
        const isOwed = each.status === 'booked' && due <= now && !each.lacksNumber;
        if (isHere || (isOwed && each.channel === 'phone')) {
          plain.waiting++;
          const waited = now - (isHere ? each.arrived : due);
          if (plain.longest === null || waited > plain.longest) plain.longest = waited;
        }
        if ((isHere || isOwed) && now - due >= 5) plain.late++;
        if (each.status === 'noshow') plain.noshow++;
        if (nth < 3) plain.uncalled++;
      }
      const isPhoneOfVolant = filter.procedure !== 'tributs' && filter.channel !== 'video';
      expect(figures).toEqual({
        ...plain,
        inCall: isPhoneOfVolant ? desks.filter(({ state }) => state === 'in_call').length : 0,
        unresponsive: desks.filter((each) => each.isUnresponsive).length,
        free: desks.filter(
          (each) => each.state === 'available' && !each.isUnresponsive && each.isQualified,
        ).length,
      });

      const ahead = aheadOf(
        made,
        desks.map((each, nth) => ({
          id: nth + 1,
          work: pairs[nth]!.map((minute) => EPOCH + minute),
          isQualified: each.isQualified,
        })),
        filter,
        at(now),
      );
      const isOpen = ({ status }: { status: Status }) =>
        status === 'booked' || status === 'arrived' || status === 'in_progress';
      const isWanted = (each: { procedure: string; channel: Channel }) =>
        (filter.procedure ?? each.procedure) === each.procedure &&
        (filter.channel ?? each.channel) === each.channel;
      const worst = [0, 1, 2, 3, 4].map((half) => {
        const sums = { appointments: 0, atOnce: 0, desks: 0, missing: 0 };
        for (const each of entries)
          if (isOpen(each) && isWanted(each) && Math.floor(each.start / 30) === half)
            sums.appointments++;
        for (let minute = Math.max(half * 30, now); minute < half * 30 + 30; minute++) {
          const going = entries.filter(
            (each) => isOpen(each) && each.start <= minute && minute < each.start + each.length,
          );
          let have = 0;
          for (const [nth, desk] of desks.entries()) {
            const [a = 0, b = 0, c = 0, d = 0] = pairs[nth]!;
            if (!((a <= minute && minute < b) || (c <= minute && minute < d))) continue;
            const its = going.filter(({ desk }) => desk === nth + 1);
            if (its.some(isWanted) || (its.length === 0 && desk.isQualified)) have++;
          }
          const need = going.filter(isWanted).length;
          sums.atOnce = Math.max(sums.atOnce, need);
          sums.desks = Math.max(sums.desks, have);
          sums.missing = Math.max(sums.missing, need - have);
        }
        return sums;
      });
      expect(
        ahead.map(({ appointments, atOnce, desks: there, missing }) => ({
          ...{ appointments, atOnce, desks: there, missing },
        })),
      ).toEqual(worst);
      for (const { appointments, byChannel } of ahead)
        expect(byChannel.phone + byChannel.video).toBe(appointments);
    }),
  );
});
