import { type Texts, textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Select } from '../fields.tsx';
import type { DeskVisit } from '../visit.tsx';
import { othersIn, type Person } from './people.ts';

/** Returns things with a code and a name as options. */
export const optionsOf = (
  list: readonly { code: string; name: Texts }[],
  { language }: Pick<Translate, 'language'>,
): { value: string; label: string }[] =>
  list.map(({ code, name }) => ({ value: code, label: textIn(name, language) }));

/** The filter of an inbox by who handles it. */
export function ChooseAssignee(props: {
  visit: DeskVisit;
  label: string;
  people: readonly Person[];
}) {
  const { visit, label, people } = props;
  const { t, c } = visit;
  return (
    <Select
      name="assignee"
      label={label}
      value={c.req.query('assignee') ?? ''}
      empty={t('figures.all')}
      options={[
        { value: 'none', label: t('caseDesk.assignee.none') },
        { value: 'me', label: t('caseDesk.assignee.me') },
        ...othersIn(visit, people),
      ]}
    />
  );
}

/** The end of the filter of an inbox: a reference, and the button. */
export function ChooseReference({ visit, value }: { visit: DeskVisit; value: string | undefined }) {
  const { t } = visit;
  return (
    <>
      <div class="field">
        <label for="reference">{t('caseDesk.column.reference')}</label>
        <input
          type="text"
          id="reference"
          name="reference"
          value={value ?? ''}
          size={10}
          autocomplete="off"
        />
      </div>
      <button type="submit" class="button quiet">
        {t('staff.day.show')}
      </button>
    </>
  );
}
