import {
  checkDetails,
  type DetailField,
  type FieldMistake,
  LONGEST,
  type RawDetails,
} from '../../features/appointments/rules.ts';
import type { Channel, Details } from '../../features/appointments/types.ts';
import { NEEDS } from '../../features/appointments/types.ts';
import type { Body, Procedure } from '../../features/bodies/types.ts';
import type { Answers } from '../../features/journeys/types.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Checkboxes, Radios, TextArea, TextInput } from '../../ui/forms.tsx';
import type { ProblemLink } from '../../ui/parts.tsx';
import type { Form } from '../form.ts';

export type Mistakes = Partial<Record<DetailField, FieldMistake>>;

/** Longer than any field may be, so that too long an answer is still told apart and given back. */
const MOST_KEPT = 4000;

/** What was typed, to be kept with the journey, good or bad. */
export function readAnswers(form: Form): Answers {
  const one = (name: string) => form.text(name).slice(0, MOST_KEPT);
  return {
    name: one('name'),
    phone: one('phone'),
    email: one('email'),
    whom: one('whom') === 'other' ? 'other' : 'self',
    onBehalfOf: one('onBehalfOf'),
    needs: form.all('needs').slice(0, NEEDS.length),
    comment: one('comment'),
  };
}

export const textOf = (answers: Answers, name: string): string => {
  const value = answers[name];
  return typeof value === 'string' ? value : '';
};

export const listOf = (answers: Answers, name: string): string[] => {
  const value = answers[name];
  return Array.isArray(value) ? value : [];
};

/** Checks the answers as the appointment's rules say, and that somebody else has a name. */
export function checkAnswers(
  { body, procedure }: { body: Body; procedure: Procedure },
  channel: Channel,
  answers: Answers,
): { ok: true; details: Details } | { ok: false; mistakes: Mistakes } {
  const forOther = procedure.onBehalf && textOf(answers, 'whom') === 'other';
  const raw: RawDetails = {
    name: textOf(answers, 'name'),
    email: textOf(answers, 'email'),
    phone: textOf(answers, 'phone'),
    onBehalfOf: forOther ? textOf(answers, 'onBehalfOf') : '',
    needs: listOf(answers, 'needs'),
    comment: textOf(answers, 'comment'),
  };
  const checked = checkDetails(channel, raw, body.settings.country);
  const unnamed = forOther && raw.onBehalfOf?.trim() === '';
  if (!unnamed) return checked;
  const mistakes: Mistakes = checked.ok ? {} : checked.mistakes;
  return { ok: false, mistakes: { ...mistakes, onBehalfOf: 'missing' } };
}

const ORDER: readonly DetailField[] = ['name', 'phone', 'email', 'onBehalfOf', 'needs', 'comment'];

/** What is wrong with a field and how to mend it. */
export function sayMistake(t: Translate, field: DetailField, mistake: FieldMistake): string {
  if (mistake === 'missing' && (field === 'name' || field === 'phone' || field === 'email'))
    return t(`citizen.error.${field}.missing`);
  if (mistake === 'missing') return t('citizen.error.onBehalfOf.missing');
  if (mistake === 'too_long')
    return t('citizen.error.too_long', { most: field === 'needs' ? NEEDS.length : LONGEST[field] });
  switch (mistake) {
    case 'not_called':
    case 'phone_extra':
    case 'not_name':
    case 'has_link':
      return t(`details.error.${mistake}`);
    default:
      return t(`citizen.error.${mistake}`);
  }
}

/** The mistakes in the order of the form, each linked to its field. */
export function problemsOf(t: Translate, mistakes: Mistakes): ProblemLink[] {
  return ORDER.flatMap((field) => {
    const mistake = mistakes[field];
    return mistake ? [{ href: `#${field}`, text: sayMistake(t, field, mistake) }] : [];
  });
}

interface FieldsProps {
  t: Translate;
  channel: Channel;
  answers: Answers;
  mistakes: Mistakes;
}

/** Name, telephone and e-mail: how we call the citizen and reach them. */
export function ContactFields({ t, channel, answers, mistakes }: FieldsProps) {
  const error = (field: DetailField) => {
    const mistake = mistakes[field];
    return mistake && sayMistake(t, field, mistake);
  };
  return (
    <>
      <TextInput
        name="name"
        label={t('citizen.details.name')}
        hint={t('citizen.details.nameHint')}
        value={textOf(answers, 'name')}
        error={error('name')}
        autocomplete="name"
        spellcheck={false}
      />
      <TextInput
        name="phone"
        type="tel"
        short
        label={t(channel === 'phone' ? 'citizen.details.phone' : 'citizen.details.phoneOptional')}
        hint={t(`citizen.details.phoneHint.${channel}`)}
        value={textOf(answers, 'phone')}
        error={error('phone')}
        autocomplete="tel"
        inputMode="tel"
      />
      <TextInput
        name="email"
        type="email"
        label={t(channel === 'video' ? 'citizen.details.email' : 'citizen.details.emailOptional')}
        hint={t(`citizen.details.emailHint.${channel}`)}
        value={textOf(answers, 'email')}
        error={error('email')}
        autocomplete="email"
        inputMode="email"
        spellcheck={false}
      />
    </>
  );
}

/** For whom, needs and a comment. */
export function OtherFields(props: FieldsProps & { procedure: Procedure }) {
  const { t, answers, mistakes, procedure } = props;
  const error = (field: DetailField) => {
    const mistake = mistakes[field];
    return mistake && sayMistake(t, field, mistake);
  };
  const onBehalfOf = (
    <TextInput
      name="onBehalfOf"
      label={t('citizen.details.onBehalfOf')}
      value={textOf(answers, 'onBehalfOf')}
      error={error('onBehalfOf')}
      autocomplete="off"
      spellcheck={false}
    />
  );
  return (
    <>
      {procedure.onBehalf ? (
        <Radios
          name="whom"
          label={t('citizen.details.whom')}
          value={textOf(answers, 'whom') || 'self'}
          options={[
            { value: 'self', label: t('citizen.details.self') },
            { value: 'other', label: t('citizen.details.other'), under: onBehalfOf },
          ]}
        />
      ) : null}
      <Checkboxes
        name="needs"
        label={t('citizen.details.needs')}
        hint={t('citizen.details.needsHint')}
        values={listOf(answers, 'needs')}
        error={error('needs')}
        options={NEEDS.map((each) => ({ value: each, label: t(`citizen.need.${each}`) }))}
      />
      <TextArea
        name="comment"
        label={t('citizen.details.comment')}
        hint={t('citizen.details.commentHint')}
        value={textOf(answers, 'comment')}
        error={error('comment')}
      />
    </>
  );
}
