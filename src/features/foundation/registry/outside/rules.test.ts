import { describe, expect, test } from 'vitest';
import { asksAgainAt, secondsUntilTry, stepOf } from './rules.ts';

const at = (text: string) => Temporal.Instant.from(`2026-12-01T${text}Z`);
const SENT = { number: null, firstSentAt: at('10:00:00'), lastSentAt: at('10:20:00') };

describe('the next step', () => {
  test.each([
    [{ number: null, firstSentAt: null, lastSentAt: null }, '10:00:00', { do: 'enter' }],
    // What was sent may still be on its way.
    [SENT, '10:20:00', { do: 'wait', until: at('10:25:00') }],
    [SENT, '10:24:59', { do: 'wait', until: at('10:25:00') }],
    // It is looked for from the first time on.
    [SENT, '10:25:00', { do: 'find', since: at('10:00:00') }],
    [{ ...SENT, number: 'E/1' }, '10:20:00', { do: 'classify' }],
  ])('of %j at %s', (owed, now, step) => {
    expect(stepOf(owed, at(now))).toEqual(step);
  });
});

test('waits double from a minute on, up to an hour; a refusal waits longer, since somebody has to mend something', () => {
  const waits = (reason: 'away' | 'refused') =>
    [1, 2, 3, 6, 7, 9, 30].map((attempts) => secondsUntilTry(attempts, reason, 0) / 60);
  expect(waits('away')).toEqual([1, 2, 4, 32, 60, 60, 60]);
  expect(waits('refused')).toEqual([1, 2, 4, 32, 64, 256, 360]);
  expect(secondsUntilTry(1, 'away', 0.999)).toBeGreaterThan(45);
});

test('an entry of the auxiliary registry is asked about each day for three months', () => {
  const owed = at('10:00:00');
  expect(asksAgainAt(owed, at('12:00:00'))).toEqual(Temporal.Instant.from('2026-12-02T12:00:00Z'));
  expect(asksAgainAt(owed, owed.add({ hours: 24 * 89 }))).not.toBeNull();
  expect(asksAgainAt(owed, owed.add({ hours: 24 * 90 }))).toBeNull();
});
