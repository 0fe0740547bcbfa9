import fc from 'fast-check';
import { render } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import { translateTo } from '../lib/i18n/translate.ts';
import { WordDifference, wordDifference } from './difference.tsx';

test('the pieces of a difference make both texts', () => {
  const words = fc.array(fc.constantFrom('a', 'b ', ' ', '\n', 'l’hora', '<i>', '.'), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(words, words, (one, other) => {
      const [from, to] = [one.join(''), other.join('')];
      const pieces = wordDifference(from, to);
      const without = (kind: string) =>
        pieces
          .filter((each) => each.kind !== kind)
          .map((each) => each.text)
          .join('');
      expect([without('added'), without('removed')]).toEqual([from, to]);
    }),
  );
});

test('a very long text is replaced as a whole', () => {
  const [from, to] = ['a '.repeat(4000), 'b '.repeat(4000)];
  expect(wordDifference(from, to)).toEqual([
    { kind: 'removed', text: from },
    { kind: 'added', text: to },
  ]);
});

test('what was added and removed is marked, and said in words', () => {
  const t = translateTo('en');
  const html = render(<WordDifference t={t} from="El paper <b>" to="El document <b>" lang="ca" />);
  expect(html).toMatch(/<del>.*paper.*<\/del>/);
  expect(html).toMatch(/<ins>.*document.*<\/ins>/);
  expect(html).toContain(`lang="en">${t('difference.added')}`);
  expect(html).toContain('&lt;b');
});
