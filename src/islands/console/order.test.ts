import { expect, test } from 'vitest';
import { type Coming, placeOf } from './order.ts';

const place = (more: Partial<Coming>) =>
  placeOf({
    ...{ shown: 7, coming: 7, isLate: false, isReplaced: false, isOnce: false },
    ...more,
  });

test('of several answers the one that was asked for last stays, in whatever order they come', () => {
  expect(place({})).toBe('put');
  // Events may be committed in another order than their numbers: the number alone doesn't say that nothing has changed.
  expect(place({ coming: 6 })).toBe('put');
  expect(place({ coming: 8, isLate: true })).toBe('keep');
});

test('of an answer and the page that was put there meanwhile, the one of the newer event stays', () => {
  expect(place({ isReplaced: true, coming: 8 })).toBe('put');
  expect(place({ isReplaced: true, coming: 7 })).toBe('keep');
  expect(place({ isReplaced: true, coming: 6 })).toBe('keep');
  expect(place({ isReplaced: true, shown: null })).toBe('again');
  expect(place({ isReplaced: true, coming: null })).toBe('again');
});

test('what a press asked to see goes once something has changed', () => {
  expect(place({ isOnce: true })).toBe('keep');
  expect(place({ isOnce: true, coming: 8 })).toBe('put');
});
