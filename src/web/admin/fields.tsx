import type { ComponentChildren } from 'preact';
import { Checkboxes, Radios, SelectField } from '../../ui/forms.tsx';
import { Line, Mend, OfRow, Picture, type Shown, textOf, wrongAt } from './inputs.tsx';
import { PerLanguage } from './translating/per-language.tsx';
import { RowFrame } from './translating/row-frame.tsx';
import { type At, type Field, type FormView, nameOf, type Value } from './types.ts';

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

/** A list of rows, one under the other. Buttons that send the form add, move and remove them. */
function Rows({ view, field, value, at }: Shown<Extract<Field, { kind: 'rows' }>>) {
  const { t } = view;
  const rows = (value ?? []) as Value[];
  const name = nameOf(at);
  const rowIn = (index: number) =>
    `${t(field.label)}, ${t('admin.row.number', { number: index + 1 }).toLowerCase()}`;
  return (
    <fieldset class="admin-rows" id={name}>
      <legend class="legend">{t(field.label)}</legend>
      {field.hint ? <p class="hint">{t(field.hint)}</p> : null}
      <Mend id={name} wrong={wrongAt(view.wrong, at)} />
      <input type="hidden" name={`${name}-count`} value={rows.length} />
      {rows.map((row, index) => (
        <RowFrame
          key={index}
          view={view}
          label={t(field.label)}
          fields={field.fields}
          row={row}
          at={[...at, index]}
          isAlone={rows.length === 1}
        >
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
            {index > 0 ? (
              <RowButton view={view} verb="up" at={[...at, index]} row={rowIn(index)} />
            ) : null}
            <RowButton view={view} verb="remove" at={[...at, index]} row={rowIn(index)} />
          </p>
        </RowFrame>
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

/** A button that moves or removes a row. */
function RowButton(props: { view: FormView; verb: 'up' | 'remove'; at: At; row: string }) {
  const { view, verb, at, row } = props;
  const name = nameOf(at);
  return (
    <button
      type="submit"
      class="link"
      name="act"
      value={`${verb}:${name}`}
      id={`${name}-${verb}`}
      autofocus={view.focus === `${name}-${verb}`}
    >
      {view.t(`admin.row.${verb}`)}
      <span class="hide">: {row}</span>
    </button>
  );
}
