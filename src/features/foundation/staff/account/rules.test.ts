import { describe, expect, test } from 'vitest';
import {
  type Asked,
  browserOf,
  isCopied,
  isFresh,
  mayEnter,
  newChallenge,
  readChallenge,
  relyingParty,
} from './rules.ts';

const NOW = Temporal.Instant.from('2026-11-24T09:00:00Z');
const KEY = 'a key of this test';
const ASKED: Asked = { purpose: 'sign_in', user: '', browser: 'one browser' };

test('ten minutes after the code, it is asked for again', () => {
  expect(isFresh(NOW, NOW.add({ seconds: 599 }))).toBe(true);
  expect(isFresh(NOW, NOW.add({ seconds: 600 }))).toBe(false);
});

test('passkeys belong to the name in BASE_URL; an address in numbers has none', () => {
  expect(relyingParty('https://cita.vilaclara.cat')).toEqual({
    id: 'cita.vilaclara.cat',
    origin: 'https://cita.vilaclara.cat',
  });
  expect(relyingParty('http://localhost:3000')).toEqual({
    id: 'localhost',
    origin: 'http://localhost:3000',
  });
  expect(relyingParty('http://127.0.0.1:3000')).toBeNull();
  expect(relyingParty('http://[::1]:3000')).toBeNull();
});

describe('a challenge', () => {
  test('is good for five minutes, for its purpose, person and browser', () => {
    const challenge = newChallenge(KEY, ASKED, NOW);
    const until = NOW.add({ minutes: 5 });
    expect(readChallenge(KEY, ASKED, challenge, NOW)).toEqual(until);
    expect(readChallenge(KEY, ASKED, challenge, until.subtract({ seconds: 1 }))).toEqual(until);
    expect(readChallenge(KEY, ASKED, challenge, until)).toBeNull();
    for (const other of [
      { ...ASKED, purpose: 'confirm' as const },
      { ...ASKED, user: 'u1' },
      { ...ASKED, browser: 'another' },
    ]) {
      expect(readChallenge(KEY, other, challenge, NOW)).toBeNull();
    }
    expect(readChallenge('another key', ASKED, challenge, NOW)).toBeNull();
  });

  test('can’t be made longer, cut or invented, and is never the same twice', () => {
    const challenge = newChallenge(KEY, ASKED, NOW);
    const later = Buffer.from(challenge, 'base64url');
    later.writeUIntBE(NOW.add({ hours: 1 }).epochMilliseconds, 0, 6);
    for (const forged of [later.toString('base64url'), challenge.slice(0, -4), '', 'x'])
      expect(readChallenge(KEY, ASKED, forged, NOW)).toBeNull();
    expect(newChallenge(KEY, ASKED, NOW)).not.toBe(challenge);
  });
});

test('a passkey that counts backwards, or not on, is a copy; one that doesn’t count is none', () => {
  expect(isCopied(0, 0)).toBe(false);
  expect(isCopied(3, 4)).toBe(false);
  expect(isCopied(0, 1)).toBe(false);
  expect(isCopied(3, 3)).toBe(true);
  expect(isCopied(3, 0)).toBe(true);
});

test('who has no role and runs nothing may not enter', () => {
  expect(mayEnter({ staff: { operator: false }, offices: [] })).toBe(false);
  expect(mayEnter({ staff: { operator: true }, offices: [] })).toBe(true);
  expect(mayEnter({ staff: { operator: false }, offices: [{}] })).toBe(true);
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:134.0) Gecko/20100101 Firefox/134.0', 'Firefox', 'Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    'Chrome',
    'Windows',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
    'Edge',
    'Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari',
    'iPhone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36',
    'Samsung Internet',
    'Android',
  ],
  ['curl/8.5.0', null, null],
])('%s is %s on %s', (userAgent, browser, system) => {
  expect(browserOf(userAgent)).toEqual({ browser, system });
});
