import fc from 'fast-check';
import { expect, test } from 'vitest';
import { costlyIn, sizeOf, smsText } from './gsm.ts';

test.each([
  ['La cita, a l’Ajuntament: «què?»', 'La cita, a l\'Ajuntament: "què?"'],
  ['10 €… 5–7', '10 €... 5-7'],
  ['ñ Ñ ü Ç à è é ì ò ù', 'ñ Ñ ü Ç à è é ì ò ù'],
  ['a\u00a0b\u202fc', 'a b c'],
  ['cafe\u0301', 'café'],
  // With a letter that the alphabet lacks, nothing is replaced.
  ['La cita de l’Íngrid', 'La cita de l’Íngrid'],
  ['No ho diguis a ningú', 'No ho diguis a ningú'],
  ['Plaça de la Constitució, anul·lada, veïna', 'Plaça de la Constitució, anul·lada, veïna'],
  ['[😀]', '[😀]'],
])('%j is sent as %j', (text, sent) => {
  expect(smsText(text)).toBe(sent);
});

test('names the characters that cost more', () => {
  expect(costlyIn('És l’Íngrid, és l’Íngrid')).toEqual(['Í']);
  expect(costlyIn('anul·lada, veïna, ningú, plaça')).toEqual(['·', 'ï', 'ú', 'ç']);
  expect(costlyIn('[€] {~} à è é ì ò ù ä ö ü ñ Ç')).toEqual([]);
});

// The figures are those of 3GPP TS 23.038 and 23.040, counted by hand.
test.each([
  ['', 'gsm-7', 0, 1],
  ['a'.repeat(160), 'gsm-7', 160, 1],
  ['a'.repeat(161), 'gsm-7', 161, 2],
  ['a'.repeat(306), 'gsm-7', 306, 2],
  ['a'.repeat(307), 'gsm-7', 307, 3],
  ['a'.repeat(459), 'gsm-7', 459, 3],
  ['à'.repeat(160), 'gsm-7', 160, 1],
  ['€'.repeat(80), 'gsm-7', 160, 1],
  ['€'.repeat(81), 'gsm-7', 162, 2],
  // An escape and its character stay together: 152 + 2 don't fit into 153.
  [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 'gsm-7', 306, 3],
  ['ç'.repeat(70), 'ucs-2', 70, 1],
  ['Ç'.repeat(71), 'gsm-7', 71, 1],
  ['ç'.repeat(71), 'ucs-2', 71, 2],
  ['í'.repeat(134), 'ucs-2', 134, 2],
  ['í'.repeat(135), 'ucs-2', 135, 3],
  ['€'.repeat(69).concat('ó'), 'ucs-2', 70, 1],
  ['😀'.repeat(35), 'ucs-2', 70, 1],
  // A pair of surrogates stays together too: 33 fit into a part of 67.
  ['😀'.repeat(67), 'ucs-2', 134, 3],
] as const)('%#: %s, %d units, %d SMS', (text, alphabet, units, segments) => {
  expect(sizeOf(text)).toEqual({ alphabet, units, segments });
});

test('what is sent is sent the same again, and its length is that of the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const sent = smsText(text);
      expect(smsText(sent)).toBe(sent);
      expect(sizeOf(sent)).toEqual(sizeOf(text));
    }),
  );
});

test('no letter changes', () => {
  const letters = (text: string) => text.normalize('NFC').replaceAll(/[^\p{L}\p{N}]/gu, '');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      expect(letters(smsText(text))).toBe(letters(text));
    }),
  );
});
