import { describe, expect, test } from 'vitest';
import { identityProvider } from '../../../domain/office/identity.ts';
import {
  asksAgain,
  calledOf,
  canGive,
  NO_WISHES,
  nameAfter,
  offeredOf,
  ownPath,
  sessionEnd,
} from './rules.ts';

describe('a path of this town', () => {
  const BASE = 'https://cita.vilaclara.example';
  test.each(['/ca/folder', '/ca/oac?x=1&y=%2F', '/ca/appointment/abc/room'])(
    '%s is one',
    (path) => {
      expect(ownPath(path, BASE)).toBe(path);
    },
  );
  test.each([
    '',
    'ca/folder',
    'https://evil.example/',
    '//evil.example/',
    '/.//evil.example/x',
    '/x/..//evil.example/x',
    '/%2e//evil.example/x',
    '/./\\evil.example',
    '/\\evil.example/',
    '/\t/evil.example',
    '/ca/\\..\\x',
    'javascript:alert(1)',
    `/${'a'.repeat(2000)}`,
  ])('%j is none', (path) => {
    expect(ownPath(path, BASE)).toBeNull();
  });
  test('what climbs stays here', () => {
    expect(ownPath('/ca/../../x', BASE)).toBe('/x');
  });
});

describe('what a provider can give', () => {
  const offered = (more: object) =>
    offeredOf(identityProvider.parse({ code: 'p', name: { ca: 'P' }, ...more }));
  test('follows from its levels, the lowest first', () => {
    const valid = offered({ kind: 'valid', clientId: 'x', levels: { a: 'substantial', b: 'low' } });
    expect(valid.levels).toEqual(['low', 'substantial']);
    expect(canGive(valid, 'substantial')).toBe(true);
    expect(canGive(valid, 'high')).toBe(false);
  });
  test('is one level for a wallet', () => {
    expect(offered({ kind: 'wallet', issuers: ['x'] }).levels).toEqual(['high']);
  });
});

describe('the name of a person', () => {
  const said = (full: string, level: 'low' | 'high') => ({
    name: { full, given: null, family: null },
    level,
  });
  test('is the one that was said last, at the same level or a higher one', () => {
    expect(nameAfter(said('Rosa', 'low'), said('Rosa S.', 'low')).name.full).toBe('Rosa S.');
    expect(nameAfter(said('Rosa', 'low'), said('Rosa S.', 'high')).name.full).toBe('Rosa S.');
  });
  test('is not replaced by none, nor by one of a lower level', () => {
    expect(nameAfter(said('Rosa', 'high'), said('', 'high')).name.full).toBe('Rosa');
    expect(nameAfter(said('Rosa', 'high'), said('R.', 'low')).name.full).toBe('Rosa');
    expect(nameAfter(said('', 'high'), said('Rosa', 'low')).name.full).toBe('Rosa');
  });
  test('is the masked identifier where nobody said it', () => {
    const id = { scheme: 'dni', country: 'ES', identifier: '12345678Z' } as const;
    const { name } = said('', 'low');
    expect(calledOf({ id, name, wishes: NO_WISHES })).toBe('***4567**');
    expect(calledOf({ id, name, wishes: { ...NO_WISHES, called: 'Rosa' } })).toBe('Rosa');
  });
});

describe('the end of a session', () => {
  const at = (time: string) => Temporal.Instant.from(`2026-12-01T${time}Z`);
  test('is half an hour after its last use', () => {
    expect(sessionEnd(at('09:00'), at('10:15')).toString()).toBe('2026-12-01T10:45:00Z');
  });
  test('is four hours after its beginning at the latest', () => {
    expect(sessionEnd(at('09:00'), at('12:59')).toString()).toBe('2026-12-01T13:00:00Z');
  });
});

test('the provider asks again for what is not undone, and after a code of another device', () => {
  const appointment = { for: 'appointment', appointment: 'a', office: 1 } as const;
  const act = { for: 'act', appointment: 'a', office: 1, act: 'x', link: 1 } as const;
  for (const each of [{ for: 'erasure' } as const, act, { ...appointment, code: 'c' }])
    expect(asksAgain(each)).toBe(true);
  for (const each of [{ for: 'session' } as const, appointment])
    expect(asksAgain(each)).toBe(false);
});
