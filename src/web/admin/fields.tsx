import type { ComponentChildren } from 'preact';
import { isFile, MOST_LOGO_KILOBYTES } from '../../formats/town-file/look/logo.ts';
import { MOST_LOGO_SIDE } from '../../formats/town-file/look/pixels.ts';
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../../lib/i18n/languages.ts';
import { Checkboxes, Radios, SelectField } from '../../ui/forms.tsx';
import { Tag } from '../../ui/parts.tsx';
import { type At, type Field, type FormView, nameOf, type Value, type Wrong } from './types.ts';

interface Shown<F extends Field = Field> {
  view: FormView;
  field: F;
  value: unknown;
  at: At;
}

/** Shows the fields of a form, each with its value and its mistake. */
export function Fields(props: { view: FormView; fields: readonly Field[]; value: Value; at?: At }) {
  const { view, fields, value, at = [] } = props;
  return (
    <>
      {fields.map((field) => (
        <OneField
          key={field.key}
          view={view}
          field={field}
          value={value[field.key]}
          at={[...at, field.key]}
        />
      ))}
    </>
  );
}

function OneField({ view, field, value, at }: Shown) {
  const { t, wrong } = view;
  const name = nameOf(at);
  const question = {
    name,
    label: (
      <>
        <OfRow view={view} />
        {t(field.label)}
      </>
    ),
    hint: field.hint && t(field.hint),
    error: wrongAt(wrong, at)?.text,
  };
  switch (field.kind) {
    case 'texts':
    case 'words':
      return <PerLanguage view={view} field={field} value={value} at={at} />;
    case 'one':
      return <Choice question={question} field={field} value={value} />;
    case 'several':
      return (
        <Checkboxes {...question} options={field.choices} values={(value ?? []) as string[]} />
      );
    case 'picture':
      return <Picture view={view} field={field} value={value} at={at} />;
    case 'yes':
      return <Yes view={view} field={field} value={value} at={at} />;
    case 'group':
      return <Group view={view} field={field} value={value} at={at} />;
    case 'rows':
      return <Rows view={view} field={field} value={value} at={at} />;
    default:
      return (
        <Line
          view={view}
          at={at}
          label={question.label}
          hint={question.hint}
          value={textOf(value)}
          type={field.kind === 'number' ? 'number' : (field.type ?? 'text')}
        />
      );
  }
}

interface Question {
  name: string;
  label: ComponentChildren;
  hint: string | undefined;
  error: string | undefined;
}

interface ChoiceProps {
  question: Question;
  field: Extract<Field, { kind: 'one' }>;
  value: unknown;
}

function Choice({ question, field, value }: ChoiceProps) {
  if (!field.isLong) return <Radios {...question} options={field.choices} value={textOf(value)} />;
  return (
    <SelectField {...question}>
      {field.choices.map((each) => (
        <option key={each.value} value={each.value} selected={each.value === value}>
          {each.label}
        </option>
      ))}
    </SelectField>
  );
}

function Group({ view, field, value, at }: Shown & { field: Extract<Field, { kind: 'group' }> }) {
  const { t, wrong } = view;
  const name = nameOf(at);
  return (
    <fieldset class="admin-group" id={name}>
      <legend class="legend">{t(field.label)}</legend>
      {field.hint ? <p class="hint">{t(field.hint)}</p> : null}
      <Mend id={name} wrong={wrongAt(wrong, at)} />
      <div class="admin-fields">
        <Fields view={view} fields={field.fields} value={(value ?? {}) as Value} at={at} />
      </div>
    </fieldset>
  );
}

const textOf = (value: unknown): string => (value === undefined ? '' : String(value));

const wrongAt = (wrong: readonly Wrong[], at: At): Wrong | undefined =>
  wrong.find((each) => nameOf(each.at) === nameOf(at));

function Mend({ id, wrong }: { id: string; wrong: Wrong | undefined }) {
  return wrong ? (
    <p class="mend" id={`${id}-error`} lang={wrong.lang}>
      {wrong.text}
    </p>
  ) : null;
}

interface LineProps {
  view: FormView;
  at: At;
  label: ComponentChildren;
  hint?: ComponentChildren;
  value: string;
  type: 'text' | 'number' | 'url' | 'email' | 'tel' | 'date' | 'color';
  lang?: Language;
  rows?: number | undefined;
}

/** A text field of one or several lines. */
function Line({ view, at, label, hint, value, type, lang, rows }: LineProps) {
  const name = nameOf(at);
  const wrong = wrongAt(view.wrong, at);
  const described = [hint ? `${name}-hint` : '', wrong ? `${name}-error` : ''].filter(Boolean);
  const common = {
    id: name,
    name,
    lang,
    autofocus: view.focus === name,
    'aria-describedby': described.join(' ') || undefined,
    'aria-invalid': wrong ? ('true' as const) : undefined,
  };
  return (
    <div class={wrong ? 'field wrong' : 'field'}>
      <label for={name}>{label}</label>
      {hint ? (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      ) : null}
      <Mend id={name} wrong={wrong} />
      {rows ? (
        <textarea {...common} rows={rows}>
          {value}
        </textarea>
      ) : (
        <input
          {...common}
          // A number field takes any text, so that a bad one arrives and gets its mistake.
          type={(type === 'number' ? 'text' : type) as 'text'}
          inputmode={type === 'number' ? 'numeric' : undefined}
          class={type === 'number' || type === 'date' || type === 'color' ? 'short' : undefined}
          value={value}
          autocomplete="off"
        />
      )}
    </div>
  );
}

/** A picture: the present one, a file to replace it, or its address. */
function Picture({ view, field, value, at }: Shown<Extract<Field, { kind: 'picture' }>>) {
  const { t } = view;
  const name = nameOf(at);
  const address = textOf(value);
  const wrong = wrongAt(view.wrong, at);
  const isKept = isFile(address);
  return (
    <>
      {isKept ? (
        <>
          <input type="hidden" name={`${name}-kept`} value={address} />
          <p class="admin-picture">
            <img src={address} alt={t('admin.picture.now')} />
          </p>
        </>
      ) : null}
      <div class={wrong ? 'field wrong' : 'field'}>
        <label for={name}>{t(isKept ? 'admin.picture.other' : field.label)}</label>
        <p class="hint" id={`${name}-hint`}>
          {t('admin.picture.hint', { kilobytes: MOST_LOGO_KILOBYTES, side: MOST_LOGO_SIDE })}
        </p>
        <Mend id={name} wrong={wrong} />
        <input
          id={name}
          name="file"
          type="file"
          accept=".svg,.png,.jpg,.jpeg,.webp,image/svg+xml,image/png,image/jpeg,image/webp"
          autofocus={view.focus === name}
          aria-describedby={`${name}-hint${wrong ? ` ${name}-error` : ''}`}
          aria-invalid={wrong ? 'true' : undefined}
        />
      </div>
      <div class="field">
        <label for={`${name}-address`}>{t('admin.picture.address')}</label>
        <input
          id={`${name}-address`}
          name={name}
          type="url"
          value={isKept ? '' : address}
          autocomplete="off"
        />
      </div>
      {address ? (
        <p>
          <button type="submit" class="link" name="act" value={`clear:${nameOf(at.slice(0, -1))}`}>
            {t('admin.picture.remove')}
          </button>
        </p>
      ) : null}
    </>
  );
}

function Yes({ view, field, value, at }: Shown<Extract<Field, { kind: 'yes' }>>) {
  const name = nameOf(at);
  const hint = field.hint && view.t(field.hint);
  return (
    <div>
      <div class="choice">
        <input
          id={name}
          type="checkbox"
          name={name}
          value="yes"
          checked={value === true}
          aria-describedby={hint ? `${name}-hint` : undefined}
        />
        <label for={name}>{view.t(field.label)}</label>
      </div>
      {hint ? (
        <p class="choice-hint" id={`${name}-hint`}>
          {hint}
        </p>
      ) : null}
    </div>
  );
}

/** Names a field's row for screen readers. */
const OfRow = ({ view: { row } }: { view: FormView }) =>
  row ? <span class="hide">{row}: </span> : null;

/** The same field in each language, side by side; missing texts are marked. */
function PerLanguage({
  view,
  field,
  value,
  at,
}: Shown<Extract<Field, { kind: 'texts' | 'words' }>>) {
  const { t, languages } = view;
  const texts = (value ?? {}) as Record<string, unknown>;
  const isBegun = Object.keys(texts).length > 0;
  const instead = field.kind === 'texts' ? field.instead : undefined;
  return (
    <fieldset class="admin-texts">
      <legend class="legend">
        <OfRow view={view} />
        {t(field.label)}
      </legend>
      {field.hint ? <p class="hint">{t(field.hint)}</p> : null}
      {field.kind === 'texts' ? <Unseen view={view} texts={texts} at={at} /> : null}
      <div class="admin-languages">
        {languages.map((language) => {
          const text = texts[language];
          const isMissing = field.kind === 'texts' && isBegun && !text;
          return (
            <Line
              key={language}
              view={view}
              at={[...at, language]}
              label={
                <>
                  <span lang={language}>{LANGUAGE_NAMES[language]}</span>
                  <span class="hide">
                    : {[view.row, t(field.label)].filter(Boolean).join(', ')}
                  </span>
                  {isMissing ? (
                    <>
                      {' '}
                      <Tag kind="warn">{t('admin.missing')}</Tag>
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
          );
        })}
      </div>
    </fieldset>
  );
}

/** Hidden texts in languages that the office doesn't offer now: it may offer them again. */
function Unseen(props: { view: FormView; texts: Record<string, unknown>; at: At }) {
  const { view, texts, at } = props;
  return LANGUAGES.filter((each) => texts[each] && !view.languages.includes(each)).map((each) => (
    <input key={each} type="hidden" name={nameOf([...at, each])} value={textOf(texts[each])} />
  ));
}

/** A list of rows, one under the other. Buttons that send the form add, move and remove them. */
function Rows({ view, field, value, at }: Shown<Extract<Field, { kind: 'rows' }>>) {
  const { t } = view;
  const rows = (value ?? []) as Value[];
  const name = nameOf(at);
  const rowIn = (index: number) =>
    `${t(field.label)}, ${t('admin.row.number', { number: index + 1 }).toLowerCase()}`;
  const button = (verb: 'up' | 'remove', index: number) => (
    <button
      type="submit"
      class="link"
      name="act"
      value={`${verb}:${name}-${index}`}
      id={`${name}-${index}-${verb}`}
      autofocus={view.focus === `${name}-${index}-${verb}`}
    >
      {t(`admin.row.${verb}`)}
      <span class="hide">: {rowIn(index)}</span>
    </button>
  );
  return (
    <fieldset class="admin-rows" id={name}>
      <legend class="legend">{t(field.label)}</legend>
      {field.hint ? <p class="hint">{t(field.hint)}</p> : null}
      <Mend id={name} wrong={wrongAt(view.wrong, at)} />
      <input type="hidden" name={`${name}-count`} value={rows.length} />
      {rows.map((row, index) => (
        <fieldset key={index} class="admin-row">
          <legend>
            <span class="hide">{t(field.label)}: </span>
            {t('admin.row.number', { number: index + 1 })}
          </legend>
          {field.coded && row.code ? (
            <input type="hidden" name={`${name}-${index}-code`} value={textOf(row.code)} />
          ) : null}
          <Fields
            view={{ ...view, row: rowIn(index) }}
            fields={field.fields}
            value={row}
            at={[...at, index]}
          />
          <p class="row">
            {index > 0 ? button('up', index) : null}
            {button('remove', index)}
          </p>
        </fieldset>
      ))}
      <button
        type="submit"
        class="button quiet"
        name="act"
        value={`add:${name}`}
        id={`${name}-add`}
        autofocus={view.focus === `${name}-add`}
      >
        {t(field.add)}
      </button>
    </fieldset>
  );
}
