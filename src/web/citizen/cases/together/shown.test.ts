import { expect, test } from 'vitest';
import { formOf } from '../../../form.ts';
import { digestOf, isChanged, wasName } from './shown.ts';

const FIELD = 'q-taules_';
const shown = (answer: unknown, more: [string, string][] = []) =>
  formOf([[wasName(FIELD), digestOf(answer)], ...more]);

test('what a page showed and sends again changes nothing, since another hand may have changed it', () => {
  expect(isChanged(shown(4), FIELD, 4)).toBe(false);
  expect(isChanged(shown(4), FIELD, 5)).toBe(true);
  expect(isChanged(shown(4), FIELD, undefined)).toBe(true);
  expect(isChanged(shown({ b: 1, a: [2] }), FIELD, { a: [2], b: 1 })).toBe(false);
});

test('what was answered by nobody before is an answer, also an empty one', () => {
  expect(isChanged(formOf([]), FIELD, undefined)).toBe(true);
  expect(isChanged(formOf([]), FIELD, 'Rosa')).toBe(true);
});

test('one answer alone changes no other question of its page', () => {
  const sent = shown(4, [['only', FIELD]]);
  expect(isChanged(sent, FIELD, 5)).toBe(true);
  expect(isChanged(sent, 'q-rotul_', 'Bar Pi')).toBe(false);
});
