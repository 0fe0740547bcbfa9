import { expect, test } from 'vitest';
import { byName } from './order.ts';

test('names are sorted as people expect: numbers as numbers, accents and capitals beside their letters', () => {
  const names = ['Taula 10', 'òscar', 'Taula 2', 'Zoe', 'Àlex', 'Berta', 'Taula 1'];
  expect(
    names
      .map((name) => ({ name }))
      .sort(byName)
      .map(({ name }) => name),
  ).toEqual(['Àlex', 'Berta', 'òscar', 'Taula 1', 'Taula 2', 'Taula 10', 'Zoe']);
});
