import type { ComponentChildren } from 'preact';

/** The common properties of all questions. */
export interface QuestionProps {
  /** The field's name in the form; also its `id`, to which the error summary links. */
  name: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  /** Its name, which must then be text, is not shown, since what stands beside it says it. */
  isLabelHidden?: boolean;
  /** The mistake and how to correct it, in the reader's language. */
  error?: string | undefined;
}

function describedBy(name: string, hint: unknown, error: unknown): string | undefined {
  const ids = [hint ? `${name}-hint` : '', error ? `${name}-error` : ''].filter(Boolean).join(' ');
  return ids || undefined;
}

function Notes({ name, hint, error }: Pick<QuestionProps, 'name' | 'hint' | 'error'>) {
  return (
    <>
      {hint ? (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p class="mend" id={`${name}-error`}>
          {error}
        </p>
      ) : null}
    </>
  );
}

type InputType =
  | ('text' | 'email' | 'tel' | 'search' | 'password' | 'url')
  | ('date' | 'time' | 'datetime-local');

export interface TextInputProps extends QuestionProps {
  value?: string | undefined;
  type?: InputType;
  autocomplete?: string;
  inputMode?: 'numeric' | 'tel' | 'email';
  maxLength?: number;
  /** For short answers: telephone numbers, codes. */
  short?: boolean;
  spellcheck?: boolean;
  /** Where typing begins, on a page whose purpose is this answer. */
  autofocus?: boolean;
}

export function TextInput(props: TextInputProps) {
  const { name, value, label, isLabelHidden, hint, error, type = 'text', ...given } = props;
  const { short, inputMode, maxLength, ...rest } = given;
  return (
    <div class={error ? 'field wrong' : 'field'}>
      {isLabelHidden ? null : <label for={name}>{label}</label>}
      <Notes name={name} hint={hint} error={error} />
      <input
        aria-label={isLabelHidden ? String(label) : undefined}
        id={name}
        name={name}
        value={value}
        // Preact's types distinguish the kinds of input; all of these accept the same properties.
        type={type as 'text'}
        class={short ? 'short' : undefined}
        inputmode={inputMode}
        maxlength={maxLength}
        aria-describedby={describedBy(name, hint, error)}
        aria-invalid={error ? 'true' : undefined}
        {...rest}
      />
    </div>
  );
}

type AddressProps = Omit<TextInputProps, 'name' | 'type'>;

/** The field of an e-mail address: `email`. */
interface FileInputProps extends QuestionProps {
  /** What browsers offer to choose from: types and endings. */
  accept?: string;
  multiple?: boolean;
  /** What is kept of an earlier file, in an element with the id `NAME-kept`. */
  kept?: ComponentChildren;
}

/** Asks for a file. */
export function FileInput({ name, label, hint, error, kept, accept, multiple }: FileInputProps) {
  const notes = [kept ? `${name}-kept` : '', describedBy(name, hint, error) ?? ''];
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <label for={name}>{label}</label>
      <Notes name={name} hint={hint} error={undefined} />
      {kept}
      <Notes name={name} error={error} />
      <input
        id={name}
        name={name}
        type="file"
        accept={accept}
        multiple={multiple}
        aria-describedby={notes.filter(Boolean).join(' ') || undefined}
        aria-invalid={error ? 'true' : undefined}
      />
    </div>
  );
}

export const EmailInput = (props: AddressProps) => (
  <TextInput
    {...props}
    name="email"
    type="email"
    autocomplete="email"
    inputMode="email"
    spellcheck={false}
  />
);

/** The field of a telephone: `phone`. */
export const PhoneInput = (props: AddressProps) => (
  <TextInput {...props} name="phone" type="tel" autocomplete="tel" inputMode="tel" short />
);

interface SelectFieldProps extends QuestionProps {
  /** The name of the shortcut that leads to it. */
  action?: string;
  children: ComponentChildren;
}

/** One choice from a list that may be long; its options are the children. */
export function SelectField(props: SelectFieldProps) {
  const { name, label, isLabelHidden, hint, error, action, children } = props;
  return (
    <div class={error ? 'field wrong' : 'field'}>
      {isLabelHidden ? null : <label for={name}>{label}</label>}
      <Notes name={name} hint={hint} error={error} />
      <select
        aria-label={isLabelHidden ? String(label) : undefined}
        id={name}
        name={name}
        data-action={action}
        aria-describedby={describedBy(name, hint, error)}
        aria-invalid={error ? 'true' : undefined}
      >
        {children}
      </select>
    </div>
  );
}

interface TextAreaProps extends QuestionProps {
  value?: string | undefined;
  rows?: number;
  maxLength?: number;
  autocomplete?: string;
  spellcheck?: boolean;
  /** The name of the shortcut that leads to it. */
  action?: string;
}

export function TextArea(props: TextAreaProps) {
  const { name, label, isLabelHidden, hint, error, value, ...given } = props;
  const { rows = 4, maxLength, action, ...rest } = given;
  return (
    <div class={error ? 'field wrong' : 'field'}>
      {isLabelHidden ? null : <label for={name}>{label}</label>}
      <Notes name={name} hint={hint} error={error} />
      <textarea
        aria-label={isLabelHidden ? String(label) : undefined}
        id={name}
        name={name}
        rows={rows}
        maxlength={maxLength}
        data-action={action}
        aria-describedby={describedBy(name, hint, error)}
        aria-invalid={error ? 'true' : undefined}
        {...rest}
      >
        {value ?? ''}
      </textarea>
    </div>
  );
}

export interface Option {
  value: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  /** The label's language when it isn't the page's. */
  lang?: string | undefined;
  class?: string | undefined;
  /** Shown under the option: a question that only this option opens. */
  under?: ComponentChildren;
}

interface GroupProps extends QuestionProps {
  options: readonly Option[];
  /** Whether the legend is the page's question: large. */
  large?: boolean;
}

function Group(
  props: GroupProps & { type: 'radio' | 'checkbox'; isOn: (value: string) => boolean },
) {
  const { name, label, hint, error, options, large, type, isOn } = props;
  return (
    <fieldset class={error ? 'wrong' : undefined} aria-describedby={describedBy(name, hint, error)}>
      <legend class={large ? 'legend large' : 'legend'}>{label}</legend>
      <Notes name={name} hint={hint} error={error} />
      <div class="choices">
        {options.map((option, index) => {
          const id = index === 0 ? name : `${name}-${index + 1}`;
          return (
            <div key={option.value} class={option.class}>
              <div class="choice">
                <input
                  id={id}
                  type={type}
                  name={name}
                  value={option.value}
                  checked={isOn(option.value)}
                  aria-describedby={option.hint ? `${id}-more` : undefined}
                />
                <label for={id} lang={option.lang}>
                  {option.label}
                </label>
              </div>
              {option.hint ? (
                <p class="choice-hint" id={`${id}-more`}>
                  {option.hint}
                </p>
              ) : null}
              {option.under ? <div class="under">{option.under}</div> : null}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}

/** One answer of a few. The first option carries the field's `id`, so that the error summary reaches it. */
export function Radios(props: GroupProps & { value?: string | undefined }) {
  return <Group {...props} type="radio" isOn={(value) => value === props.value} />;
}

/** Any number of answers; the browser sends the name once for each. */
export function Checkboxes(props: GroupProps & { values?: readonly string[] }) {
  return <Group {...props} type="checkbox" isOn={(value) => !!props.values?.includes(value)} />;
}

/** The longest word for a month, with room for a preposition. */
export const LONGEST_MONTH = 16;

const LENGTHS = { day: 2, month: LONGEST_MONTH, year: 4 } as const;

/** A date as three fields, `<name>-day`, `<name>-month` and `<name>-year`, without a calendar. The month may be a word. */
export interface DateInputProps extends QuestionProps {
  value?: { day: string; month: string; year: string } | undefined;
  labels: { day: string; month: string; year: string };
}

export function DateInput({ name, label, hint, error, value, labels }: DateInputProps) {
  const part = (which: 'day' | 'month' | 'year') => (
    <div>
      <label for={which === 'day' ? name : `${name}-${which}`}>{labels[which]}</label>
      <input
        id={which === 'day' ? name : `${name}-${which}`}
        name={`${name}-${which}`}
        class={which === 'day' ? undefined : which}
        type="text"
        inputmode="numeric"
        autocomplete="off"
        maxlength={LENGTHS[which]}
        value={value?.[which] ?? ''}
        aria-invalid={error ? 'true' : undefined}
      />
    </div>
  );
  return (
    <fieldset class={error ? 'wrong' : undefined} aria-describedby={describedBy(name, hint, error)}>
      <legend class="legend">{label}</legend>
      <Notes name={name} hint={hint} error={error} />
      <div class="date">
        {part('day')}
        {part('month')}
        {part('year')}
      </div>
    </fieldset>
  );
}
