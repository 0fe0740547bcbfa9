import { expect, test } from 'vitest';
import { inFours, isIdle, readCode, roleChanges } from './rules.ts';

test('a code may be typed with spaces and dashes, in any case', () => {
  expect(readCode(' 123 456 ')).toEqual({ kind: 'time', code: '123456' });
  expect(readCode('123-456')).toEqual({ kind: 'time', code: '123456' });
  expect(readCode('abcde fghjk')).toEqual({ kind: 'recovery', code: 'ABCDE-FGHJK' });
  expect(readCode('ABCDE-FGHJK')).toEqual({ kind: 'recovery', code: 'ABCDE-FGHJK' });
});

test('a session is idle after an hour without a request', () => {
  const seen = Temporal.Instant.from('2026-11-24T08:00:00Z');
  expect(isIdle(seen, Temporal.Instant.from('2026-11-24T08:59:59Z'))).toBe(false);
  expect(isIdle(seen, Temporal.Instant.from('2026-11-24T09:00:00Z'))).toBe(true);
  // The clock was set back.
  for (const hours of [1, 24]) expect(isIdle(seen, seen.subtract({ hours }))).toBe(true);
  expect(isIdle(seen, seen.subtract({ seconds: 30 }))).toBe(false);
});

test('a secret is shown in groups of four', () => {
  expect(inFours('ABCDEFGHIJ')).toBe('ABCD EFGH IJ');
});

test('roles that become others are taken and given; a desk that changes is both', () => {
  const held = { office: 1, role: 'agent', desk: 7 } as const;
  const other = { office: 2, role: 'coordinator', desk: null } as const;
  expect(roleChanges([held, other], [held, other])).toEqual([]);
  expect(roleChanges([], [held])).toEqual([{ held, action: 'role_given' }]);
  expect(roleChanges([held, other], [{ ...held, desk: 8 }])).toEqual([
    { held, action: 'role_taken' },
    { held: other, action: 'role_taken' },
    { held: { ...held, desk: 8 }, action: 'role_given' },
  ]);
});
