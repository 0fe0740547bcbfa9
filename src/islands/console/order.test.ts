import { expect, test } from 'vitest';
import { placeOf } from './order.ts';

test('what the server made later is shown, in whatever order answers come', () => {
  for (const isOther of [false, true]) {
    expect(placeOf(7, 8, isOther)).toBe('put');
    expect(placeOf(8, 7, isOther)).toBe('keep');
  }
});

test('of two that were made at the same event, what was put there last stays: a press has led to it', () => {
  expect(placeOf(7, 7, false)).toBe('put');
  expect(placeOf(7, 7, true)).toBe('keep');
});

test('where nothing says which is newer, what was replaced meanwhile is asked for again', () => {
  expect(placeOf(null, 7, false)).toBe('put');
  expect(placeOf(7, null, true)).toBe('again');
  expect(placeOf(null, null, true)).toBe('again');
});
