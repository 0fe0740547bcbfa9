import { expect, test } from 'vitest';
import { readAnswer } from './engine.ts';

test.each([
  ['{"partial": "bon"}', { text: 'bon', isWhole: false }],
  ['{"partial": ""}', { text: '', isWhole: false }],
  ['{"text": " bon dia ", "result": [{"word": "bon"}]}', { text: 'bon dia', isWhole: true }],
  ['{"text": ""}', { text: '', isWhole: true }],
])('the answer %s', (data, read) => expect(readAnswer(data)).toEqual(read));

test.each(['', 'null', '[]', '{"text": 3}', '{"partial": {}}', '{', new ArrayBuffer(2)])(
  'an answer of another form (%o) is none',
  (data) => expect(readAnswer(data)).toBeNull(),
);

test('a sentence without an end is cut', () =>
  expect(readAnswer(JSON.stringify({ text: 'a'.repeat(5_000) }))?.text).toHaveLength(1_000));
