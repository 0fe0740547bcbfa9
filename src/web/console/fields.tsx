import type { Appointment } from '../../domain/appointment.ts';
import type { Channel } from '../../domain/channel.ts';
import {
  type Details,
  fieldOf,
  NEEDS,
  PERSON_FIELD_NAMES,
  PERSON_FIELDS,
  type PersonField,
  TEXT_FIELDS,
  type TextField,
} from '../../domain/person.ts';
import {
  checkDetails,
  type FieldMistake,
  formatPhone,
  suggestEmail,
} from '../../features/booking/appointments/rules.ts';
import { INTERPRETED } from '../../lib/i18n/interpreted.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Checkboxes, SelectField, TextArea, TextInput } from '../../ui/forms.tsx';
import type { ProblemLink } from '../../ui/parts.tsx';
import type { Form } from '../form.ts';
import type { DeskVisit } from './visit.tsx';

/** The person and their contact, as an agent typed it. */
export interface TypedPerson extends Record<TextField, string> {
  needs: string[];
  /** The code of the interpreter's language; empty: none. */
  interpreter: string;
  /** The address that the form has questioned. */
  emailAsked: string;
}

/** `perhaps`: the address looks like a typo. */
export type PersonMistakes = Partial<Record<PersonField, FieldMistake | 'perhaps'>>;

const textsFrom = (text: (name: TextField) => string) =>
  Object.fromEntries(TEXT_FIELDS.map((name) => [name, text(name)])) as Record<TextField, string>;

export function readPerson(form: Pick<Form, 'text' | 'all'>): TypedPerson {
  return {
    ...textsFrom((name) => form.text(name)),
    emailAsked: form.text('emailAsked'),
    needs: form.all('needs').slice(0, NEEDS.length),
    interpreter: form.text('interpreter'),
  };
}

/** Returns the same person's details, without their statements about that appointment. */
export function personOf({ office }: DeskVisit, appointment: Appointment): TypedPerson {
  const { phone, email } = appointment.citizen;
  return {
    ...textsFrom((name) => fieldOf(appointment, name) ?? ''),
    phone: phone ? formatPhone(phone, office.settings.country) : '',
    emailAsked: email ?? '',
    needs: appointment.needs,
    interpreter: appointment.interpreter ?? '',
    comment: '',
  };
}

/** Checks what an agent typed. `mayLackContact`: see `DetailsPolicy`. */
export function checkPerson(
  { office }: DeskVisit,
  channel: Channel,
  typed: TypedPerson,
  { mayLackContact = false }: { mayLackContact?: boolean } = {},
): { ok: true; details: Details } | { ok: false; mistakes: PersonMistakes } {
  // An agent may find an interpreter whom the office doesn't offer on its pages.
  const { country } = office.settings;
  const policy = { country, interpreters: INTERPRETED, mayLackContact };
  const checked = checkDetails(channel, typed, policy);
  if (!checked.ok) return checked;
  const { email } = checked.details.citizen;
  if (email && suggestEmail(email) && typed.emailAsked !== email)
    return { ok: false, mistakes: { email: 'perhaps' } };
  return checked;
}

/** Returns the mistakes, each linked to its field. */
export function personProblems(
  visit: DeskVisit,
  typed: TypedPerson,
  mistakes: PersonMistakes,
): ProblemLink[] {
  return PERSON_FIELD_NAMES.flatMap((field) => {
    const error = errorIn(visit, typed, mistakes, field);
    return error
      ? [{ href: `#${field}`, text: `${visit.t(`desk.field.${field}`)}: ${error}` }]
      : [];
  });
}

function errorIn(
  { t }: DeskVisit,
  typed: TypedPerson,
  mistakes: PersonMistakes,
  field: PersonField,
): string | undefined {
  const mistake = mistakes[field];
  if (!mistake) return undefined;
  if (mistake === 'perhaps')
    return t('desk.wrong.perhaps', { meant: suggestEmail(typed.email) ?? '' });
  if (mistake === 'not_on_channel') return t('needs.mistake');
  const known = PERSON_FIELDS[field];
  const most = 'longest' in known ? known.longest : 0;
  return mistake === 'too_long' ? t('desk.wrong.too_long', { most }) : t(`desk.wrong.${mistake}`);
}

interface PersonFieldsProps {
  visit: DeskVisit;
  typed: TypedPerson;
  mistakes: PersonMistakes;
}

interface ContactFieldProps {
  t: Translate;
  value: string;
  error: string | undefined;
}

/** What somebody is called. The browser's autofill is off, here and in the next ones: it is another person each time. */
export const NameField = ({ t, ...field }: ContactFieldProps) => (
  <TextInput
    name="name"
    label={t('desk.field.name')}
    {...field}
    autocomplete="off"
    spellcheck={false}
  />
);

export const PhoneField = ({ t, ...field }: ContactFieldProps) => (
  <TextInput
    name="phone"
    type="tel"
    label={t('desk.field.phone')}
    {...field}
    autocomplete="off"
    inputMode="tel"
  />
);

export const EmailField = ({ t, ...field }: ContactFieldProps) => (
  <TextInput
    name="email"
    type="email"
    label={t('desk.field.email')}
    {...field}
    autocomplete="off"
    inputMode="email"
    spellcheck={false}
  />
);

/** Name, telephone and e-mail. */
export function ContactFields({ visit, typed, mistakes }: PersonFieldsProps) {
  const { t } = visit;
  const error = (field: PersonField) => errorIn(visit, typed, mistakes, field);
  const asked = mistakes.email === 'perhaps' ? typed.email.trim() : typed.emailAsked;
  return (
    <>
      <NameField t={t} value={typed.name} error={error('name')} />
      <PhoneField t={t} value={typed.phone} error={error('phone')} />
      <EmailField t={t} value={typed.email} error={error('email')} />
      {asked ? <input type="hidden" name="emailAsked" value={asked} /> : null}
    </>
  );
}

/** The person of the appointment, needs and a comment. */
export function OtherFields({ visit, typed, mistakes }: PersonFieldsProps) {
  const { t } = visit;
  const error = (field: PersonField) => errorIn(visit, typed, mistakes, field);
  return (
    <>
      <TextInput
        name="onBehalfOf"
        label={t('desk.field.onBehalfOf')}
        hint={t('desk.field.onBehalfOfHint')}
        value={typed.onBehalfOf}
        error={error('onBehalfOf')}
        autocomplete="off"
        spellcheck={false}
      />
      <Checkboxes
        name="needs"
        label={t('desk.field.needs')}
        values={typed.needs}
        error={error('needs')}
        options={NEEDS.map((each) => ({ value: each, label: t(`staff.need.${each}`) }))}
      />
      <Select
        name="interpreter"
        label={t('desk.field.interpreter')}
        value={typed.interpreter}
        empty={t('desk.field.interpreter.none')}
        error={error('interpreter')}
        options={INTERPRETED.map((each) => ({
          value: each,
          label: t(`interpreter.language.${each}`),
        }))}
      />
      <TextArea
        name="comment"
        label={t('desk.field.comment')}
        value={typed.comment}
        error={error('comment')}
        rows={2}
      />
    </>
  );
}

interface SelectProps {
  name: string;
  label: string;
  value: string;
  options: readonly { value: string; label: string; lang?: string | undefined }[];
  /** The text while nothing is chosen. */
  empty?: string | undefined;
  error?: string | undefined;
}

/** A choice of one among many: the keyboard finds it by its first letters. */
export function Select({ name, label, value, options, empty, error }: SelectProps) {
  return (
    <SelectField name={name} label={label} error={error}>
      {empty === undefined ? null : <option value="">{empty}</option>}
      {options.map((each) => (
        <option
          key={each.value}
          value={each.value}
          lang={each.lang}
          selected={each.value === value}
        >
          {each.label}
        </option>
      ))}
    </SelectField>
  );
}
