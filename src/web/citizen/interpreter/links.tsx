import type { Office } from '../../../domain/office/types.ts';
import { INTERPRETED, type InterpretedLanguage, WRITTEN } from '../../../lib/i18n/interpreted.ts';
import type { Visit } from '../visit.tsx';

/** Returns the languages for which some office has an interpreter. */
export const interpretedBy = (offices: readonly Office[]): InterpretedLanguage[] =>
  INTERPRETED.filter((each) =>
    offices.some(({ settings }) => settings.interpreters.includes(each)),
  );

/** A link to a short page for each language with an interpreter, in that language. Nothing where there are none. */
export function OtherLanguages({ visit, offices }: { visit: Visit; offices: readonly Office[] }) {
  const { t, to } = visit;
  const languages = interpretedBy(offices);
  if (languages.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="other-languages">
      <h2 id="other-languages">{t('interpreter.links')}</h2>
      <ul class="some">
        {languages.map((each) => {
          const { name, tag, dir } = WRITTEN[each];
          return (
            <li key={each}>
              <a href={to.interpreter(each)} lang={tag} dir={dir} hreflang={tag}>
                {name}
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
