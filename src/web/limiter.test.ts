import { expect, test } from 'vitest';
import { handClock } from '../lib/clock.ts';
import { createLimits } from './limiter.ts';

const waitsFor = (path: string, times: number) => {
  const limits = createLimits(handClock('2026-11-25T12:00:00Z'));
  return Array.from({ length: times }, () => limits.take({ method: 'GET', path }, 'one')).at(-1);
};

test.each(['/open-data/oac/figures.csv', '/open-data/oac/dcat.jsonld', '/ca/oac/data'])(
  '%s is for programs that ask now and then',
  (path) => {
    expect(waitsFor(path, 60)).toBe(0);
    expect(waitsFor(path, 61)).toBeGreaterThan(0);
  },
);

test('what others told is followed as seldom as a wait list is joined: each sends a message to somebody', () => {
  const limits = createLimits(handClock('2026-11-25T12:00:00Z'));
  const take = (path: string) => limits.take({ method: 'POST', path }, 'one');
  const path = '/ca/oac/requests/map/K7M-2QX/follow';
  const waits = Array.from({ length: 40 }, () => take(path));
  expect(waits.at(-1)).toBeGreaterThan(0);
  expect(take('/ca/request/secret/similar')).toBeGreaterThan(0);
});

test('other pages have no limit for reads', () => {
  expect(waitsFor('/ca/oac', 500)).toBe(0);
});

test('forms are begun as often as a library may need', () => {
  const limits = createLimits(handClock('2026-11-25T12:00:00Z'));
  const begin = () => limits.take({ method: 'POST', path: '/ca/oac/volant-padro/apply' }, 'one');
  expect(Array.from({ length: 20 }, begin).every((wait) => wait === 0)).toBe(true);
  expect(begin()).toBeGreaterThan(0);
});

test('the pages of a case are counted by case, and generously by address, whatever a question is called', () => {
  const limits = createLimits(handClock('2026-11-25T12:00:00Z'));
  const send = (path: string, address = 'library') =>
    limits.take({ method: 'POST', path }, address);
  const names = ['times', 'waiting', 'apply', 'code', 'verify', 'identify', 'data', 'lost-link'];
  const paths = (secret: string) => names.map((name) => `/ca/case/${secret}/local/${name}`);
  // Ten people, each of whom answers forty pages.
  for (let person = 0; person < 10; person++)
    for (let round = 0; round < 5; round++)
      for (const path of paths(`secret-${person}`)) expect(send(path)).toBe(0);
  // None of that is taken from what else is sent from there.
  expect(send('/ca/oac/volant-padro/times')).toBe(0);
  expect(send('/ca/oac/volant-padro/waiting')).toBe(0);
  // One case alone ends, from whichever address, and so does an address with too many.
  const one = Array.from({ length: 200 }, (_, at) => send('/ca/case/one/a/b', `home-${at}`));
  expect(one[119]).toBe(0);
  expect(one[120]).toBeGreaterThan(0);
  const many = Array.from({ length: 700 }, (_, at) => send(`/ca/case/other-${at}/a/b`, 'script'));
  expect(many[599]).toBe(0);
  expect(many[600]).toBeGreaterThan(0);
});

test('the pages of a case are opened without a limit', () => {
  for (const name of ['times', 'data', 'change'])
    expect(waitsFor(`/ca/case/secret/local/${name}`, 500)).toBe(0);
});

test('lines and signs of typing are counted by conversation, and take nothing from what else is sent', () => {
  const clock = handClock('2026-11-25T12:00:00Z');
  const limits = createLimits(clock);
  const send = (path: string) => limits.take({ method: 'POST', path }, 'library');
  // Five people write for five minutes: a sign every five seconds, and a line every ten.
  for (let second = 0; second < 300; second += 5) {
    for (const each of ['a', 'b', 'c', 'd', 'e']) {
      expect(send(`/ca/chat/${each}/typing`)).toBe(0);
      if (second % 10 === 0) expect(send(`/ca/chat/${each}`)).toBe(0);
    }
    clock.advance({ seconds: 5 });
  }
  expect(send('/ca/oac/volant-padro/times')).toBe(0);
  const one = Array.from({ length: 200 }, () => send('/ca/chat/script'));
  expect(one[79]).toBe(0);
  expect(one[80]).toBeGreaterThan(0);
  expect(send('/ca/chat/another')).toBe(0);
  const many = Array.from({ length: 900 }, (_, at) => send(`/ca/chat/other-${at}/typing`));
  expect(many.at(-1)).toBeGreaterThan(0);
});

test('files of chats are few from one address', () => {
  const limits = createLimits(handClock('2026-11-25T12:00:00Z'));
  const send = (at: number) =>
    limits.take({ method: 'POST', path: `/ca/chat/secret-${at}/file` }, 'one');
  const waits = Array.from({ length: 21 }, (_, at) => send(at));
  expect(waits[19]).toBe(0);
  expect(waits[20]).toBeGreaterThan(0);
});
