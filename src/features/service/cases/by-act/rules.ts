import { createHash } from 'node:crypto';
import { isSeen } from '../../../../domain/channel.ts';
import { rowsOf, summaryOf } from '../../../../domain/form/answers/summary.ts';
import {
  type Answers,
  answerAt,
  type FormContext,
  groupOf,
} from '../../../../domain/form/applied.ts';
import { feeOf } from '../../../../domain/form/fee.ts';
import { isSigned } from '../../../../domain/form/online.ts';
import type { PrefillName } from '../../../../domain/form/prefills.ts';
import type { Form } from '../../../../domain/form/schema.ts';
import { companyIn, documentIn, nifIn, type PersonId } from '../../../../domain/identity.ts';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import type { Translate } from '../../../../lib/i18n/translate.ts';
import type { ActCase, ActRecord } from '../../consent/types.ts';
import type { CaseRecord } from '../types.ts';
import type { ActMistakes, AskedAct } from './types.ts';

/** Maximum characters of a name. */
export const LONGEST_NAME = 120;

/** Returns the SHA-256 of answers as canonical JSON, in hexadecimal. */
export const answersHash = (answers: Answers): string =>
  createHash('sha256').update(canonicalJson(answers)).digest('hex');

/** Returns answers with what the citizen declares before an official, in place of what was ticked. */
export function withDeclared(
  answers: Answers,
  { declarations }: Pick<Form, 'declarations'>,
  declared: readonly string[],
): Answers {
  const known = declarations.map(({ id }) => id).filter((id) => declared.includes(id));
  const { declarations: _, ...rest } = answers;
  if (known.length === 0) return rest;
  return { ...rest, declarations: Object.fromEntries(known.map((id) => [id, true])) };
}

/**
 * Returns why no official hands in such a form: the signature of its applicant is more than what an official gives in their place, or they have to
 * pay it. Null: an official can.
 */
export function notByAct(
  form: Form,
  answers: Answers,
  context: FormContext,
): 'signature' | 'payment' | null {
  if (isSigned(form)) return 'signature';
  return (feeOf(form, answers, context)?.cents ?? 0) > 0 ? 'payment' : null;
}

/** Returns whether the answers say that it is for somebody else. */
export const isForAnother = (form: Pick<Form, 'steps'>, answers: Answers): boolean =>
  answersTo(form, answers, ['represented.name', 'represented.nif']).length > 0;

/** Returns what was answered to the questions that ask for one of these. */
function answersTo(
  { steps }: Pick<Form, 'steps'>,
  answers: Answers,
  names: readonly PrefillName[],
): string[] {
  return steps.flatMap(({ id, questions }) =>
    questions.flatMap((question) => {
      const isAsked = 'from' in question && question.from && names.includes(question.from);
      const given = isAsked ? answerAt(groupOf(answerAt(answers, id)), question.id) : null;
      return typeof given === 'string' && given !== '' ? [given] : [];
    }),
  );
}

/** Returns whose a form is, by the document that the official saw; or what is wrong with what they entered. */
export function personIn(
  form: Pick<Form, 'steps'>,
  answers: Answers,
  { name, ...shown }: ShownIdentity & Pick<AskedAct, 'name'>,
): { ok: true; person: PersonId & { name: string } } | { ok: false; mistakes: ActMistakes } {
  const mistakes: ActMistakes = {};
  if (name === '') mistakes.name = 'missing';
  if (name.length > LONGEST_NAME) mistakes.name = 'too_long';
  const id = documentOf(shown);
  const hasCountry = shown.document === 'nif' || /^[A-Z]{2}$/.test(shown.country);
  if (!hasCountry) mistakes.country = 'missing';
  // No provider says a Spanish passport: whoever has one is the person of their DNI.
  if (shown.document !== 'nif' && shown.country === 'ES') mistakes.country = 'spanish';
  if (!id && (hasCountry || shown.nif === '')) mistakes.nif = numberMistake(shown);
  const written = answersTo(form, answers, ['identity.nif']);
  if (id && written.some((each) => nifIn(each)?.identifier !== id.identifier))
    mistakes.nif = 'differs';
  if (!id || Object.keys(mistakes).length > 0) return { ok: false, mistakes };
  return { ok: true, person: { ...id, name } };
}

type ShownIdentity = Pick<AskedAct, 'nif' | 'document' | 'country'>;

/** Returns whose document an official saw; null: the number can't be one of such a document. */
export function documentOf({ nif, document, country }: ShownIdentity): PersonId | null {
  if (document === 'nif') return nifIn(nif);
  // A DNI, NIE or NIF under another name would make another person of whoever has it.
  return nifIn(nif) || companyIn(nif) ? null : documentIn(document, country, nif);
}

const numberMistake = ({
  nif,
  document,
}: ShownIdentity): 'missing' | 'company' | 'not_known' | 'no_number' => {
  if (nif === '') return 'missing';
  if (companyIn(nif)) return 'company';
  return document === 'nif' ? 'not_known' : 'no_number';
};

/** Returns what a citizen consents to, as they read it. `answers`: as they are handed in. */
export function actCaseOf(
  of: Pick<ActCase, 'case' | 'reference' | 'procedure' | 'name' | 'form' | 'version' | 'person'> & {
    answers: Answers;
  },
  { form, context, t }: { form: Form; context: FormContext; t: Translate },
): ActCase {
  const { answers, ...rest } = of;
  const { steps, declarations } = summaryOf({ form, answers, context }, t);
  return {
    ...rest,
    answers: answersHash(answers),
    answered: steps.flatMap((each) => rowsOf(each, t)),
    declared: declarations
      .filter(({ answer }) => answer === true)
      .map(({ declaration: { id, text } }) => ({ id, text: textIn(text, t.language) || id })),
  };
}

/** Returns the person for whom an official handed in a case, as on their document; null: nobody did. */
export const personOfAct = ({
  handedInFor,
}: Pick<CaseRecord, 'handedInFor'>): ActCase['person'] | null =>
  handedInFor?.consent.case?.person ?? null;

/** Whether somebody saw the document of the person who consented to an act, or they identified electronically: on the telephone nobody sees one. */
export const isDocumentSeen = ({
  identity: { check },
  appointment: { channel },
}: Pick<ActRecord, 'identity' | 'appointment'>): boolean =>
  check === 'electronic' || (check === 'shown' && isSeen(channel));
