import { describe, expect, test } from 'vitest';
import { placeInLine } from './line-rules.ts';
import type { Turn } from './types.ts';

const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}:00+01:00`);

/** Fifteen minutes from `time` on. */
function turn(time: string, more: Partial<Turn> = {}): Turn {
  const start = at(time);
  const told = { times: 0, minutes: 0, announced: 0 };
  const fresh = { status: 'booked' as const, startedAt: null, attempts: 0, told };
  return { id: time, desk: 1, start, end: start.add({ minutes: 15 }), ...fresh, ...more };
}

const mine = turn('09:20', { status: 'arrived' });
const busy = (time: string, startedAt = time) =>
  turn(time, { status: 'in_progress', startedAt: at(startedAt) });
const place = (now: string, others: Turn[], { isAway = false, own = mine } = {}) =>
  placeInLine([...others, own], own.id, { isAway, windowMinutes: 30, now: at(now) });

describe('the place of somebody who waits', () => {
  test('is next, with the minutes to their hour', () => {
    expect(place('09:16', [])).toMatchObject({ before: 0, minutes: 4, isBusy: false });
    expect(place('09:20', [])).toMatchObject({ before: 0, minutes: 0, isUnattended: false });
  });

  test('is second behind somebody who waits too, and both are counted for their time', () => {
    expect(place('09:10', [turn('09:05')])).toMatchObject({ before: 1, minutes: 15 });
    expect(place('09:10', [turn('09:05'), turn('09:40')])).toMatchObject({ before: 1 });
  });

  test('is next behind somebody who is attended; where that takes long, the minutes grow', () => {
    expect(place('09:18', [busy('09:00')])).toMatchObject({ before: 0, minutes: 2, isBusy: true });
    expect(place('09:18', [busy('09:00', '09:12')])).toMatchObject({ before: 0, minutes: 9 });
    expect(place('09:31', [busy('09:00')])).toMatchObject({ before: 0, minutes: 0, isBusy: true });
  });

  test('counts nobody who was called without an answer, or was passed over', () => {
    expect(place('09:18', [turn('09:00', { attempts: 1 })])).toMatchObject({ before: 0 });
    expect(place('09:18', [turn('08:40')])).toMatchObject({ before: 0 });
  });

  test('says that nobody is at the desk once they would be next, and not while the desk is with somebody', () => {
    expect(place('09:10', [], { isAway: true })).toMatchObject({ isUnattended: false });
    expect(place('09:20', [], { isAway: true })).toMatchObject({ isUnattended: true });
    expect(place('09:25', [busy('09:00')], { isAway: true })).toMatchObject({
      isUnattended: false,
    });
    expect(place('09:20', [turn('09:05')], { isAway: true })).toMatchObject({
      isUnattended: false,
    });
  });

  test('follows what staff announced, where that is later', () => {
    const told = { times: 1, minutes: 25, announced: 25 };
    expect(place('09:15', [], { own: { ...mine, told } })).toMatchObject({ minutes: 30 });
  });

  test('is unknown long before the hour, once attended, and for an appointment that isn’t the desk’s', () => {
    expect(place('08:15', [])).toBeNull();
    expect(place('09:20', [], { own: busy('09:20') })).toBeNull();
    expect(
      placeInLine([turn('09:00')], 'x', { isAway: false, windowMinutes: 30, now: at('09:00') }),
    ).toBeNull();
  });
});
