import type { OlderText } from '../../../formats/town-file/versions/older.ts';
import { LANGUAGE_NAMES, type Language } from '../../../lib/i18n/languages.ts';
import { WordDifference } from '../../../ui/difference.tsx';
import type { FormView } from '../types.ts';

/** Hidden ticks of the texts in languages that the form doesn't show. */
export function UnseenRight(props: {
  right: readonly string[];
  older: readonly OlderText[];
  shown: readonly Language[];
}) {
  const { right, older, shown } = props;
  return older
    .filter(({ path, language }) => right.includes(path) && !shown.includes(language))
    .map(({ path }) => <input key={path} type="hidden" name="right" value={path} />);
}

/** What was changed in the original since a text was translated, and the way to say that the translation is still right. */
export function OlderMark(props: { view: FormView; older: OlderText; name: string }) {
  const { view, older, name } = props;
  const { t, languages, row } = view;
  const [original] = languages;
  const id = `right-${name}`;
  return (
    <div class="admin-older">
      <details>
        <summary>
          {t('admin.older.changes')}
          {row ? <span class="hide">: {row}</span> : null}
        </summary>
        <p class="small">
          <WordDifference t={t} from={older.before} to={older.now} lang={original} />
        </p>
      </details>
      <div class="choice">
        <input
          id={id}
          type="checkbox"
          name="right"
          value={older.path}
          checked={view.right?.includes(older.path)}
        />
        <label for={id}>
          {t('admin.older.right', { language: LANGUAGE_NAMES[older.language] })}
        </label>
      </div>
    </div>
  );
}
