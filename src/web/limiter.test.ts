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

test('other pages have no limit for reads', () => {
  expect(waitsFor('/ca/oac', 500)).toBe(0);
});

test('forms are begun as often as a library may need', () => {
  const limits = createLimits(handClock('2026-11-25T12:00:00Z'));
  const begin = () => limits.take({ method: 'POST', path: '/ca/oac/volant-padro/apply' }, 'one');
  expect(Array.from({ length: 20 }, begin).every((wait) => wait === 0)).toBe(true);
  expect(begin()).toBeGreaterThan(0);
});
