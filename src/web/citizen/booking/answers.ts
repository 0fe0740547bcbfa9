import type { Channel } from '../../../domain/channel.ts';
import type { Office, Procedure } from '../../../domain/office/types.ts';
import {
  type Details,
  NEEDS,
  PERSON_FIELD_NAMES,
  PERSON_FIELDS,
  type PersonField,
  TEXT_FIELDS,
} from '../../../domain/person.ts';
import {
  checkDetails,
  excess,
  type FieldMistake,
  type RawDetails,
  suggestEmail,
} from '../../../features/booking/appointments/rules.ts';
import type { Answers } from '../../../features/booking/journeys/types.ts';
import type { MessageKey, Translate } from '../../../lib/i18n/translate.ts';
import type { ProblemLink } from '../../../ui/parts.tsx';
import type { Form } from '../../form.ts';

/** A field of the details' form: those of the rules, and the text of the need “other”. */
export type FormField = PersonField | 'needOther';
/**
 * `perhaps`: the address is valid but looks like a typo; only its owner can tell. `unreachable`: neither an e-mail address nor a mobile was
 * given, where one is needed.
 */
export type FormMistake = FieldMistake | 'perhaps' | 'unreachable';
export type Mistakes = Partial<Record<FormField, FormMistake>>;

/**
 * The person of the appointment and the person to call. `other`: for another person, call the booker;
 * `theirs`: for another person, call that person.
 */
export const WHOM = ['self', 'other', 'theirs'] as const;
type Whom = (typeof WHOM)[number];

/** Returns the typed answers, valid or not, to be kept with the journey. */
export function readAnswers(form: Form): Answers {
  return {
    ...Object.fromEntries(TEXT_FIELDS.map((name) => [name, form.text(name)])),
    // The suggested address, after the button “no, it is…”.
    email: form.text('useEmail') || form.text('email'),
    emailAsked: form.text('emailAsked'),
    whom: WHOM.find((each) => each === form.text('whom')) ?? 'self',
    needs: form.all('needs').slice(0, NEEDS.length),
    needOther: form.text('needOther'),
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

/** Returns the person of the appointment, where the procedure allows booking for another person. */
export const whomOf = (procedure: Procedure, answers: Answers): Whom =>
  (procedure.onBehalf && WHOM.find((each) => each === answers.whom)) || 'self';

export interface Asked {
  t: Translate;
  office: Office;
  procedure: Procedure;
}

/** Checks the answers against the appointment's rules, and the form's own questions. */
export function checkAnswers(
  { t, office, procedure }: Asked,
  channel: Channel,
  answers: Answers,
): { ok: true; details: Details } | { ok: false; mistakes: Mistakes } {
  const raw = rawDetails(t, procedure, answers);
  const checked = checkDetails(channel, raw, office.settings.country);
  const mistakes: Mistakes = checked.ok ? {} : { ...checked.mistakes };
  if (whomOf(procedure, answers) === 'other' && raw.onBehalfOf?.trim() === '')
    mistakes.onBehalfOf = 'missing';
  if (raw.needs?.includes('other') && textOf(answers, 'needOther').trim() === '')
    mistakes.needOther = 'missing';
  if (!checked.ok || Object.keys(mistakes).length > 0) return { ok: false, mistakes };
  const { email } = checked.details.citizen;
  const isDoubtful = email !== null && suggestEmail(email) !== null;
  // The form asks once about each address: going on without an answer confirms it.
  if (isDoubtful && textOf(answers, 'emailAsked') !== email)
    return { ok: false, mistakes: { email: 'perhaps' } };
  return checked;
}

function rawDetails(t: Translate, procedure: Procedure, answers: Answers): RawDetails {
  return {
    ...Object.fromEntries(TEXT_FIELDS.map((name) => [name, textOf(answers, name)])),
    onBehalfOf: whomOf(procedure, answers) === 'other' ? textOf(answers, 'onBehalfOf') : '',
    needs: listOf(answers, 'needs'),
    comment: commentOf(t, answers),
  };
}

/**
 * Returns the comment. The text of the need “other” becomes its beginning, because it has no field of
 * its own.
 */
function commentOf(t: Translate, answers: Answers): string {
  const what = listOf(answers, 'needs').includes('other') && textOf(answers, 'needOther').trim();
  const comment = textOf(answers, 'comment');
  return what ? `${t('details.need.other.said', { what })}\n${comment}` : comment;
}

/** The order of the form: the person, the name and contact, the rest. */
const ORDER: readonly FormField[] = [
  'onBehalfOf',
  ...PERSON_FIELD_NAMES.filter((field) => field !== 'onBehalfOf').flatMap((field): FormField[] =>
    field === 'needs' ? ['needs', 'needOther'] : [field],
  ),
];

/** Returns the mistake in a field and its correction. */
export function formatMistake(
  t: Translate,
  field: FormField,
  mistake: Exclude<FormMistake, 'perhaps'>,
  answers: Answers,
): string {
  switch (mistake) {
    case 'missing':
      return t(MISSING[field] ?? 'citizen.error.not_text');
    case 'too_long': {
      if (field === 'needs' || field === 'needOther') return t('citizen.error.not_known');
      const typed = field === 'comment' ? commentOf(t, answers) : textOf(answers, field);
      const over = excess(field, typed);
      return t('details.error.too_long', { over, most: PERSON_FIELDS[field].longest });
    }
    case 'not_called':
    case 'phone_extra':
    case 'missing_either':
    case 'unreachable':
    case 'not_name':
    case 'has_link':
      return t(`details.error.${mistake}`);
    default:
      return t(`citizen.error.${mistake}`);
  }
}

const MISSING: Partial<Record<FormField, MessageKey>> = {
  name: 'citizen.error.name.missing',
  phone: 'citizen.error.phone.missing',
  email: 'citizen.error.email.missing',
  onBehalfOf: 'citizen.error.onBehalfOf.missing',
  needOther: 'details.error.needOther.missing',
};

/**
 * Returns the mistakes in the form's order, each linked to its field; the doubtful address has its own
 * question.
 */
export function problemsOf(t: Translate, mistakes: Mistakes, answers: Answers): ProblemLink[] {
  return ORDER.flatMap((field) => {
    const mistake = mistakes[field];
    if (!mistake || mistake === 'perhaps') return [];
    return [{ href: `#${field}`, text: formatMistake(t, field, mistake, answers) }];
  });
}
