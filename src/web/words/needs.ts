import type { Need } from '../../domain/person.ts';
import type { InterpretedLanguage } from '../../lib/i18n/interpreted.ts';
import { LANGUAGES } from '../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../lib/i18n/translate.ts';

interface Needing {
  needs: readonly Need[];
  /** The language of the interpreter that is needed, to be named with that need. */
  interpreter?: InterpretedLanguage | null;
  comment?: string;
}

/**
 * Returns somebody's needs in words for the citizen or for staff, and their comment without them. What else they need has no field of its
 * own: the form puts it into the comment's first line, in the language of the form.
 */
export function needsIn(
  t: Translate,
  { needs, interpreter, comment = '' }: Needing,
  reader: 'citizen' | 'staff' = 'citizen',
): { needs: string[]; comment: string } {
  const [first = '', ...rest] = comment.split('\n');
  const other = needs.includes('other') ? otherNeed(first) : null;
  const name = (need: Need): string => {
    if (need === 'other' && other) return other;
    return need === 'interpreter' && interpreter
      ? t('interpreter.need', { language: t(`interpreter.language.${interpreter}`) })
      : t(`${reader}.need.${need}`);
  };
  return { needs: needs.map(name), comment: other ? rest.join('\n').trim() : comment };
}

const MARK = '\u0000';

/** Returns what a line says to be needed; null: it isn't such a line in any language. */
function otherNeed(line: string): string | null {
  for (const language of LANGUAGES) {
    const said = translateTo(language)('details.need.other.said', { what: MARK });
    const [before = '', after = ''] = said.split(MARK);
    if (line.startsWith(before) && line.endsWith(after) && line.length > said.length)
      return line.slice(before.length, line.length - after.length);
  }
  return null;
}
