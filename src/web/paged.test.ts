import { expect, test } from 'vitest';
import { pageOf } from './paged.tsx';

const seven = [1, 2, 3, 4, 5, 6, 7];

test.each([
  [undefined, [1, 2, 3], 1],
  ['2', [4, 5, 6], 2],
  ['3', [7], 3],
  ['4', [7], 3],
  ['0', [1, 2, 3], 1],
  ['-1', [1, 2, 3], 1],
  ['2.9', [4, 5, 6], 2],
  ['two', [1, 2, 3], 1],
])('asked for %s, three a page: %j', (asked, shown, page) => {
  expect(pageOf(seven, asked, 3)).toEqual({ shown, page, pages: 3 });
});

test('an empty list is one empty page', () => {
  expect(pageOf([], '2', 3)).toEqual({ shown: [], page: 1, pages: 1 });
});
