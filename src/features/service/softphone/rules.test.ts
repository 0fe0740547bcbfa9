import { describe, expect, test } from 'vitest';
import {
  callersNumber,
  extensionOf,
  handDialled,
  mosOf,
  numberIn,
  outcomeOf,
  qualityWord,
} from './rules.ts';

describe('what an answer of the exchange says about who was called', () => {
  test.each([
    [200, 'answered'],
    [486, 'busy'],
    [600, 'busy'],
    [480, 'no_answer'],
    [408, 'no_answer'],
    [487, 'no_answer'],
    [404, 'wrong_number'],
    [484, 'wrong_number'],
    [604, 'wrong_number'],
    [603, 'rejected'],
  ])('%i: %s', (status, outcome) => {
    expect(outcomeOf(status)).toBe(outcome);
  });

  test.each([403, 407, 488, 500, 503, 0])('%i says nothing about them', (status) => {
    expect(outcomeOf(status)).toBeNull();
  });
});

describe('a number typed by hand', () => {
  test.each([
    ['612 345 678', '0', '0612345678'],
    ['+34 612 345 678', '0', '0612345678'],
    ['0034612345678', '0', '0612345678'],
    ['+33 6 12 34 56 78', '0', '00033612345678'],
    ['103', '0', '103'],
    ['612345678', '', '612345678'],
    ['+33 612345678', '', '+33612345678'],
  ])('%s behind “%s” is dialled as %s', (typed, prefix, dialled) => {
    expect(handDialled(typed, prefix, '+34')).toBe(dialled);
  });

  test.each(['', '6', 'Rosa', 'sip:x@y', '612345678@elsewhere'])('%j is none', (typed) => {
    expect(handDialled(typed, '0', '+34')).toBeNull();
  });
});

test('what a link dials', () => {
  expect(numberIn('tel:0612345678')).toBe('0612345678');
  expect(numberIn('tel:0,612345678')).toBe('0612345678');
  expect(numberIn('mailto:a@b.cat')).toBeNull();
});

describe('who calls', () => {
  test.each([
    ['+34612345678', '0', '+34612345678'],
    ['0612345678', '0', '612345678'],
    ['612345678', '0', '612345678'],
    ['anonymous', '0', ''],
  ])('%s behind “%s” is %s', (shown, prefix, number) => {
    expect(callersNumber(shown, prefix)).toBe(number);
  });
});

test('a desk without an extension has no telephone', () => {
  const exchange = { desks: { 'taula-1': '101' } };
  expect(extensionOf(exchange, 'taula-1')).toBe('101');
  expect(extensionOf(exchange, 'taula-2')).toBeNull();
  expect(extensionOf(exchange, undefined)).toBeNull();
  expect(extensionOf(undefined, 'taula-1')).toBeNull();
});

describe('what a call was like', () => {
  const quiet = { loss: 0, rtt: 20, jitter: 1 };
  test('good where nothing is lost, worse the more is lost and the later it comes', () => {
    expect(qualityWord(quiet)).toBe('good');
    expect(qualityWord({ ...quiet, loss: 10 })).toBe('fair');
    expect(qualityWord({ ...quiet, loss: 20 })).toBe('poor');
    expect(qualityWord({ ...quiet, rtt: 900 })).toBe('poor');
    expect(mosOf(quiet)).toBeGreaterThan(4.3);
    expect(mosOf({ loss: 100, rtt: 5000, jitter: 900 })).toBeGreaterThanOrEqual(1);
  });
});
