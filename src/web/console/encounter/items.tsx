import { LONGEST } from '../../../features/service/encounter/rules.ts';
import {
  type DraftMistakes,
  type EncounterItem,
  type FrequentItem,
  ITEM_KINDS,
} from '../../../features/service/encounter/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { SelectField } from '../../../ui/forms.tsx';
import { Key } from '../key.tsx';
import type { DeskVisit } from '../visit.tsx';
import { itemIn } from '../words.ts';
import type { TypedDraft } from './draft.ts';

interface ItemsProps {
  visit: DeskVisit;
  draft: TypedDraft;
  mistakes: DraftMistakes;
}

/** The rows of the items. The `encounter` island replaces them after adding one. */
export function Items({ visit, draft, mistakes }: ItemsProps) {
  return (
    <div id="items" class="stack">
      <input type="hidden" name="rows" value={draft.items.length} />
      {draft.items.map((item, index) => (
        <ItemRow key={index} visit={visit} mistakes={mistakes} item={item} index={index} />
      ))}
    </div>
  );
}

/**
 * Returns a code as forms and buttons name it: `p:volant-padro`, `q:horaris`; empty for an item in words
 * only.
 */
export const codeIn = ({ procedure, query }: Pick<EncounterItem, 'procedure' | 'query'>): string =>
  procedure ? `p:${procedure}` : query ? `q:${query}` : '';

/**
 * The frequent items, one press each. They are the form's own buttons, so they work without a script. On a narrow desk they are
 * scrolled: Firefox would give such a row a stop of its own among its buttons.
 */
export function Frequent({ visit, items }: { visit: DeskVisit; items: readonly FrequentItem[] }) {
  const { t, office } = visit;
  if (items.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: its name is not shown
    <div class="frequent" role="group" aria-label={t('attending.frequent')} tabIndex={-1}>
      {items.map((each) => (
        <button
          key={`${each.kind} ${codeIn(each)}`}
          type="submit"
          name="action"
          value={`pick-${each.kind === 'query' && each.procedure ? 'a' : ''}${codeIn(each)}`}
          class="chip"
        >
          <span aria-hidden="true">+ </span>
          {itemIn(t, office, { ...each, label: '', outcome: '' })}
          {each.kind === 'query' && each.procedure ? (
            <span class="soft"> {t('attending.asked')}</span>
          ) : null}
        </button>
      ))}
    </div>
  );
}

/**
 * One field that finds all items. Only the island shows it and fills its list: without it the rows have
 * their lists.
 */
export function Picker({ visit }: { visit: DeskVisit }) {
  const { t, base } = visit;
  return (
    <div class="field picker" id="picker" hidden data-from={`${base}/what`}>
      <label for="pick">
        {t('attending.pick.label')} <Key action="addItem" />
      </label>
      <p class="hide" id="pick-hint">
        {t('attending.pick.hint')}
      </p>
      <input
        type="text"
        id="pick"
        role="combobox"
        aria-expanded="false"
        aria-controls="picks"
        aria-autocomplete="list"
        aria-describedby="pick-hint"
        autocomplete="off"
        maxLength={LONGEST.label}
        data-action="addItem"
      />
      <div
        id="picks"
        data-label={t('attending.pick.label')}
        data-words={t('attending.pick.words', { text: '#' })}
        hidden
      />
    </div>
  );
}

interface RowProps {
  visit: DeskVisit;
  mistakes: DraftMistakes;
  item: EncounterItem;
  index: number;
}

function ItemRow({ visit, mistakes, item, index }: RowProps) {
  const { t, office } = visit;
  const id = `item-${index}`;
  const code = codeIn(item);
  const name = code && itemIn(t, office, { ...item, label: '' });
  const row = t('staff.encounter.row', { number: index + 1 });
  const isOpen = !code || item.label !== '' || mistakes[`item-${index}-label`] !== undefined;
  return (
    <fieldset class="item">
      <legend>
        {name ? (
          <>
            <span class="hide">{row}: </span>
            {name}
          </>
        ) : (
          row
        )}
      </legend>
      {code ? <input type="hidden" name={`${id}-what`} value={code} /> : null}
      {item.query ? <input type="hidden" name={`${id}-kind`} value="query" /> : null}
      <Outcome visit={visit} mistakes={mistakes} item={item} index={index} name={name || row} />
      <button type="submit" name="action" value={`remove-${index}`} class="link small">
        {t('staff.encounter.remove')}
        <span class="hide"> {name || row}</span>
      </button>
      <details class="aside" open={isOpen}>
        <summary>
          {t('staff.encounter.label')}
          <span class="hide"> {name || row}</span>
        </summary>
        {code ? null : <What visit={visit} id={id} />}
        {item.query ? null : (
          <SelectField name={`${id}-kind`} label={t('staff.encounter.kind')}>
            {ITEM_KINDS.map((each) => (
              <option key={each} value={each} selected={each === item.kind}>
                {t(`staff.kind.${each}`)}
              </option>
            ))}
          </SelectField>
        )}
        <Label visit={visit} mistakes={mistakes} item={item} index={index} />
      </details>
    </fieldset>
  );
}

/** How the item ended. It is named by the item: a form may have several. */
function Outcome({ visit, mistakes, item, index, name }: RowProps & { name: string }) {
  const { t, office } = visit;
  const id = `item-${index}-outcome` as const;
  const outcome = mistakes[id];
  return (
    <SelectField
      name={id}
      label={`${t('staff.encounter.outcome')}: ${name}`}
      isLabelHidden
      error={outcome && t(`staff.wrong.${outcome === 'missing' ? 'outcome' : outcome}`)}
    >
      <option value="">{t('staff.encounter.choose')}</option>
      {office.settings.outcomes.map((each) => (
        <option key={each.code} value={each.code} selected={each.code === item.outcome}>
          {textIn(each.name, t.language)}
        </option>
      ))}
    </SelectField>
  );
}

/** The subject, when none is chosen yet. */
function What({ visit, id }: { visit: DeskVisit; id: string }) {
  const { t, office } = visit;
  const { queries } = office.settings;
  const option = (value: string, text: string) => (
    <option key={value} value={value}>
      {text}
    </option>
  );
  return (
    <SelectField name={`${id}-what`} label={t('staff.encounter.what')}>
      {option('', t('staff.encounter.other'))}
      <optgroup label={t('staff.encounter.procedures')}>
        {office.procedures.map((each) => option(`p:${each.code}`, textIn(each.name, t.language)))}
      </optgroup>
      {queries.length > 0 ? (
        <optgroup label={t('staff.encounter.queries')}>
          {queries.map((each) => option(`q:${each.code}`, textIn(each.name, t.language)))}
        </optgroup>
      ) : null}
    </SelectField>
  );
}

function Label({ visit, mistakes, item, index }: RowProps) {
  const { t } = visit;
  const id = `item-${index}-label`;
  const mistake = mistakes[`item-${index}-label`];
  return (
    <div class={mistake ? 'field wrong' : 'field'}>
      <label for={id}>{t('staff.encounter.label')}</label>
      {mistake ? (
        <p class="mend" id={`${id}-error`}>
          {t(`staff.wrong.${mistake === 'missing' ? 'label' : mistake}`)}
        </p>
      ) : null}
      <input
        type="text"
        id={id}
        name={id}
        value={item.label}
        maxLength={LONGEST.label}
        autocomplete="off"
        aria-invalid={mistake ? 'true' : undefined}
        aria-describedby={mistake ? `${id}-error` : undefined}
      />
    </div>
  );
}
