import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import { Tag } from '../../../ui/parts.tsx';
import { Line, OfRow, type Shown, textOf } from '../inputs.tsx';
import { type At, type Field, type FormView, nameOf } from '../types.ts';
import { OlderMark } from './older-mark.tsx';

type Translated = Extract<Field, { kind: 'texts' | 'words' }>;

/** The same field in several languages, side by side; missing and older texts are marked. */
export function PerLanguage({ view, field, value, at }: Shown<Translated>) {
  const { t } = view;
  const texts = (value ?? {}) as Record<string, unknown>;
  const shown = shownIn(view);
  return (
    <fieldset class="admin-texts">
      <legend class="legend">
        <OfRow view={view} />
        {t(field.label)}
      </legend>
      {field.hint ? <p class="hint">{t(field.hint)}</p> : null}
      <Unseen field={field} shown={shown} view={view} texts={texts} at={at} />
      <div class={view.beside ? 'admin-languages beside' : 'admin-languages'}>
        {shown.map((language) => (
          <OneLanguage
            key={language}
            view={view}
            field={field}
            texts={texts}
            at={at}
            language={language}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** Returns the languages that a form shows: all, or the first one and the one beside it. */
export const shownIn = ({ languages, beside }: FormView): readonly Language[] =>
  beside ? languages.filter((each, index) => index === 0 || each === beside) : languages;

interface OneProps {
  view: FormView;
  field: Translated;
  texts: Record<string, unknown>;
  at: At;
  language: Language;
}

function OneLanguage({ view, field, texts, at, language }: OneProps) {
  const { t } = view;
  const text = texts[language];
  const here = [...at, language];
  const isBegun = Object.keys(texts).length > 0;
  const isMissing = field.kind === 'texts' && isBegun && !text;
  const instead = field.kind === 'texts' ? field.instead : undefined;
  const older = view.older?.get(nameOf(here));
  const isOlder = older !== undefined && older.text === text;
  return (
    <div>
      <Line
        view={view}
        at={here}
        label={
          <>
            <span lang={language}>{LANGUAGE_NAMES[language]}</span>
            <span class="hide">: {[view.row, t(field.label)].filter(Boolean).join(', ')}</span>
            {isMissing ? (
              <>
                {' '}
                <Tag kind="warn">{t('admin.missing')}</Tag>
              </>
            ) : null}
            {isOlder ? (
              <>
                {' '}
                <Tag kind="warn">{t('admin.older')}</Tag>
              </>
            ) : null}
          </>
        }
        hint={
          instead && (
            <>
              {t(instead.label)} <span lang={language}>{instead.texts[language]}</span>
            </>
          )
        }
        value={Array.isArray(text) ? text.join(', ') : textOf(text)}
        type="text"
        lang={language}
        rows={field.kind === 'texts' ? field.rows : undefined}
      />
      {isOlder ? <OlderMark view={view} older={older} name={nameOf(here)} /> : null}
    </div>
  );
}

/** Hidden texts in languages that the form doesn't show, also those that the office may offer again. */
function Unseen(props: {
  field: Translated;
  view: FormView;
  shown: readonly Language[];
  texts: Record<string, unknown>;
  at: At;
}) {
  const { field, view, shown, texts, at } = props;
  const kept = field.kind === 'texts' ? LANGUAGES : view.languages;
  return kept
    .filter((each) => texts[each] && !shown.includes(each))
    .map((each) => {
      const text = texts[each];
      const value = Array.isArray(text) ? text.join(', ') : textOf(text);
      const name = nameOf([...at, each]);
      // A text of several lines would lose its line breaks in an input.
      return value.includes('\n') ? (
        <textarea key={each} class="hide" hidden name={name}>
          {value}
        </textarea>
      ) : (
        <input key={each} type="hidden" name={name} value={value} />
      );
    });
}
