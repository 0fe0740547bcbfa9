import { expect, test } from 'vitest';
import { keeping, nameOf } from './kept.ts';

const page = (bytes: number) => () => new Uint8Array(bytes);
const keptPages = (most: number) => keeping<Uint8Array>(most, (each) => each.length);
const none = (): never => {
  throw new Error('It should be kept');
};

test('a page is made once', () => {
  const pages = keptPages(100);
  const made = pages.get('a', page(10));
  expect(pages.get('a', none)).toBe(made);
  expect(pages.get('b', page(20))).toHaveLength(20);
});

test('the page that was not asked for longest makes room', () => {
  const pages = keptPages(100);
  for (const key of ['a', 'b']) pages.get(key, page(40));
  pages.get('a', none);
  pages.get('c', page(40));
  pages.get('a', none);
  pages.get('c', none);
  expect(() => pages.get('b', none)).toThrow();
});

test('a page larger than all room is sent and not kept', () => {
  const pages = keptPages(100);
  expect(pages.get('a', page(101))).toHaveLength(101);
  expect(() => pages.get('a', none)).toThrow();
  pages.get('b', page(98));
  pages.get('b', none);
  // The key counts too: whoever asks chooses its length.
  pages.get('c'.repeat(40), page(30));
  expect(() => pages.get('c'.repeat(40), none)).toThrow();
});

test('each object has a name of its own', () => {
  const town = {};
  expect(nameOf(town)).toBe(nameOf(town));
  expect(nameOf({})).not.toBe(nameOf(town));
});
