import type { FormContext } from '../applied.ts';
import type { Asked } from '../questions.ts';
import { checkAddress } from './address.ts';
import {
  checkChoice,
  checkChoices,
  checkDate,
  checkEmail,
  checkIban,
  checkMoney,
  checkNif,
  checkNumber,
  checkPhone,
  checkText,
  checkYesNo,
} from './plain.ts';
import type { CheckedAnswer } from './slip.ts';
import { checkFiles, checkPlace } from './things.ts';

/** A question with one answer of its own: neither a group nor a computed value. */
export type Single = Exclude<Asked, { type: 'group' }>;

/** Checks the answer of one question, which is not missing. Returns it as it is kept, or its mistakes. */
export function checkAnswer(
  question: Single,
  answer: unknown,
  context: FormContext,
): CheckedAnswer {
  switch (question.type) {
    case 'text':
      return checkText(question, answer);
    case 'integer':
    case 'decimal':
      return checkNumber(question, answer, context);
    case 'money':
      return checkMoney(question, answer, context);
    case 'date':
      return checkDate(question, answer, context);
    case 'choice':
      return checkChoice(question, answer);
    case 'choices':
      return checkChoices(question, answer);
    case 'yesno':
      return checkYesNo(answer);
    case 'nif':
      return checkNif(question, answer);
    case 'iban':
      return checkIban(answer);
    case 'address':
      return checkAddress(question, answer, context);
    case 'phone':
      return checkPhone(answer, context);
    case 'email':
      return checkEmail(answer);
    case 'file':
      return checkFiles(question, answer);
    case 'place':
      return checkPlace(question, answer);
  }
}
