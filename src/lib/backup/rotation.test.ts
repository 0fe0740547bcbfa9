import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KeptBackup, lastDue, nameOfBackup, readName, toRemove } from './rotation.ts';

const HOST = 'cita.vilaclara.cat';
const OURS = { host: HOST, installation: 'k3f2x7qa' };
const ZONE = 'Europe/Madrid';

/** Makes a backup for each of these instants. */
const madeAt = (...instants: string[]): KeptBackup[] =>
  instants.map((each) => {
    const instant = Temporal.Instant.from(each);
    const name = nameOfBackup(OURS, instant, true);
    return { name, installation: OURS.installation, madeAt: instant };
  });

test('a name says whose backup it is and when it was made, and sorts by that', () => {
  const name = nameOfBackup(OURS, Temporal.Instant.from('2026-11-30T02:30:07.9Z'), true);
  expect(name).toBe('finestreta-cita.vilaclara.cat-20261130T023008Z-k3f2x7qa.gz.age');
  expect(readName(HOST, name)?.madeAt.toString()).toBe('2026-11-30T02:30:08Z');
  expect(readName(HOST, name)?.installation).toBe('k3f2x7qa');
  for (const other of [
    'finestreta-cita.vilaclara.cat-20261130T023008Z-k3f2x7qa.gz.age.unfinished',
    'finestreta-cita.vilaclara.cat-20261330T023008Z-k3f2x7qa.gz.age',
    'finestreta-cita.vilaclara.cat-20261130T023008Z.gz.age',
    'finestreta-cita.vilaclara.cat-2-20261130T023008Z-k3f2x7qa.gz.age',
    'finestreta-cita.vilanova.cat-20261130T023008Z-k3f2x7qa.gz.age',
    'holidays.jpg',
  ])
    expect(readName(HOST, other)).toBeNull();
});

test('of a year of nights stay the last days, the last days of weeks and of months', () => {
  const nights = Array.from({ length: 365 }, (_, day) =>
    Temporal.Instant.from('2025-12-01T02:30:00Z')
      .add({ hours: 24 * day })
      .toString(),
  );
  const all = madeAt(...nights);
  const removed = new Set(toRemove(all, { days: 3, weeks: 2, months: 3 }, ZONE));
  const stay = all.filter(({ name }) => !removed.has(name)).map((each) => each.madeAt.toString());
  // 30 November 2026 is a Monday: its week has that day only.
  expect(stay.map((each) => each.slice(0, 10))).toEqual([
    '2026-09-30',
    '2026-10-31',
    '2026-11-28',
    '2026-11-29',
    '2026-11-30',
  ]);
});

test('of several in a day stays the newest, by the town’s own midnight', () => {
  const all = madeAt('2026-11-29T22:30:00Z', '2026-11-29T23:30:00Z', '2026-11-30T12:00:00Z');
  // 23:30 in UTC is half past midnight in Madrid.
  expect(toRemove(all, { days: 2, weeks: 0, months: 0 }, ZONE)).toEqual([all[1]?.name]);
});

test('nothing is removed because time passes without new ones, and the newest always stays', () => {
  const instant = fc.integer({ min: 0, max: 1_000 }).map((hours) =>
    Temporal.Instant.from('2026-01-01T00:00:00Z')
      .add({ hours: hours * 7 })
      .toString(),
  );
  const count = fc.integer({ min: 0, max: 10 });
  fc.assert(
    fc.property(
      fc.uniqueArray(instant, { minLength: 1, maxLength: 60 }),
      fc.record({ days: fc.integer({ min: 1, max: 10 }), weeks: count, months: count }),
      (instants, keep) => {
        const all = madeAt(...instants);
        const removed = new Set(toRemove(all, keep, ZONE));
        const stay = all.filter(({ name }) => !removed.has(name));
        const newest = all
          .map(({ name }) => name)
          .sort()
          .at(-1);
        expect(stay.map(({ name }) => name)).toContain(newest);
        expect(stay.length).toBeLessThanOrEqual(keep.days + keep.weeks + keep.months);
        const days = new Set(all.map((each) => dayOf(each)));
        expect(stay.length).toBeGreaterThanOrEqual(Math.min(keep.days, days.size));
        // What stays would stay again.
        expect(toRemove(stay, keep, ZONE)).toEqual([]);
      },
    ),
  );
});

const dayOf = (each: KeptBackup) => each.madeAt.toZonedDateTimeISO(ZONE).toPlainDate().toString();

test('a backup is due at its hour of the town’s own clock, on the days that the clock changes too', () => {
  const at = Temporal.PlainTime.from('02:30');
  const due = (now: string) => lastDue(Temporal.Instant.from(now), at, ZONE).toString();
  expect(due('2026-11-30T01:29:59Z')).toBe('2026-11-29T01:30:00Z');
  expect(due('2026-11-30T01:30:00Z')).toBe('2026-11-30T01:30:00Z');
  // There is no 2:30 on this day: it is half past three.
  expect(due('2026-03-29T12:00:00Z')).toBe('2026-03-29T01:30:00Z');
  expect(due('2026-10-25T12:00:00Z')).toBe('2026-10-25T00:30:00Z');
});
