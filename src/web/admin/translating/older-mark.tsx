import type { OlderText } from '../../../formats/town-file/versions/older.ts';
import { LANGUAGE_NAMES } from '../../../lib/i18n/languages.ts';
import { WordDifference } from '../../../ui/difference.tsx';
import type { FormView } from '../types.ts';

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
        <input id={id} type="checkbox" name="right" value={older.path} />
        <label for={id}>
          {t('admin.older.right', { language: LANGUAGE_NAMES[older.language] })}
        </label>
      </div>
    </div>
  );
}
