import { expect, test } from 'vitest';
import { clockStartingAt, systemClock } from './clock.ts';

const nanoseconds = (at: Temporal.Instant): number => Number(at.epochNanoseconds % 1_000_000n);

test('clocks tell whole milliseconds, which is what records keep', () => {
  const demo = clockStartingAt(Temporal.Instant.from('2026-11-30T07:00:00.1236789Z'));
  const readings = Array.from({ length: 100 }, () => [systemClock.now(), demo.now()]).flat();
  expect(readings.map(nanoseconds).filter((each) => each !== 0)).toEqual([]);
});

test('a clock that starts at a time is never before it by a millisecond or more', () => {
  const at = Temporal.Instant.from('2026-11-30T07:00:00.1236789Z');
  expect(clockStartingAt(at).now().since(at).total('milliseconds')).toBeGreaterThan(-1);
});
