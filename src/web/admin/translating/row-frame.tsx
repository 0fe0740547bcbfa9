import type { ComponentChildren } from 'preact';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Tag } from '../../../ui/parts.tsx';
import { type At, type Field, type FormView, nameOf, type Value } from '../types.ts';
import { shownIn } from './per-language.tsx';

interface RowProps {
  view: FormView;
  /** The name of the list. */
  label: string;
  fields: readonly Field[];
  row: Value;
  at: At;
  isAlone: boolean;
  children: ComponentChildren;
}

/** Rows of one field are always shown whole. */
const FEWEST_TO_FOLD = 2;

/** One row of a list. Rows of several fields are folded while nothing in them needs attention, so that the list can be overlooked. */
export function RowFrame(props: RowProps) {
  const { view, label, fields, row, at, isAlone, children } = props;
  const { t } = view;
  const number = t('admin.row.number', { number: Number(at.at(-1)) + 1 });
  const name = nameIn(view, fields, row);
  if (fields.length < FEWEST_TO_FOLD || isAlone || name === '')
    return (
      <fieldset class="admin-row">
        <legend>
          <span class="hide">{label}: </span>
          {number}
        </legend>
        {children}
      </fieldset>
    );
  const tags = attention(view, fields, row, at);
  const isWrong = view.wrong.some((each) => isBelow(nameOf(each.at), at));
  const isOpen = isWrong || tags.isMissing || tags.isOlder || isBelow(view.focus ?? '', at);
  return (
    <details class="admin-row" open={isOpen}>
      <summary>
        <span class="soft">{number}</span> {name}{' '}
        {tags.isMissing ? <Tag kind="warn">{t('admin.missing')}</Tag> : null}
        {tags.isOlder ? <Tag kind="warn">{t('admin.older')}</Tag> : null}
      </summary>
      {/* biome-ignore lint/a11y/useSemanticElements: the summary is the visible name */}
      <div role="group" aria-label={`${label}, ${number}`}>
        {children}
      </div>
    </details>
  );
}

const isBelow = (name: string, at: At): boolean => name.startsWith(`${nameOf(at)}-`);

/** Returns the first answer of a row in words. */
function nameIn({ t }: FormView, fields: readonly Field[], row: Value): string {
  for (const { kind, key } of fields) {
    const value = row[key];
    const text = kind === 'texts' ? textIn(value as object, t.language) : value;
    if ((kind === 'texts' || kind === 'text') && text) return String(text);
  }
  return '';
}

function attention(view: FormView, fields: readonly Field[], row: Value, at: At) {
  const texts = fields.filter((each) => each.kind === 'texts');
  const lacks = (value: Value | undefined) =>
    value !== undefined &&
    Object.keys(value).length > 0 &&
    shownIn(view).some((each) => !value[each]);
  return {
    isMissing: texts.some(({ key }) => lacks(row[key] as Value | undefined)),
    isOlder: [...(view.older?.keys() ?? [])].some((each) => isBelow(each, at)),
  };
}
