import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rota, RotaDesk } from '../../../domain/rota.ts';
import type { SlotPolicy } from '../../booking/slots/types.ts';
import { replay, type Scene } from './replay.ts';
import type { Asked, Replayed } from './types.ts';

const ZONE = 'Europe/Madrid';
const POLICY: SlotPolicy = { leadMinutes: 0, horizonDays: 20, buffer: 0, starts: 'grid' };

/** From 9 to 11 on working days: four half hours. */
const desk = (id: number, more: Partial<RotaDesk> = {}): RotaDesk => ({
  id,
  code: `taula-${id}`,
  skills: 'all',
  languages: ['ca'],
  channels: ['phone'],
  shifts: [{ weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '11:00', since: '2026-01-01' }],
  absences: [],
  ...more,
});
const rotaOf = (desks: number, isClosed = (_day: string) => false): Rota => ({
  timeZone: ZONE,
  isClosed,
  desks: Array.from({ length: desks }, (_, i) => desk(i + 1)),
});
const local = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(ZONE).toInstant();
const asked = (at: string, start: string, more: Partial<Asked> = {}): Asked => ({
  ...{
    asked: local(at),
    start: local(start),
    procedure: 'padro',
    channel: 'phone',
    language: 'ca',
  },
  ...{ duration: 30, step: null, took: 30, ...more },
});
/** From Monday 2 November on; the days after are Tuesday 3 and so on. */
const sceneOf = (requests: Asked[], rota: Rota, more: Partial<Scene> = {}): Scene => ({
  ...{ rota, policy: POLICY, requests, days: 3 },
  ...{ from: local('2026-11-02T00:00'), to: local('2026-11-30T00:00'), ...more },
});
/** Plays to the end; how often it stopped for breath. */
function play(scene: Scene, changes: number[]): { runs: Replayed[]; breaths: number } {
  const playing = replay(scene, changes);
  for (let breaths = 0; ; breaths++) {
    const { done, value } = playing.next();
    if (done) return { runs: value, breaths };
  }
}
const of = ({ runs }: { runs: Replayed[] }, change: number) =>
  runs.find((each) => each.change === change);

describe('a morning by hand', () => {
  // Nine people ask on Monday at 8; there are four places a day.
  const nine = Array.from({ length: 9 }, (_, i) => {
    const day = 2 + Math.floor(i / 4);
    const minutes = (i % 4) * 30;
    const time = `${String(9 + Math.floor(minutes / 60)).padStart(2, '0')}:${minutes % 60 || '00'}`;
    return asked('2026-11-02T08:00', `2026-11-0${day}T${time}`);
  });

  test('as it was: four today, four tomorrow, one the day after', () => {
    const now = of(play(sceneOf(nine, rotaOf(1), { days: 1 }), [0]), 0);
    expect(now).toEqual({
      ...{ change: 0, desks: 1, wait: { half: 1, most: 2 }, none: 0 },
      // 9 half hours of 20 working days of two hours.
      kept: 8 / 9,
      occupied: 4.5 / 40,
      late: { share: 0, most: 0 },
    });
  });

  test('with one desk more eight are served today; with one fewer there would be none', () => {
    const played = play(sceneOf(nine, rotaOf(1), { days: 1 }), [-1, 0, 1]);
    expect(played.runs.map((each) => each.change)).toEqual([0, 1]);
    expect(of(played, 1)).toMatchObject({ desks: 2, wait: { half: 0, most: 1 }, kept: 1 });
    expect(of(played, 1)?.occupied).toBeCloseTo(4.5 / 80, 12);
  });

  test('working days are counted: over a weekend and a holiday it is two', () => {
    const friday = [
      ...Array.from({ length: 4 }, (_, i) =>
        asked('2026-11-06T08:00', `2026-11-06T${['09:00', '09:30', '10:00', '10:30'][i]}`),
      ),
      ...Array.from({ length: 4 }, (_, i) =>
        asked('2026-11-06T08:00', `2026-11-10T${['09:00', '09:30', '10:00', '10:30'][i]}`),
      ),
      asked('2026-11-06T08:00', '2026-11-11T09:00'),
    ];
    const rota = rotaOf(1, (day) => day === '2026-11-09');
    expect(of(play(sceneOf(friday, rota), [0]), 0)?.wait).toEqual({ half: 1, most: 2 });
  });

  test('who chose a later day wants that day with more desks, too', () => {
    const patient = [
      asked('2026-11-02T08:00', '2026-11-05T10:00', { took: 60 }),
      asked('2026-11-02T08:01', '2026-11-05T10:30'),
    ];
    // At one desk the second begins half an hour late; at two it doesn't.
    const played = play(sceneOf(patient, rotaOf(1)), [0, 1]);
    expect(of(played, 0)).toMatchObject({
      wait: { half: 0, most: 0 },
      late: { share: 0.5, most: 30 },
    });
    expect(of(played, 1)?.late).toEqual({ share: 0, most: 0 });
    const untilWednesday = sceneOf(patient, rotaOf(1), { to: local('2026-11-05T00:00') });
    expect(of(play(untilWednesday, [1]), 1)?.occupied).toBe(0);
  });

  test('who asked before has their place and isn’t counted', () => {
    const before = Array.from({ length: 4 }, (_, i) =>
      asked('2026-10-30T08:00', `2026-11-02T${['09:00', '09:30', '10:00', '10:30'][i]}`),
    );
    const scene = sceneOf([...before, asked('2026-11-02T08:00', '2026-11-03T09:00')], rotaOf(1));
    expect(of(play(scene, [0]), 0)).toMatchObject({
      wait: { half: 1 },
      kept: 1,
      occupied: 2.5 / 40,
    });
  });

  test('what no desk can do finds no time, until one comes that does everything', () => {
    const rota = {
      ...rotaOf(1),
      desks: [desk(1, { skills: ['x'], channels: ['video'] }), desk(2, { channels: ['phone'] })],
    };
    const seen = [asked('2026-11-02T08:00', '2026-11-02T09:00', { channel: 'video' })];
    const played = play(sceneOf(seen, rota), [0, 1]);
    expect(of(played, 0)).toMatchObject({ none: 1, kept: 0 });
    expect(of(played, 1)).toMatchObject({ none: 0, kept: 1 });
  });

  test('who didn’t come takes ten minutes, and what isn’t known takes as long as another did', () => {
    const some = [
      asked('2026-11-02T08:00', '2026-11-02T09:00', { took: 'missed' }),
      asked('2026-11-02T08:00', '2026-11-02T09:30', { took: 45 }),
      asked('2026-11-02T08:00', '2026-11-02T10:00', { took: null }),
    ];
    const now = of(play(sceneOf(some, rotaOf(1)), [0]), 0);
    expect(now?.occupied).toBeCloseTo((10 + 45 + 45) / 60 / 40, 12);
    expect(now?.late.share).toBeCloseTo(1 / 3, 12);
  });
});

/** First come, first served, counted on the fingers: each day has so many places, and each takes the first that is left. */
function countedWaits(perDay: number, days: readonly number[]): number[] {
  const left = new Map<number, number>();
  return days.map((asked) => {
    for (let day = asked; ; day++) {
      const free = left.get(day) ?? perDay;
      if (free === 0) continue;
      left.set(day, free - 1);
      return day - asked;
    }
  });
}

test('agrees with first come, first served, counted on the fingers', () => {
  // Working days from Monday on, as numbers.
  const dayText = (number: number) =>
    Temporal.PlainDate.from('2026-11-02')
      .add({ days: Math.floor(number / 5) * 7 + (number % 5) })
      .toString();
  const someDays = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(someDays, fc.integer({ min: 2, max: 3 }), (unsorted, desks) => {
      const days = [...unsorted].sort((a, b) => a - b);
      const real = countedWaits(4 * desks, days);
      const used = new Map<number, number>();
      const requests = days.map((day, i) => {
        const on = day + real[i]!;
        const nth = used.get(on) ?? 0;
        used.set(on, nth + 1);
        const minutes = 30 * Math.floor(nth / desks);
        const time = `${String(9 + Math.floor(minutes / 60)).padStart(2, '0')}:${minutes % 60 || '00'}`;
        return asked(`${dayText(day)}T08:00`, `${dayText(on)}T${time}`);
      });
      const { runs } = play(sceneOf(requests, rotaOf(desks)), [-1, 0, 1]);
      for (const run of runs) {
        const waits = countedWaits(4 * (desks + run.change), days).sort((a, b) => a - b);
        expect(run.wait.half).toBe(waits[Math.ceil(waits.length / 2) - 1]);
        expect(run.wait.most).toBe(waits[Math.ceil(waits.length * 0.9) - 1]);
        expect(run.kept).toBeCloseTo(waits.filter((each) => each <= 3).length / waits.length, 12);
      }
      expect(runs.map((each) => each.kept)).toEqual(
        runs.map((each) => each.kept).sort((a, b) => a - b),
      );
    }),
    { numRuns: 40 },
  );
});

test('is the same each time, and lets others work in between', () => {
  const requests = Array.from({ length: 60 }, (_, i) =>
    asked('2026-11-02T08:00', `2026-11-${String(2 + (i % 5)).padStart(2, '0')}T09:30`, {
      took: i % 3 ? 20 : null,
    }),
  );
  const scene = sceneOf(requests, rotaOf(3));
  const [one, again] = [play(scene, [-1, 0, 1]), play(scene, [-1, 0, 1])];
  expect(one).toEqual(again);
  expect(one.breaths).toBeGreaterThan(8);
});
