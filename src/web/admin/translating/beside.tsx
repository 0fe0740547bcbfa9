import type { Declaration } from '../../../features/booking/administration/types.ts';
import { LANGUAGE_NAMES, type Language } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import type { Sheet } from '../sections.ts';
import type { Field } from '../types.ts';
import { gapsIn } from './gaps.ts';

/** The button that saves, and goes on with the next page that has something to translate. */
export const SAVE_AND_NEXT = 'save-next';

/** The button that saves, and the one that keeps the changes in the draft. */
export const SAVE = 'save';
export const SAVE_DRAFT = 'save-draft';

/**
 * Returns the language that a form shows beside the first one: the wished one, or else the second. Undefined where there is nothing to
 * translate.
 */
export function besideOf(
  languages: readonly Language[],
  fields: readonly Field[],
  wish: string | undefined,
): Language | undefined {
  const others = languages.slice(1);
  if (!hasTexts(fields)) return undefined;
  return others.find((each) => each === wish) ?? others[0];
}

const hasTexts = (fields: readonly Field[]): boolean =>
  fields.some(
    (each) =>
      each.kind === 'texts' || each.kind === 'words' || ('fields' in each && hasTexts(each.fields)),
  );

/** The choice of the language beside the first one, with what each still lacks. Choosing keeps what was typed and ticked. */
export function ChooseBeside(props: {
  t: Translate;
  declaration: Declaration;
  sheet: Sheet;
  beside: Language;
}) {
  const { t, declaration, sheet, beside } = props;
  const [first, ...others] = declaration.state.settings.languages;
  if (!first || others.length < 1) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the buttons are one toolbar, and no question
    <div role="group" class="admin-beside" aria-label={t('admin.beside')}>
      <span aria-hidden="true">{t('admin.beside.of', { language: LANGUAGE_NAMES[first] })}</span>
      {others.map((language) => {
        const { missing, older } = gapsIn(declaration, sheet, language);
        return (
          <button
            key={language}
            type="submit"
            name="act"
            value={`beside:${language}`}
            class="button quiet"
            aria-pressed={language === beside}
          >
            <span lang={language}>{LANGUAGE_NAMES[language]}</span>
            {missing + older > 0 ? (
              <span class="small">
                <span aria-hidden="true">▲</span>{' '}
                {[
                  missing > 0 && t('admin.beside.missing', { count: missing }),
                  older > 0 && t('admin.beside.older', { count: older }),
                ]
                  .filter(Boolean)
                  .join(', ')}
              </span>
            ) : null}
          </button>
        );
      })}
    </div>
  );
}
