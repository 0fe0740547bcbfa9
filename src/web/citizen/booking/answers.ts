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

/** Returns the typed answers to the questions that the form has, valid or not, to be kept with the journey. */
export function readAnswers(form: Form): Answers {
  const texts = [...TEXT_FIELDS, 'needOther'].filter(form.has);
  return {
    ...Object.fromEntries(texts.map((name) => [name, form.text(name)])),
    ...(form.has('email') && {
      // The suggested address, after the button “no, it is…”.
      email: form.text('useEmail') || form.text('email'),
      emailAsked: form.text('emailAsked'),
    }),
    ...(form.has('whom') && { whom: form.text('whom') }),
    ...(form.has('anything') && {
      anything: form.text('anything') === 'yes' ? 'yes' : 'no',
      interpreter: form.text('interpreter'),
      needs: form.all('needs').slice(0, NEEDS.length),
    }),
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

/** Returns whether the citizen needs anything; null before the question was answered. */
export const anythingOf = (answers: Answers): 'yes' | 'no' | null =>
  answers.anything === 'yes' || answers.anything === 'no' ? answers.anything : null;

/** Returns the needs that count: what was ticked before “no” was chosen stays, but doesn't. */
const needsOf = (answers: Answers): string[] =>
  anythingOf(answers) === 'yes' ? listOf(answers, 'needs') : [];

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
  const checked = checkDetails(channel, raw, office.settings);
  const mistakes: Mistakes = checked.ok ? {} : { ...checked.mistakes };
  if (whomOf(procedure, answers) === 'other' && raw.onBehalfOf?.trim() === '')
    mistakes.onBehalfOf = 'missing';
  if (anythingOf(answers) === 'yes' && needsOf(answers).length === 0) mistakes.needs = 'missing';
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
    needs: needsOf(answers),
    interpreter: needsOf(answers).includes('interpreter') ? textOf(answers, 'interpreter') : '',
    comment: commentOf(t, answers),
  };
}

/**
 * Returns the comment. The text of the need “other” becomes its beginning, because it has no field of
 * its own.
 */
function commentOf(t: Translate, answers: Answers): string {
  const what = needsOf(answers).includes('other') && textOf(answers, 'needOther').trim();
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
      if (field === 'interpreter') return t('interpreter.mistake');
      const typed = field === 'comment' ? commentOf(t, answers) : textOf(answers, field);
      const over = excess(field, typed);
      return t('details.error.too_long', { over, most: PERSON_FIELDS[field].longest });
    }
    case 'not_on_channel':
      return t('needs.mistake');
    case 'not_called':
    case 'phone_extra':
    case 'missing_either':
    case 'unreachable':
    case 'not_name':
    case 'has_link':
      return t(`details.error.${mistake}`);
    default:
      return field === 'interpreter' ? t('interpreter.mistake') : t(`citizen.error.${mistake}`);
  }
}

const MISSING: Partial<Record<FormField, MessageKey>> = {
  name: 'citizen.error.name.missing',
  phone: 'citizen.error.phone.missing',
  email: 'citizen.error.email.missing',
  onBehalfOf: 'citizen.error.onBehalfOf.missing',
  needs: 'details.error.needs.missing',
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

/** The pages of a booking on which something is typed, in their order. */
export type TypingPage = 'details' | 'needs';
const NEEDS_FIELDS: readonly FormField[] = ['needs', 'needOther', 'comment'];

/** Returns the mistakes in the fields of one page. */
export function mistakesOn(page: TypingPage, mistakes: Mistakes): Mistakes {
  const isThere = (field: string) => NEEDS_FIELDS.some((each) => each === field);
  const own = Object.entries(mistakes).filter(([field]) => isThere(field) === (page === 'needs'));
  return Object.fromEntries(own);
}

/** Returns the first page with something to mend, or with a question that wasn't answered; else the check before the end. */
export function nextPage(asked: Asked, channel: Channel, answers: Answers): TypingPage | 'check' {
  const checked = checkAnswers(asked, channel, answers);
  const mistakes = checked.ok ? {} : checked.mistakes;
  if (Object.keys(mistakesOn('details', mistakes)).length > 0) return 'details';
  return checked.ok && anythingOf(answers) ? 'check' : 'needs';
}

/** Returns whether something was typed on a page already, so that it shows its mistakes. */
export const isAnswered = (page: TypingPage, answers: Answers): boolean =>
  page === 'needs' ? anythingOf(answers) !== null : answers.name !== undefined;
