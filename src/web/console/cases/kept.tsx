import type { Translate } from '../../../lib/i18n/translate.ts';
import { Notice } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';

/** Words that somebody typed and that can't be sent any more. */
export interface KeptWords {
  /** What they were about. */
  label: string;
  text: string;
}

/** Tells that a colleague changed the case, above what was typed and can be sent again. */
export const Changed = ({ t }: { t: Translate }) => (
  <Notice kind="warn">
    <p>{t('caseDesk.changed.typed')}</p>
  </Notice>
);

/** What was typed on a page that can't be sent any more, so that nothing is lost. */
export function Kept({ words, t }: { words: readonly KeptWords[]; t: Translate }) {
  if (words.length === 0) return null;
  return (
    <section class="case-note" aria-labelledby="kept">
      <h2 id="kept">{t('caseDesk.kept')}</h2>
      <p class="small soft">{t('caseDesk.kept.text')}</p>
      {words.map(({ label, text }) => (
        <p key={label}>
          <b>{label}:</b> <span class="said">{text}</span>
        </p>
      ))}
    </section>
  );
}

/** Returns those of some words that aren't empty. */
export const keptIn = (words: readonly KeptWords[]): KeptWords[] =>
  words.filter(({ text }) => text.trim() !== '');

const GONE = {
  case: 'caseDesk.kept.gone',
  request: 'requestDesk.kept.gone',
  chat: 'chatDesk.kept.gone',
} as const;

/** Shows what was typed of a case, or of what `of` says, that the viewer can't open any more. It has nothing of the case. */
export const keptPage = (
  visit: DeskVisit,
  words: readonly KeptWords[],
  of: keyof typeof GONE = 'case',
): Response => {
  const { t } = visit;
  const title = t(GONE[of]);
  return visit.show(
    { title, status: 404 },
    <div class="case" id="action" tabIndex={-1}>
      <h1>{title}</h1>
      <Kept words={words} t={t} />
    </div>,
  );
};
