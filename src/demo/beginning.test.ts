import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Office } from '../domain/office/types.ts';
import { beginsAt, busyFrom, isAtWork, landing, nextMorning } from './beginning.ts';
import { deedsOf } from './deeds.ts';
import { planDay } from './history/appointments.ts';
import { drawsOf } from './history/draws.ts';
import { beginClock, demoClock } from './life.ts';

test('the clock of a demo begins at the moment that was asked for, also in the past', () => {
  const clock = Temporal.Instant.from('2026-03-02T09:00:00Z');
  const made = demoClock({ dataDir: '/nowhere', clock });
  expect(Math.abs(made.now().since(clock).total('seconds'))).toBeLessThan(60);
});

/** An office with one desk, from 8:30 to 14:30 on working days, that is closed on 8 December. */
const office = {
  ...{ id: 1, code: 'oac', timeZone: 'Europe/Madrid', languages: ['ca'] },
  settings: {
    slots: { buffer: 5, leadMinutes: 60, horizonDays: 30 },
    attempts: { max: 3, windowMinutes: 30, spacingMinutes: 10 },
    queries: [{ code: 'horaris' }],
  },
  procedures: [{ id: 1, code: 'volant', channels: { phone: 15, video: 20 } }],
  procedure: () => ({ id: 1, code: 'volant', channels: { phone: 15, video: 20 } }),
  rota: {
    timeZone: 'Europe/Madrid',
    isClosed: (day: string) => day === '2026-12-08',
    desks: [
      {
        ...{
          id: 1,
          code: 'taula-1',
          skills: 'all',
          languages: ['ca'],
          channels: ['phone', 'video'],
        },
        shifts: [{ weekdays: [1, 2, 3, 4, 5], from: '08:30', to: '14:30', since: '2025-01-01' }],
        absences: [],
      },
    ],
  },
} as unknown as Office;

test.each([
  ['a busy hour stays', '2026-12-01T10:31:00+01:00', '2026-12-01T10:31:00+01:00'],
  [
    'before the office is busy: later that day',
    '2026-12-01T05:00:00+01:00',
    '2026-12-01T10:05:00+01:00',
  ],
  ['in the evening: the day after', '2026-12-01T20:00:00+01:00', '2026-12-02T10:05:00+01:00'],
  ['on a Saturday at five: on Monday', '2026-12-05T05:00:00+01:00', '2026-12-07T10:05:00+01:00'],
  ['on a holiday: the day after', '2026-12-08T11:00:00+01:00', '2026-12-09T10:05:00+01:00'],
  ['on the evening before a holiday', '2026-12-07T15:00:00+01:00', '2026-12-09T10:05:00+01:00'],
])('the demo begins: %s', (_, now, begins) => {
  const found = busyFrom(office, Temporal.Instant.from(now));
  expect(found.equals(Temporal.Instant.from(begins)), found.toString()).toBe(true);
});

const at = (text: string) => Temporal.Instant.from(text);

test.each([
  ['the first time, in a busy hour', '2026-12-01T10:31', '2026-12-01T10:31', '2026-12-01T10:31'],
  ['the first time, on a Saturday', '2026-12-05T05:00', '2026-12-05T05:00', '2026-12-07T10:05'],
  [
    'again on that Saturday: where it was left',
    '2026-12-05T09:00',
    '2026-12-07T11:40',
    '2026-12-07T11:40',
  ],
  [
    'on Sunday night: still on its Monday',
    '2026-12-06T23:00',
    '2026-12-07T13:50',
    '2026-12-07T13:50',
  ],
  [
    'on that Monday, a little behind it: where it was left',
    '2026-12-07T09:30',
    '2026-12-07T13:50',
    '2026-12-07T13:50',
  ],
  [
    'once the machine has caught up: the machine’s time',
    '2026-12-09T09:30',
    '2026-12-07T13:50',
    '2026-12-09T09:30',
  ],
  [
    'after its day is over: the next open morning',
    '2026-12-05T20:00',
    '2026-12-07T20:10',
    '2026-12-09T10:05',
  ],
  [
    'after a week of days: not further by itself',
    '2026-12-05T20:00',
    '2026-12-14T20:10',
    '2026-12-14T20:10',
  ],
])('a demo begins %s', (_, machine, left, begins) => {
  const found = beginsAt(office, at(`${machine}:00+01:00`), at(`${left}:00+01:00`));
  expect(found.equals(at(`${begins}:00+01:00`)), found.toString()).toBe(true);
});

test('a demo that is begun again and again stays on its day, and never goes back', () => {
  const machine = at('2026-12-05T05:00:00+01:00');
  let left = beginsAt(office, machine, machine);
  const day = left.toString().slice(0, 10);
  for (let minutes = 5; minutes < 200; minutes += 5) {
    const begun = beginsAt(office, machine.add({ minutes }), left);
    expect(Temporal.Instant.compare(begun, left)).toBeGreaterThanOrEqual(0);
    left = begun.add({ minutes: 1 });
    expect(left.toString().slice(0, 10)).toBe(day);
  }
});

test('begun again each evening for months, it stays within about a week of the machine', () => {
  let machine = at('2026-09-05T05:00:00Z');
  let left = machine;
  for (let times = 0; times < 200; times++) {
    const begun = beginsAt(office, machine, left);
    expect(begun.since(machine).total('hours')).toBeLessThan(8 * 24);
    machine = machine.add({ hours: 9 });
    left = begun.add({ hours: 9 });
  }
});

test('somebody is at work within a shift of an open day', () => {
  const open = (time: string) => isAtWork(office, at(`${time}:00+01:00`));
  expect(
    ['2026-12-01T08:29', '2026-12-01T08:30', '2026-12-01T14:29', '2026-12-01T14:30'].map(open),
  ).toEqual([false, true, true, false]);
  expect(['2026-12-05T10:00', '2026-12-08T10:00'].map(open)).toEqual([false, false]);
});

test('the clock of a demo goes on where it was left, and never behind the machine’s', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'demo-clock-'));
  const note = (left: Temporal.Instant) =>
    writeFileSync(join(dataDir, 'demo-clock.json'), JSON.stringify({ left: left.toString() }));
  const now = Temporal.Now.instant();
  const ahead = now.add({ hours: 30 });
  note(ahead);
  const off = demoClock({ dataDir, clock: null }).now().since(ahead).total('seconds');
  expect(Math.abs(off)).toBeLessThan(60);
  note(now.subtract({ hours: 30 }));
  expect(demoClock({ dataDir, clock: null }).aheadMs()).toBe(0);
  rmSync(dataDir, { recursive: true });
});

test.each([
  ['2026-12-01T03:00', '2026-12-01T09:05'],
  ['2026-12-01T09:05', '2026-12-02T09:05'],
  ['2026-12-01T20:00', '2026-12-02T09:05'],
  ['2026-12-04T13:00', '2026-12-07T09:05'],
  ['2026-12-08T03:00', '2026-12-09T09:05'],
])('the next morning of %s is %s', (now, morning) => {
  const found = landing(office, at(`${now}:00+01:00`), 'morning');
  expect(found.equals(at(`${morning}:00+01:00`)), found.toString()).toBe(true);
});

test('a morning is that of a day on which somebody works', () => {
  const at = Temporal.PlainTime.from('09:05');
  const found = nextMorning(office, Temporal.PlainDate.from('2026-12-05'), at);
  expect(found.equals(Temporal.Instant.from('2026-12-07T09:05:00+01:00'))).toBe(true);
});

test('a day is the same whenever it is computed, and another one is another', () => {
  const seed = { office, areas: [], staffAt: new Map<number, number>() };
  const plan = (day: string) => planDay(seed, Temporal.PlainDate.from(day));
  expect(plan('2026-11-26')).toEqual(plan('2026-11-26'));
  expect(plan('2026-11-26').appointments.length).toBeGreaterThan(5);
  expect(plan('2026-11-26').appointments[0]?.id).not.toBe(plan('2026-11-27').appointments[0]?.id);
  // Who is at the desk changes nothing but who wrote it down.
  const known = planDay(
    { ...seed, staffAt: new Map([[1, 7]]) },
    Temporal.PlainDate.from('2026-11-26'),
  );
  expect(known.appointments.map(({ starts, person }) => [starts, person.name])).toEqual(
    plan('2026-11-26').appointments.map(({ starts, person }) => [starts, person.name]),
  );
});

test('a day ends for everybody, and in order', () => {
  const seed = { office, areas: [], staffAt: new Map<number, number>() };
  const { appointments } = planDay(seed, Temporal.PlainDate.from('2026-11-26'));
  const deeds = deedsOf(appointments);
  expect(deeds.map(({ at }) => at)).toEqual(deeds.map(({ at }) => at).toSorted((a, b) => a - b));
  for (const each of appointments) {
    const own = deeds.filter(({ of }) => of === each).map(({ does }) => does);
    const isOver = own.some((does) => ['ends', 'misses', 'cancels'].includes(does));
    expect(isOver || each.attempts.length === 3, own.join()).toBe(true);
  }
});

test('draws follow from the seed, and are spread', () => {
  const [one, again, other] = [drawsOf('a', 1), drawsOf('a', 1), drawsOf('a', 2)];
  const numbers = Array.from({ length: 500 }, () => one.number());
  expect(numbers).toEqual(Array.from({ length: 500 }, () => again.number()));
  expect(numbers[0]).not.toBe(other.number());
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  expect(numbers.filter((each) => each < 0.5).length).toBeGreaterThan(200);
  expect(numbers.filter((each) => each < 0.5).length).toBeLessThan(300);
});

test('a disk that takes nothing ends no demo: it is said once, and tried again', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'finestreta-clock-'));
  const said: unknown[] = [];
  const log = { error: (...words: unknown[]) => void said.push(words) };
  const clock = demoClock({ dataDir, clock: null });
  const note = beginClock({ config: { dataDir, clock: null }, log }, clock, undefined);
  expect(readdirSync(dataDir)).toEqual(['demo-clock.json']);
  rmSync(dataDir, { recursive: true });
  note();
  note();
  expect(said).toHaveLength(1);
  mkdirSync(dataDir);
  note();
  expect(readdirSync(dataDir)).toEqual(['demo-clock.json']);
  rmSync(dataDir, { recursive: true });
});
