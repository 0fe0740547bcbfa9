import { getCountries } from 'libphonenumber-js';
import type { ComponentChildren } from 'preact';
import {
  ADDRESS_PARTS,
  possibleParts,
  requiredParts,
} from '../../../domain/form/answers/address.ts';
import type { Single } from '../../../domain/form/answers/check.ts';
import { type Written, writtenAnswer } from '../../../domain/form/answers/written.ts';
import type { QuestionOf } from '../../../domain/form/questions.ts';
import type { AnswerMistake } from '../../../domain/form/validate.ts';
import { type Language, textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import {
  Checkboxes,
  DateInput,
  type Option,
  Radios,
  SelectField,
  TextArea,
  TextInput,
} from '../../../ui/forms.tsx';
import { Say } from '../../../ui/parts.tsx';
import { fieldName } from './mistakes.ts';
import { Label, spokenLabel } from './words.tsx';

type Typed = Exclude<Single, { type: 'file' }>;

export interface FieldProps {
  question: Typed;
  answer: unknown;
  t: Translate;
  /** What is wrong with it, with the part of it that each is about. */
  mistakes: readonly { mistake: AnswerMistake; part: string | undefined }[];
  /** Whether it is the one question of its page, whose title it is. */
  isAlone: boolean;
  /** Where it was filled in from, in a sentence. */
  source?: string | undefined;
}

/** What every kind of field is made with. */
interface Common {
  name: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  error?: string | undefined;
  written: Written;
}

/** The most options that are shown one below the other. */
const MOST_RADIOS = 12;

/** The fields of a question. */
export function QuestionField(props: FieldProps) {
  const { question, answer, t, isAlone, mistakes } = props;
  const name = fieldName(question);
  const whole = mistakes.filter(({ part }) => part === undefined);
  const common: Common = {
    name,
    label: isAlone ? <Title question={question} t={t} /> : <Label of={question} t={t} />,
    hint: hintOf(props),
    error: whole.map(({ mistake: { key, values } }) => t(key, values)).join(' ') || undefined,
    written: writtenAnswer(question, answer, name, t.language),
  };
  switch (question.type) {
    case 'date':
      return <DayField {...common} t={t} />;
    case 'address':
      return <AddressField {...props} {...common} question={question} />;
    case 'yesno':
      return <Radios {...common} value={textOf(common)} options={yesNo(t)} />;
    case 'choices':
      return (
        <Checkboxes
          {...common}
          values={[common.written[name] ?? []].flat()}
          options={optionsOf(question, t)}
        />
      );
    case 'choice':
      return question.options.length <= MOST_RADIOS ? (
        <Radios {...common} value={textOf(common)} options={optionsOf(question, t)} />
      ) : (
        <LongChoice {...props} {...common} question={question} />
      );
    default:
      return <TextField {...props} {...common} question={question} />;
  }
}

function Title({ question, t }: { question: Typed; t: Translate }) {
  return (
    <h1>
      <Label of={question} t={t} />
    </h1>
  );
}

const textOf = ({ name, written }: Common): string => String(written[name] ?? '');

const yesNo = (t: Translate): Option[] => [
  { value: 'yes', label: t('form.answer.yes') },
  { value: 'no', label: t('form.answer.no') },
];

const optionsOf = ({ options }: QuestionOf<'choice' | 'choices'>, t: Translate): Option[] =>
  options.map(({ id, label, help }) => ({
    value: id,
    label: label ? <Say of={label} t={t} /> : id,
    ...(help && { hint: <Say of={help} t={t} /> }),
  }));

/** What helps to answer: the words of the form, what is accepted, and where it was filled in from. */
function hintOf({ question, t, source }: FieldProps): ComponentChildren {
  const how = howOf(question, t);
  if (!question.help && !how && !source) return undefined;
  return (
    <>
      {question.help ? (
        <>
          <Say of={question.help} t={t} />{' '}
        </>
      ) : null}
      {how ? `${how} ` : null}
      {source ? <strong>{source}</strong> : null}
    </>
  );
}

/** Returns how an answer is written, where the question alone does not tell. */
function howOf(question: Typed, t: Translate): string | null {
  switch (question.type) {
    case 'nif':
      return t('case.hint.nif');
    case 'iban':
      return t('case.hint.iban');
    case 'money':
      return t('case.hint.money');
    case 'place':
      return t(
        question.picture
          ? `case.hint.picture.${question.shape}`
          : `case.hint.place.${question.shape}`,
      );
    case 'choices':
      return t('case.hint.choices');
    case 'integer':
    case 'decimal': {
      const unit = textIn(question.unit, t.language);
      return unit ? t('case.hint.unit', { unit }) : null;
    }
    default:
      return null;
  }
}

/** A field for a text, in one line or several. */
function TextField({ question, t, isAlone, ...props }: FieldProps & Common) {
  const { name, label, hint, error } = props;
  const value = textOf(props);
  const shown = isAlone
    ? { label: spokenLabel(question, t), isLabelHidden: true }
    : { label, isLabelHidden: false };
  const field = { name, hint, error, value, ...shown };
  const isLong = question.type === 'text' ? question.multiline : hasSeveralPoints(question);
  return (
    <>
      {isAlone ? <Title question={question} t={t} /> : null}
      {question.type === 'place' && question.picture ? (
        <Picture of={question.picture} t={t} />
      ) : null}
      {isLong ? (
        <TextArea {...field} rows={question.type === 'text' ? 6 : 4} />
      ) : (
        <TextInput {...field} {...inputOf(question)} />
      )}
    </>
  );
}

const hasSeveralPoints = (question: Typed): boolean =>
  question.type === 'place' && question.shape !== 'point';

/** The picture on which somebody finds a place, as a link: it stands on another site. */
function Picture({ of, t }: { of: NonNullable<QuestionOf<'place'>['picture']>; t: Translate }) {
  const { language } = t;
  const alt = textIn(of.alt, language);
  const size = t('case.picture.size', { width: of.width, height: of.height });
  return (
    <p>
      <a href={of.url} rel="noreferrer">
        {t('case.picture')}
      </a>{' '}
      {alt ? `${alt} ` : ''}
      {size}
    </p>
  );
}

/** Returns what a browser needs to know of an answer: the keyboard, what it may fill in, how long it is. */
function inputOf(question: Typed) {
  switch (question.type) {
    case 'integer':
      return { inputMode: 'numeric', short: true, autocomplete: 'off' } as const;
    case 'decimal':
    case 'money':
      return { short: true, autocomplete: 'off' } as const;
    case 'phone':
      return { type: 'tel', short: true, autocomplete: 'tel' } as const;
    case 'email':
      return { type: 'email', autocomplete: 'email', spellcheck: false } as const;
    case 'nif':
      return { short: true, autocomplete: 'off', spellcheck: false } as const;
    case 'iban':
    case 'place':
      return { autocomplete: 'off', spellcheck: false } as const;
    default:
      return {};
  }
}

/** One option of many. */
function LongChoice(props: FieldProps & Common & { question: QuestionOf<'choice'> }) {
  const { question, t, isAlone, name, hint, error } = props;
  const chosen = textOf(props);
  const label = isAlone ? spokenLabel(question, t) : props.label;
  return (
    <>
      {isAlone ? <Title question={question} t={t} /> : null}
      <SelectField name={name} label={label} isLabelHidden={isAlone} hint={hint} error={error}>
        <option value="">{t('case.choose')}</option>
        {question.options.map(({ id, label: words }) => (
          <option key={id} value={id} selected={id === chosen}>
            {textIn(words, t.language) || id}
          </option>
        ))}
      </SelectField>
    </>
  );
}

function DayField({ t, written, ...common }: Common & { t: Translate }) {
  const part = (which: 'day' | 'month' | 'year') =>
    String(written[`${common.name}-${which}`] ?? '');
  return (
    <DateInput
      {...common}
      value={{ day: part('day'), month: part('month'), year: part('year') }}
      labels={{
        day: t('common.date.day'),
        month: t('common.date.month'),
        year: t('common.date.year'),
      }}
    />
  );
}

/** What browsers call the parts of an address. */
const AUTOCOMPLETE: Partial<Record<keyof typeof ADDRESS_PARTS, string>> = {
  street: 'address-line1',
  postalCode: 'postal-code',
  town: 'address-level2',
};

function AddressField(props: FieldProps & Common & { question: QuestionOf<'address'> }) {
  const { question, t, name, label, hint, error, written, mistakes } = props;
  const needed: readonly string[] = requiredParts(question);
  const described = [hint ? `${name}-hint` : '', error ? `${name}-error` : ''].join(' ').trim();
  return (
    <fieldset class={error ? 'wrong form' : 'form'} aria-describedby={described || undefined}>
      <legend class="legend">{label}</legend>
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
      {possibleParts(question).map((part) => {
        const own = `${name}-${part}`;
        const words = t(`case.address.${part}`);
        const wrong = mistakes.filter((each) => each.part === part);
        const field = {
          name: own,
          label:
            needed.includes(part) || part === 'country' ? words : `${words} ${t('case.optional')}`,
          error: wrong.map(({ mistake }) => t(mistake.key, mistake.values)).join(' ') || undefined,
        };
        const value = String(written[own] ?? '');
        if (part === 'country') return <Country {...field} value={value || 'ES'} t={t} />;
        return (
          <TextInput
            {...field}
            value={value}
            short={ADDRESS_PARTS[part] <= 20}
            autocomplete={AUTOCOMPLETE[part] ?? 'off'}
          />
        );
      })}
    </fieldset>
  );
}

function Country(props: {
  name: string;
  label: string;
  error: string | undefined;
  value: string;
  t: Translate;
}) {
  const { value, t, ...field } = props;
  return (
    <SelectField {...field}>
      {countriesIn(t.language).map(({ code, name }) => (
        <option key={code} value={code} selected={code === value}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

const countries = new Map<Language, { code: string; name: string }[]>();

/** Returns the countries by their name in a language, in its order. */
export function countriesIn(language: Language): { code: string; name: string }[] {
  const known = countries.get(language);
  if (known) return known;
  const names = new Intl.DisplayNames(language, { type: 'region' });
  const { compare } = new Intl.Collator(language);
  const made = getCountries()
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .toSorted((a, b) => compare(a.name, b.name));
  countries.set(language, made);
  return made;
}
