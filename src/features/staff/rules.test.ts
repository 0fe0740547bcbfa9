import { describe, expect, test } from 'vitest';
import { inFours, isIdle, passwordRefusal, readCode, roleChanges } from './rules.ts';

const person = { email: 'marta.puigdomenech@vilaclara.cat', name: 'Marta Puigdomènech Roca' };

describe('passwords', () => {
  test.each([
    ['curta', 'too_short'],
    ['onzecaracte', 'too_short'],
    ['a'.repeat(129), 'too_long'],
    ['aaaaaaaaaaaaaaaa', 'common'],
    ['abcabcabcabcabc', 'common'],
    ['123456789012', 'common'],
    ['qwertyuiop123', 'common'],
    ['Contrasenya2026!', 'common'],
    ['P4ssw0rd1234', 'common'],
    ['Contraseña-2026', 'common'],
    ['pasahitza12345', 'common'],
    ['Vilaclara2026!!', 'common'],
    ['ajuntament1234', 'common'],
    ['Marta-Puigdomenech', 'personal'],
    ['puigdomenech.2026', 'personal'],
  ])('%s is refused as %s', (password, why) => {
    expect(passwordRefusal(password, person)).toBe(why);
  });

  test.each([
    'tres gats al terrat',
    'cavall bateria grapa correcte',
    'gT7#kq9!vLz2',
    'ñandú-øre-żółw-12',
  ])('%s may be chosen', (password) => {
    expect(passwordRefusal(password, person)).toBeNull();
  });

  test('length counts characters, not bytes', () => {
    expect(passwordRefusal('🐈🐕🐎🐖🐏🐓🦆🦉🐢🐍🦎🐙'.slice(0, -2), person)).toBe('too_short');
    expect(passwordRefusal('🐈🐕🐎🐖🐏🐓🦆🦉🐢🐍🦎🐙', person)).not.toBe('too_short');
  });
});

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
});

test('a secret is shown in groups of four', () => {
  expect(inFours('ABCDEFGHIJ')).toBe('ABCD EFGH IJ');
});

test('roles that become others are taken and given; a desk that changes is both', () => {
  const held = { body: 1, role: 'agent', agent: 7 } as const;
  const other = { body: 2, role: 'coordinator', agent: null } as const;
  expect(roleChanges([held, other], [held, other])).toEqual([]);
  expect(roleChanges([], [held])).toEqual([{ held, action: 'role_given' }]);
  expect(roleChanges([held, other], [{ ...held, agent: 8 }])).toEqual([
    { held, action: 'role_taken' },
    { held: other, action: 'role_taken' },
    { held: { ...held, agent: 8 }, action: 'role_given' },
  ]);
});
