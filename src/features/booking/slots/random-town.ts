import fc from 'fast-check';
import { CHANNELS } from '../../../domain/channel.ts';
import type { Rota, RotaDesk } from '../../../domain/rota.ts';
import type { Busy, SlotPolicy, SlotQuery } from './types.ts';

/** A small town made up for a test, with a question asked of it. */
export interface RandomTown {
  readonly rota: Rota;
  readonly policy: SlotPolicy;
  readonly query: SlotQuery;
  readonly busy: Busy;
  readonly now: Temporal.Instant;
  /** The closed days of `rota.isClosed`, so that a failing town is readable. */
  readonly closedDays: readonly string[];
}

/** Zones with the days of interest: most are changes of the clock. */
const CALENDAR: readonly (readonly [string, readonly string[]])[] = [
  ['Europe/Madrid', ['2026-10-25', '2027-03-28', '2026-12-07', '2026-12-31']],
  ['America/New_York', ['2026-11-01', '2027-03-14', '2027-02-12']],
  ['Atlantic/Canary', ['2026-10-25', '2027-03-28']],
  ['America/Havana', ['2026-11-01', '2027-03-14']],
  ['Australia/Lord_Howe', ['2026-10-04', '2027-04-04']],
];

const two = (n: number) => String(n).padStart(2, '0');
const clock = (minutes: number) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

const clockTime = fc.oneof(
  fc.integer({ min: 0, max: 47 }).map((n) => clock(n * 30)),
  fc.integer({ min: 0, max: 1439 }).map(clock),
  fc.integer({ min: 0, max: 36 }).map((n) => clock(n * 5)),
);

const dayNear = (center: string, before: number, after: number) =>
  fc
    .integer({ min: -before, max: after })
    .map((days) => Temporal.PlainDate.from(center).add({ days }).toString());

const localNear = (center: string, before: number, after: number) =>
  fc.tuple(dayNear(center, before, after), clockTime).map(([day, time]) => `${day}T${time}`);

const sometimes = <T>(value: fc.Arbitrary<T>, freq: number) =>
  fc.option(value, { freq, nil: undefined });

const codes = (...of: string[]) => fc.subarray(of, { minLength: of.length - 1 });

const deskNear = (id: number, center: string): fc.Arbitrary<RotaDesk> =>
  fc.record({
    id: fc.constant(id),
    code: fc.constant(`taula-${id}`),
    skills: fc.oneof(fc.constant('all' as const), codes('padro', 'obres')),
    languages: codes('ca', 'es'),
    channels: codes(...CHANNELS),
    site: fc.constantFrom(null, 'centre', 'eres'),
    shifts: fc.array(
      fc.record({
        weekdays: fc.oneof(
          fc.constant([1, 2, 3, 4, 5, 6, 7]),
          fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 2 }),
        ),
        from: clockTime,
        to: fc.oneof({ weight: 5, arbitrary: clockTime }, fc.constant('24:00')),
        since: fc.oneof(fc.constant('2020-01-01'), dayNear(center, 3, 2)),
        until: sometimes(dayNear(center, 1, 3), 3),
        except: sometimes(fc.array(dayNear(center, 2, 3), { maxLength: 3 }), 2),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    absences: fc.array(
      fc
        .tuple(localNear(center, 2, 2), localNear(center, 2, 2))
        .map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a })),
      { maxLength: 2 },
    ),
    elsewhere: fc.array(
      fc
        .tuple(localNear(center, 2, 2), fc.nat(59), fc.integer({ min: 1, max: 20_000 }))
        .map(([local, second, seconds]) => {
          const from = Temporal.Instant.from(`${local}:${String(second).padStart(2, '0')}Z`);
          return { from, to: from.add({ seconds }) };
        }),
      { maxLength: 2 },
    ),
  });

/** Gaps and lengths laid end to end from two days before the day in the middle. */
const busyNear = (center: string) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 90 })), {
      maxLength: 14,
    })
    .map((pairs) => {
      const flat: number[] = [];
      let t = Temporal.Instant.from(`${center}T00:00Z`).epochMilliseconds / 60_000 - 600;
      for (const [gap, length] of pairs) {
        t += gap;
        flat.push(t, t + length);
        t += length;
      }
      return flat;
    });

const townNear = (timeZone: string, center: string): fc.Arbitrary<RandomTown> =>
  fc
    .record({
      desks: fc
        .integer({ min: 1, max: 3 })
        .chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => deskNear(i + 1, center)))),
      closedDays: fc.array(dayNear(center, 2, 2), { maxLength: 1 }),
      policy: fc.record({
        leadMinutes: fc.oneof(fc.constantFrom(0, 60), fc.integer({ min: 0, max: 3000 })),
        horizonDays: fc.integer({ min: 0, max: 6 }),
        buffer: fc.oneof(fc.constantFrom(0, 5), fc.integer({ min: 0, max: 60 })),
        starts: fc.constantFrom('grid' as const, 'packed' as const),
        step: sometimes(fc.integer({ min: 1, max: 90 }), 2),
      }),
      query: fc.record({
        procedure: fc.constant('padro'),
        further: fc.constantFrom(undefined, undefined, ['obres']),
        channel: fc.constantFrom(...CHANNELS),
        language: fc.constant('ca'),
        site: fc.constantFrom(null, null, 'centre'),
        duration: fc.oneof(
          fc.constantFrom(15, 20, 60),
          fc.integer({ min: 1, max: 120 }),
          fc.integer({ min: 120, max: 1600 }),
        ),
        from: dayNear(center, 1, 0),
        to: dayNear(center, 0, 1),
      }),
      busy: fc.array(busyNear(center), { minLength: 3, maxLength: 3 }),
      now: fc.tuple(localNear(center, 3, 0), fc.constantFrom('00', '01', '59', '00.000000001')),
    })
    .map(({ desks, closedDays, policy, query, busy, now: [local, seconds] }) => ({
      rota: { timeZone, desks, isClosed: (day: string) => closedDays.includes(day) },
      policy,
      query,
      busy: new Map(busy.map((flat, i) => [i + 1, i === 0 ? Int32Array.from(flat) : flat])),
      now: Temporal.PlainDateTime.from(`${local}:${seconds}`).toZonedDateTime(timeZone).toInstant(),
      closedDays,
    }));

/** Towns of one to three agents in zones and on days chosen for their traps. */
export const randomTown: fc.Arbitrary<RandomTown> = fc.oneof(
  ...CALENDAR.flatMap(([zone, days]) => days.map((day) => townNear(zone, day))),
);
