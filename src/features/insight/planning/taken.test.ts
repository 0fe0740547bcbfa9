import { describe, expect, it } from 'vitest';
import { takenByHalfHour, takenByWeek } from './taken.ts';

const policy = { buffer: 5 };

/** Counts minute by minute, for one appointment after the other. */
function counted(begins: number, taken: number): Record<number, number> {
  const minutes: Record<number, number> = {};
  for (let minute = begins; minute < begins + taken && minute < 1440; minute++) {
    const half = Math.floor(minute / 30);
    minutes[half] = (minutes[half] ?? 0) + 1;
  }
  return minutes;
}

describe('the time that appointments take of desks', () => {
  it.each([
    [540, 20],
    [545, 25],
    [559, 1],
    [600, 95],
    [1420, 40],
  ])('lies in the half hours that it covers (from minute %i, %i minutes)', (begins, duration) => {
    const booked = [{ channel: 'phone', weekday: 1, begins, duration, count: 3 }];
    const found = takenByHalfHour(booked, policy).map(({ half, minutes }) => [half, minutes / 3]);
    expect(Object.fromEntries(found)).toEqual(counted(begins, duration + 5));
  });

  it('is summed by channel and weekday, in order', () => {
    const at = (channel: string, weekday: number, begins: number) => ({
      channel,
      weekday,
      begins,
      duration: 10,
      count: 1,
    });
    const booked = [
      at('video', 2, 600),
      at('phone', 2, 615),
      at('phone', 1, 600),
      at('phone', 2, 600),
    ];
    expect(takenByHalfHour(booked, policy)).toEqual([
      { channel: 'phone', weekday: 1, half: 20, minutes: 15 },
      { channel: 'phone', weekday: 2, half: 20, minutes: 30 },
      { channel: 'video', weekday: 2, half: 20, minutes: 15 },
    ]);
  });

  it('is summed by week, however long each appointment lasts', () => {
    const week = '2026-11-23';
    const booked = [
      { channel: 'phone', week, duration: 10, count: 2 },
      { channel: 'phone', week, duration: 20, count: 1 },
      { channel: 'video', week, duration: 20, count: 1 },
    ];
    expect(takenByWeek(booked, policy)).toEqual([
      { channel: 'phone', week, count: 3, minutes: 55 },
      { channel: 'video', week, count: 1, minutes: 25 },
    ]);
  });
});
