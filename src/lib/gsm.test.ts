import fc from 'fast-check';
import { expect, test } from 'vitest';
import { notInGsm, segmentsOf, toGsm, twinsIn } from './gsm.ts';

test.each([
  ['La cita de l’Íngrid, a l’Ajuntament: «sí»', 'La cita de l\'Ingrid, a l\'Ajuntament: "si"'],
  ['Plaça de la Constitució, à è é ì ò ù', 'Placa de la Constitucio, à è é ì ò ù'],
  ['10 €… 5–7', '10 EUR... 5-7'],
  ['ñ Ñ ü Ç', 'ñ Ñ ü Ç'],
  ['a\u00a0b', 'a b'],
  ['😀 [x]', '? ?x?'],
])('%j is sent as %j', (text, sent) => {
  expect(toGsm(text)).toBe(sent);
});

test('reports the characters that are replaced, and those that can’t be sent', () => {
  expect(twinsIn('És l’Íngrid, és l’Íngrid')).toEqual([
    ['’', "'"],
    ['Í', 'I'],
  ]);
  expect(notInGsm('[Hola] 😀 {}')).toEqual(['[', ']', '😀', '{', '}']);
});

test('one SMS holds 160 characters, several 153 each', () => {
  const counts = [0, 160, 161, 306, 307, 459, 460].map((n) => segmentsOf('a'.repeat(n)));
  expect(counts).toEqual([1, 1, 2, 2, 3, 3, 4]);
});

test('a sent text has nothing left to replace', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const sent = toGsm(text);
      expect([toGsm(sent), twinsIn(sent), notInGsm(sent)]).toEqual([sent, [], []]);
    }),
  );
});
