import { LONGEST_SEARCH } from '../../../features/service/assistance/rules.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

/** The search at the top of every page of an office. */
export function SearchBox({ t, code }: { t: Translate; code: string }) {
  return (
    <search>
      <form action={`/console/${code}/search`} class="find row">
        <label for="find" class="hide">
          {t('desk.search.label')}
        </label>
        <input
          type="search"
          id="find"
          data-action="search"
          name="q"
          placeholder={t('desk.search.label')}
          maxlength={LONGEST_SEARCH}
          autocomplete="off"
          spellcheck={false}
          required
        />
        <button type="submit" class="button quiet">
          {t('desk.search.submit')}
        </button>
      </form>
    </search>
  );
}
