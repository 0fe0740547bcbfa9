import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CUT, cutTo } from './cutting.ts';

const TEXT = 'La meva veïna, la Maria Puig,\nfa soroll cada nit.';

describe('what is left of a text', () => {
  it.each([
    ['as it is', TEXT, TEXT],
    [
      'without a name',
      'La meva veïna, la fa soroll cada nit.',
      `La meva veïna, la ${CUT} fa soroll cada nit.`,
    ],
    [
      'with a mark of one’s own',
      'La meva veïna, [...] fa soroll cada nit.',
      `La meva veïna, ${CUT} fa soroll cada nit.`,
    ],
    ['without its end', 'La meva veïna, la', `La meva veïna, la ${CUT}`],
    ['without its beginning', 'fa soroll cada nit.', `${CUT} fa soroll cada nit.`],
    ['without anything', '', ''],
    ['with another word', 'La meva veïna, la Rosa Puig, fa soroll cada nit.', null],
    ['with a word in another place', 'soroll La meva veïna,', null],
    ['with a part of a word', 'La meva veï', null],
    ['with one word more at its end', `${TEXT} Gràcies`, null],
  ])('%s', (_, left, cut) => {
    expect(cutTo(TEXT, left)).toBe(cut);
  });

  it.each([
    ['as it is', 'El llum ... falla … cada nit ...', 'El llum ... falla … cada nit ...'],
    [
      'with other white space',
      'El llum\n...  falla … cada nit ...',
      'El llum ... falla … cada nit ...',
    ],
    ['without a word', 'El llum ... falla … nit ...', `El llum ... falla ${CUT} nit ...`],
    ['without its end', 'El llum ...', `El llum ${CUT}`],
  ])('of a text that has such marks: %s', (_, left, cut) => {
    expect(cutTo('El llum ... falla … cada nit ...', left)).toBe(cut);
  });

  it('has no word that the text has not, in another order neither, and is left so when it is cut again', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'd', '\n', 'e.', '...', '…', CUT);
    const texts = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(texts, texts, (original, left) => {
        const cut = cutTo(original, left);
        if (cut === null) return;
        const words = cut.split(/\s+/).filter((each) => each !== '' && each !== CUT);
        const all = original.split(/\s+/);
        let at = -1;
        for (const each of words) {
          at = all.indexOf(each, at + 1);
          expect(at).toBeGreaterThanOrEqual(0);
        }
        expect(cutTo(original, cut)).toBe(cut);
      }),
    );
  });
});
