import { expect, test } from 'vitest';
import { placeOf } from './order.ts';

const shown = (after: number | null, more: { isOther?: boolean; isOnce?: boolean } = {}) => ({
  ...{ after, isOther: false, isOnce: false },
  ...more,
});

test('what the server made later is shown, in whatever order answers come', () => {
  for (const more of [{}, { isOther: true }, { isOnce: true }]) {
    expect(placeOf(shown(7, more), 8)).toBe('put');
    expect(placeOf(shown(8, more), 7)).toBe('keep');
  }
});

test('of two that were made at the same event, what came last or was asked for by a press stays', () => {
  expect(placeOf(shown(7), 7)).toBe('put');
  expect(placeOf(shown(7, { isOther: true }), 7)).toBe('keep');
  expect(placeOf(shown(7, { isOnce: true }), 7)).toBe('keep');
});

test('where nothing says which is newer, what was replaced meanwhile is asked for again', () => {
  expect(placeOf(shown(null), 7)).toBe('put');
  expect(placeOf(shown(7, { isOther: true }), null)).toBe('again');
  expect(placeOf(shown(null, { isOther: true }), null)).toBe('again');
});
