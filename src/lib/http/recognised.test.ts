import { expect, test } from 'vitest';
import { createRecognised } from './recognised.ts';

const cookies = (value: string) => `staff_language=ca; __Secure-finestreta.session_token=${value}`;
const open = () => createRecognised('finestreta.session_token');

test('a session is known once an answer told whose it is, and for ten minutes after the last', () => {
  const sessions = open();
  expect(sessions.find(cookies('a'), 0)).toBeNull();
  sessions.learn(cookies('a'), 'nuria', 0);
  expect(sessions.find(cookies('a'), 599_999)).toBe('nuria');
  expect(sessions.find('finestreta.session_token=a', 0)).toBe('nuria');
  expect(sessions.find(cookies('b'), 0)).toBeNull();
  expect(sessions.find('', 0)).toBeNull();
  sessions.learn(cookies('a'), 'nuria', 599_999);
  expect(sessions.find(cookies('a'), 600_001)).toBe('nuria');
  expect(sessions.find(cookies('a'), 1_200_000)).toBeNull();
});

test('a request without a session teaches nothing', () => {
  const sessions = open();
  sessions.learn('staff_language=ca', 'nuria', 0);
  expect(sessions.find('staff_language=ca', 0)).toBeNull();
});

test('of ten thousand and one, the one that was unused longest is forgotten', () => {
  const sessions = open();
  for (let n = 0; n <= 10_000; n++) {
    sessions.learn(cookies(String(n)), `nuria ${n}`, n);
    sessions.learn(cookies('0'), 'pere', n);
  }
  expect(sessions.find(cookies('0'), 10_000)).toBe('pere');
  expect(sessions.find(cookies('1'), 10_000)).toBeNull();
  expect(sessions.find(cookies('2'), 10_000)).toBe('nuria 2');
});

test('nobody pushes out the sessions of others: eight of each account are known', () => {
  const sessions = open();
  sessions.learn(cookies('pere'), 'pere', 0);
  for (let n = 1; n <= 20_000; n++) {
    const madeUp = `finestreta.session_token=${n}; ${cookies('real')}`;
    sessions.learn(madeUp, 'nuria', n);
  }
  expect(sessions.find(cookies('pere'), 20_000)).toBe('pere');
  expect(sessions.find(cookies('20000'), 20_000)).toBe('nuria');
  expect(sessions.find(cookies('19992'), 20_000)).toBeNull();
});

test('a cookie whose name only ends as the session’s is none', () => {
  const sessions = open();
  sessions.learn(
    `x.${cookies('a')}`.replace('staff_language=ca; ', 'finestreta.session_token_old=b; '),
    'nuria',
    0,
  );
  expect(sessions.find('finestreta.session_token=b', 0)).toBeNull();
  sessions.learn('x.finestreta.session_token=c', 'nuria', 0);
  expect(sessions.find('finestreta.session_token=c', 0)).toBeNull();
});
