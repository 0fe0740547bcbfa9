import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CaptionLines } from './lines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const lines = () => new CaptionLines(() => {});

test('a sentence grows while it is spoken, and its words may change', () => {
  const of = lines();
  of.take('bon');
  of.take(' via');
  expect(of.text).toBe('bon via');
  of.take('\b\b\bdia');
  expect(of.text).toBe('bon dia');
});

test('the last whole sentence stays before the next one', () => {
  const of = lines();
  of.take('u\u2028');
  of.take('dos\u2028tr');
  expect(of.text).toBe('dos tr');
});

test('seven seconds after the last word nothing is left', () => {
  const of = lines();
  of.take('bon dia\u2028');
  vi.advanceTimersByTime(6_900);
  expect(of.text).toBe('bon dia');
  of.take('hola');
  vi.advanceTimersByTime(6_900);
  expect(of.text).toBe('bon dia hola');
  vi.advanceTimersByTime(200);
  expect(of.text).toBe('');
});

test('a new connection begins without the old words', () => {
  const of = lines();
  of.take('bon');
  of.reset();
  of.take('dia');
  expect(of.text).toBe('dia');
});
