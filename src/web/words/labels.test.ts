import { expect, test } from 'vitest';
import { before } from './labels.ts';

test('a label has a colon before what belongs to it, and a question has its own sign', () => {
  expect(before('Nom del local')).toBe('Nom del local: ');
  expect(before('Com et dius?')).toBe('Com et dius? ');
});
