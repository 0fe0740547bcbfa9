import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReader, difference, END } from './t140.ts';

const read = (...sent: string[]) => {
  const reader = createReader();
  return sent.map((each) => reader.take(each)).at(-1);
};

describe('real-time text', () => {
  test('is the added text, after a backspace for each removed character', () => {
    expect(difference('', 'bon')).toBe('bon');
    expect(difference('bon', 'bon dia')).toBe(' dia');
    expect(difference('bon dia', 'bon di')).toBe('\b');
    // After a change in the middle, the rest of the line is typed again.
    expect(difference('gat i gos', 'gat o gos')).toBe('\b\b\b\b\bo gos');
    expect(difference('a\nb', 'a\nbc')).toBe('c');
  });

  test('of any typing gives the other side the same text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 })), (states) => {
        const typed = [
          '',
          ...states.map((each) => each.replaceAll(/[\p{Cc}\u2028\u2029\ufeff]/gu, '')),
        ];
        const reader = createReader();
        return typed.every(
          (after, at) => reader.take(difference(typed[at - 1] ?? '', after)).line === after,
        );
      }),
    );
  });

  test('in pieces that cut a line anywhere is the same', () => {
    expect(read('Bo', 'n d', 'ia\b', 'es')).toEqual({ line: 'Bon dies', ended: [] });
    expect(read('👋🏽', '\b')).toEqual({ line: '👋', ended: [] });
  });

  test('a line ends with a separator, however another client writes it', () => {
    for (const end of [END, '\r\n', '\n', '\u2029', '\r'])
      expect(read(`hola${end}i`)).toEqual({ line: 'i', ended: ['hola'] });
  });

  test('backspaces on nothing, bells and marks do nothing; a line without an end is cut', () => {
    expect(read('\ufeff\b\b\u0007a\u001b')).toEqual({ line: 'a', ended: [] });
    expect(read('x'.repeat(5_000))?.line).toHaveLength(2_000);
  });
});
