import { isIPv6 } from 'node:net';
import { describe, expect, test } from 'vitest';
import { codeCounters, countedAs, passwordCounters, verdictOn } from './lockout.ts';

const namesOf = (counters: { name: string }[]) => counters.map((each) => each.name);

describe('what a wrong password counts on', () => {
  test('a stranger’s on their network’s count, then on everybody’s', () => {
    const counters = passwordCounters('a@x.cat', '192.0.2.1', null);
    expect(counters).toEqual([
      { name: 'password ["a@x.cat","from","192.0.2.1"]', most: 10 },
      { name: 'password ["a@x.cat"]', most: 100 },
    ]);
  });

  test('that of a browser known as the owner’s on its own alone, wherever it is', () => {
    const here = namesOf(passwordCounters('a@x.cat', '192.0.2.1', 'ab12'));
    expect(here).toEqual(namesOf(passwordCounters('a@x.cat', '198.51.100.7', 'ab12')));
    const strangers = namesOf(passwordCounters('a@x.cat', '192.0.2.1', null));
    expect(here.filter((each) => strangers.includes(each))).toEqual([]);
    expect(here).not.toEqual(namesOf(passwordCounters('a@x.cat', '192.0.2.1', 'cd34')));
    expect(here).not.toEqual(namesOf(passwordCounters('b@x.cat', '192.0.2.1', 'ab12')));
  });

  test.each([
    'a@x.cat from 192.0.2.1',
    'password ["a@x.cat"]',
    'code u1',
    'told password 5',
    'setup u1',
  ])('nothing that is typed for an address counts where others count: %s', (typed) => {
    const counted = namesOf(passwordCounters(typed, '198.51.100.7', null));
    const others = [
      ...passwordCounters('a@x.cat', '192.0.2.1', null),
      ...codeCounters('u1', null),
      ...['told password 5', 'setup u1'].map((name) => ({ name })),
    ];
    expect(counted.filter((each) => namesOf(others).includes(each))).toEqual([]);
  });
});

test('wrong codes of strangers count together, those of a known browser apart', () => {
  expect(codeCounters('u1', null)).toEqual([{ name: 'code u1', most: 10 }]);
  expect(namesOf(codeCounters('u1', 'ab12'))).not.toContain('code u1');
});

test('a count bears as many as it says; what comes after is not tried', () => {
  expect([1, 9, 10, 11].map((each) => verdictOn(each, 10))).toEqual([
    'free',
    'free',
    'last',
    'locked',
  ]);
});

test('a known browser stands for a network of its own, of addresses that lead nowhere', () => {
  const one = countedAs('ab12');
  expect(isIPv6(one)).toBe(true);
  expect(one).toMatch(/^fd/);
  expect(one).not.toBe(countedAs('cd34'));
});
