import type { Need } from '../../domain/person.ts';
import { LANGUAGES } from '../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../lib/i18n/translate.ts';

/**
 * Returns somebody's needs in words, and their comment without them. What else they need has no field of its own: the form puts it into the
 * comment's first line, in the language of the form.
 */
export function needsIn(
  t: Translate,
  { needs, comment }: { needs: readonly Need[]; comment: string },
): { needs: string[]; comment: string } {
  const [first = '', ...rest] = comment.split('\n');
  const other = needs.includes('other') ? otherNeed(first) : null;
  return {
    needs: needs.map((each) => (each === 'other' && other ? other : t(`citizen.need.${each}`))),
    comment: other ? rest.join('\n').trim() : comment,
  };
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
