import { diffWordsWithSpace } from 'diff';
import type { Language } from '../lib/i18n/languages.ts';
import type { Translate } from '../lib/i18n/translate.ts';

/** More words than these are compared as a whole: comparing them one by one would keep the server busy. */
const MOST_CHARACTERS = 12_000;

/** What was changed in a text, word by word. A screen reader is told where words were added and removed. */
export function WordDifference(props: {
  t: Translate;
  from: string;
  to: string;
  lang?: Language | undefined;
}) {
  const { t, from, to, lang } = props;
  return (
    <span class="difference" lang={lang}>
      {wordDifference(from, to).map(({ kind, text }, index) => {
        if (kind === 'same') return text;
        const Marked = kind === 'added' ? 'ins' : 'del';
        return (
          <Marked key={index}>
            <span class="hide" lang={t.language}>
              {t(`difference.${kind}`)}{' '}
            </span>
            {text}
            <span class="hide" lang={t.language}>
              {' '}
              {t('difference.end')}
            </span>
          </Marked>
        );
      })}
    </span>
  );
}

interface Piece {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Returns the pieces that two texts have in common, and those that only one of them has. */
export function wordDifference(from: string, to: string): Piece[] {
  const whole: Piece[] = [
    { kind: 'removed', text: from },
    { kind: 'added', text: to },
  ];
  const pieces =
    from.length + to.length > MOST_CHARACTERS
      ? whole
      : diffWordsWithSpace(from, to).map(({ added, removed, value }): Piece => {
          const kind = added ? 'added' : removed ? 'removed' : 'same';
          return { kind, text: value };
        });
  return pieces.filter(({ text }) => text !== '');
}
