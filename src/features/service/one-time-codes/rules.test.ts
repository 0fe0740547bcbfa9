import { describe, expect, test } from 'vitest';
import { digitsOf } from '../../../domain/one-time-code.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { isOpen, nextCodeAt, readDigits, upTo } from './rules.ts';

const now = Temporal.Instant.from('2026-11-30T09:00:00Z');

describe('a code', () => {
  test('is six digits that only this installation makes, another for each', () => {
    const [ours, theirs] = [7, 8].map((byte) => installationKey(Buffer.alloc(32, byte)));
    const codes = Array.from({ length: 200 }, (_, id) => digitsOf(ours!, `code-${id}`));
    expect(codes.every((each) => /^\d{6}$/.test(each))).toBe(true);
    expect(new Set(codes).size).toBeGreaterThan(195);
    expect(digitsOf(ours!, 'code-1')).toBe(codes[1]);
    expect(digitsOf(theirs!, 'code-1')).not.toBe(codes[1]);
  });

  test.each(['123456', '123 456', ' 123-456\n'])('is read as it was copied: %j', (typed) =>
    expect(readDigits(typed)).toBe('123456'),
  );

  test('is sent once a minute, and six times a day', () => {
    const sent = (...minutes: number[]) =>
      nextCodeAt(
        minutes.map((each) => ({ madeAt: now.subtract({ minutes: each }) })),
        now,
      );
    expect(sent()).toBeNull();
    expect(sent(1)).toBeNull();
    expect(sent(0)).toEqual(now.add({ seconds: 60 }));
    expect(sent(2, 3, 4, 5, 6)).toBeNull();
    expect(sent(2, 3, 4, 5, 6, 60)).toEqual(now.add({ hours: 23 }));
    expect(sent(2, 3, 4, 5, 6, 24 * 60)).toBeNull();
  });

  test.each([1, 24])(
    'from before the clock was set back by %i hours isn’t taken, and keeps nobody from another one',
    (hours) => {
      const code = { id: 'before', madeAt: now.add({ hours }) };
      const next = { id: 'after', madeAt: now };
      const apart = { id: 'apart', madeAt: now.add({ seconds: 50 }) };
      expect(upTo([code], now)).toEqual([]);
      expect(nextCodeAt([code], now)).toBeNull();
      expect(upTo([code, apart, next], now)).toEqual([apart, next]);
    },
  );

  test('can be typed for ten minutes, five times, until it was right', () => {
    const code = {
      ...{ id: 'x', madeAt: now, expiresAt: now.add({ minutes: 10 }), tries: 0, endedAt: null },
    };
    expect(isOpen(code, now.add({ minutes: 9 }))).toBe(true);
    expect(isOpen(code, now.add({ minutes: 10 }))).toBe(false);
    expect(isOpen({ ...code, tries: 4 }, now)).toBe(true);
    expect(isOpen({ ...code, tries: 5 }, now)).toBe(false);
    expect(isOpen({ ...code, endedAt: now }, now)).toBe(false);
  });
});
